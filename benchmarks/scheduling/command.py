"""The command: run every contestant on the generated sizes, then the public sets, and print."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks.reporting import Figures, machine, print_table, write_json

ROOT = Path(__file__).resolve().parents[2]
SECONDS = {"quick": 2.0, "city": 60.0, "nation": 900.0}
GOALS = {"city": ">= 0.90", "nation": ">= 0.82"}
PUBLIC = "public"
PEERS = ("pilotline", "fifo", "edd", "cpsat", "cpsat-windows", "pyjobshop")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark; 0 when it ran, whatever the figures."""
    options = _parse(argv)
    sizes = ["quick"] if options.quick else options.size or ["city", "nation"]
    notes: list[str] = []
    begun = time.monotonic()
    if options.quick:
        # Compiling takes longer than all of the small size.
        os.environ["NUMBA_DISABLE_JIT"] = "1"
        notes.append("Quick: our engine in plain Python, not compiled.")
    about = machine(("numba", "ortools", "pyjobshop", "scipy"))
    jobs: list[tuple[str, str, list[str]]] = []
    for size in [size for size in sizes if size != PUBLIC]:
        seconds = options.seconds or SECONDS[size]
        notes.append(f"{size}: {seconds:g} CPU seconds each, seed {options.seed}.")
        for peer in PEERS:
            if size == "nation" and peer not in ("pilotline", "fifo", "edd"):
                notes.append(f"{peer} was not tried at nation size: its model does not fit.")
                continue
            jobs.append((peer, size, [str(options.seed), str(seconds)]))
    if not options.size or PUBLIC in options.size:
        for task, peers, words in _public(options):
            jobs += [(peer, task, [str(options.data), *words]) for peer in peers]
    columns: dict[str, Figures] = {peer: {} for peer, _task, _words in jobs}
    # The small ones two at a time: what is counted is CPU seconds.
    with (
        tempfile.TemporaryDirectory() as home,
        ThreadPoolExecutor(2 if options.quick else 1) as pool,
    ):
        done = [pool.submit(_add, columns, *job, home, notes) for job in jobs]
        for one in done:
            one.result()
    columns = {peer: figures for peer, figures in columns.items() if figures}
    for size in sizes:
        _share_of_bound(columns, size)
    about["wall_s"] = round(time.monotonic() - begun, 1)
    about["load_average_after"] = [round(x, 2) for x in os.getloadavg()]
    notes.append(
        "share_of_bound: served weight / the lowest upper bound proved by our prices in the same"
        " run; goals are for it. CPU seconds are of the process, all threads together."
    )
    notes.append(f"Machine: {json.dumps(about, ensure_ascii=False)}")
    rows = [(name, _goal(name)) for name in dict.fromkeys(n for c in columns.values() for n in c)]
    print_table("scheduling", rows, columns, notes)
    if options.json:
        figures = columns.pop("pilotline", {})
        write_json(options.json, "scheduling", figures, columns, about | {"notes": notes})
    return 0


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="pilotline benchmark scheduling", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a small size, under 40 seconds")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    parser.add_argument("--size", action="append", choices=(*SECONDS, PUBLIC))
    parser.add_argument("--seconds", type=float, help="another budget of CPU seconds")
    parser.add_argument(
        "--data",
        type=Path,
        default=Path(os.environ.get("PILOTLINE_BENCHMARK_DATA", ROOT.parent / "shared" / "data")),
        help="folder that holds bench/scheduling with the public sets",
    )
    return parser.parse_args(argv)


def _public(options: argparse.Namespace) -> list[tuple[str, tuple[str, ...], list[str]]]:
    """Tasks on public sets: who runs them, CPU seconds an instance, and how many (flexible job
    shops) or the distance between those taken (networks)."""
    both, all_three = ("pilotline", "pyjobshop"), ("pilotline", "fifo", "pyjobshop")
    if options.quick:
        return [("public", both, ["1", "2"]), ("networks", all_three, ["0.2", "120"])]
    return [("public", both, ["5", "16"]), ("networks", all_three, ["0.5", "8"])]


def _goal(name: str) -> str:
    size, _, figure = name.partition("_")
    if figure == "earliest_ms":
        return "< 1000"
    return GOALS.get(size, "") if figure == "share_of_bound" else ""


def _add(
    columns: dict[str, Figures],
    peer: str,
    task: str,
    words: Sequence[str],
    home: str,
    notes: list[str],
) -> None:
    """One contestant in a process of its own."""
    out = Path(home) / f"{peer}-{task}.json"
    path = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.scheduling.worker", peer, task, str(out), *words],
        env=os.environ | {"PYTHONPATH": path, "OMP_NUM_THREADS": "1"},
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no message"])[-1]
        notes.append(f"{peer} on {task} was left out: {reason}")
        return
    answer: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    notes += answer["notes"]
    columns.setdefault(peer, {}).update(answer["figures"])


def _share_of_bound(columns: dict[str, Figures], size: str) -> None:
    """All measured against the bound of our run, which holds for every plan."""
    bound = columns.get("pilotline", {}).get(f"{size}_bound")
    for figures in columns.values():
        weight = figures.get(f"{size}_weight")
        if bound and weight is not None:
            figures[f"{size}_share_of_bound"] = weight / bound
            figures[f"{size}_gap"] = 1 - weight / bound
