"""The command: generate, run every contestant, compare with the oracle, print and write."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.matching import quality, workload
from benchmarks.reporting import Figures, machine, print_table, write_json

ROOT = Path(__file__).resolve().parents[2]
FULL_RECORDS, QUICK_RECORDS = 1_000_000, 20_000
GOALS = (
    ("filter_text_p50_ms", "<= 0.5"),
    ("filter_text_mean_ms", ""),
    ("filter_text_p95_ms", "<= 2"),
    ("text_p50_ms", "tantivy"),
    ("text_mean_ms", "tantivy"),
    ("text_p95_ms", ""),
    ("recall_oracle", "1"),
    ("recall_oracle_text", "1"),
    ("target_found", "1"),
    ("build_cpu_s", "< 60"),
    ("build_wall_s", ""),
    ("peak_rss_mib", "< 1024"),
    ("insert_searchable_s", "< 1"),
    ("explained_p50_ms", ""),
    ("explained_p95_ms", ""),
    ("merge_cpu_s", ""),
    ("merge_peak_rss_mib", ""),
    ("while_merging_p50_ms", ""),
    ("while_merging_p95_ms", ""),
    ("stard_ndcg10", "> 0.50"),
    ("stard_ndcg10_held_out", ""),
    ("cranfield_map", "> 0.35"),
    ("cranfield_map_held_out", ""),
)
QUALITY_FILES = ("stard_closed_corpus.jsonl.xz", "cranfield_docs.jsonl.xz")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark; 0 when it ran, whatever the figures."""
    options = _parse(argv)
    count = options.records or (QUICK_RECORDS if options.quick else FULL_RECORDS)
    queries, repetitions = (40, 2) if options.quick else (200, 3)
    notes = [f"PilotSearch with {count:,} records, {queries} queries, seed {options.seed}."]
    about = machine(("tantivy", "bm25s", "psycopg", "rjieba"))
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home)
        workload.generate(count, options.seed, folder)
        results = _run_all(folder, options.seed, queries, repetitions, notes)
    columns = _with_recall(results)
    _add_quality(columns, options.data, notes)
    about["load_average_after"] = [round(x, 2) for x in os.getloadavg()]
    notes.append(
        "Latency: one thread, the least of the repetitions for each query, then over queries."
        " build_cpu_s includes making the records; PostgreSQL's own processes are not counted."
    )
    notes.append(
        "recall_oracle: share of the exact BM25 top 10 (ties allowed); SQLite and PostgreSQL rank"
        " by formulas of their own, target_found is the fair figure for them. For words alone it is"
        " taken over the first 40 queries."
    )
    notes.append(f"Machine: {json.dumps(about, ensure_ascii=False)}")
    print_table("matching", GOALS, columns, notes)
    if options.json:
        figures = columns.pop("pilotline")
        write_json(options.json, "matching", figures, columns, about | {"notes": notes})
    return 0


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="pilotline benchmark matching", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer records, under 40 seconds")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    parser.add_argument("--records", type=int, help="another number of records")
    parser.add_argument(
        "--data",
        type=Path,
        default=Path(os.environ.get("PILOTLINE_BENCHMARK_DATA", ROOT.parent / "shared" / "data")),
        help="folder that holds bench/retrieval with the public sets",
    )
    return parser.parse_args(argv)


def _run_all(
    folder: Path, seed: int, queries: int, repetitions: int, notes: list[str]
) -> dict[str, Any]:
    """Every contestant in turn, each in a process of its own."""
    names = ["pilotline", "scan", "tantivy", "sqlite", "bm25s"]
    if os.environ.get("DATABASE_URL"):
        names.append("postgresql")
    else:
        notes.append("PostgreSQL was left out: DATABASE_URL is not set.")
    results = {}
    for name in names:
        out = folder / f"{name}.json"
        # The database and the full scan take long and vary little: once is enough for them.
        times = 1 if name in ("scan", "postgresql") else repetitions
        words = [name, str(folder), str(seed), str(queries), str(times), str(out)]
        path = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.matching.worker", *words],
            env=os.environ | {"PYTHONPATH": path, "OMP_NUM_THREADS": "1"},
            cwd=ROOT,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            reason = (done.stderr.strip().splitlines() or ["no message"])[-1]
            notes.append(f"{name} was left out: {reason}")
            continue
        results[name] = json.loads(out.read_text(encoding="utf-8"))
        results[name]["targets"] = [q.target for q in workload.queries(folder, queries, seed)]
    return results


def _with_recall(results: dict[str, Any]) -> dict[str, Figures]:
    """The figures by column name, with how much of the exact answer each found."""
    oracle = results["scan"]["admissible"]
    columns: dict[str, Figures] = {}
    for name, result in results.items():
        figures = result["figures"]
        answers = result["answers"]
        figures["recall_oracle"] = _recall(answers["filter_text"], oracle["filter_text"])
        figures["recall_oracle_text"] = _recall(answers["text"], oracle["text"])
        hits = zip(answers["filter_text"], result["targets"], strict=True)
        found = [target in answer for answer, target in hits]
        figures["target_found"] = sum(found) / len(found)
        columns["baseline" if name == "scan" else name] = figures
    return columns


def _recall(answers: list[list[int]], oracle: list[tuple[int, list[int]]]) -> float:
    shares = [
        min(count, len(set(answer) & set(good))) / count
        # The oracle may have looked at fewer queries than were asked.
        for answer, (count, good) in zip(answers, oracle, strict=False)
        if count
    ]
    return sum(shares) / len(shares)


def _add_quality(columns: dict[str, Figures], data: Path, notes: list[str]) -> None:
    folder = data / "bench" / "retrieval"
    if not all((folder / name).exists() for name in QUALITY_FILES):
        notes.append(f"QUALITY NOT MEASURED: no retrieval sets in {folder} (see --data).")
        return
    for name, figures in quality.run(folder).items():
        columns.setdefault(name, {}).update(figures)
