"""The command: make the province, find its pages, ask for them, print and write."""

import argparse
import json
import logging
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from benchmarks.pages import province
from benchmarks.pages.asking import Browser, ask, server
from benchmarks.pages.walk import Page, pages
from benchmarks.reporting import Figures, machine, print_table, write_json

QUICK_WORKERS, WORKERS = 1, 2
QUICK_ROUNDS, ROUNDS = 2, 20
QUICK = (
    "a province of two facilities, one address of each page, few rounds: some two minutes the first"
    " time, one when the province is there"
)
EXAMPLES = 4  # addresses of a view that each visitor follows
GOAL_MS = 150.0
SHOWN = 40
GOALS = (
    ("slowest_p95_ms", "< 150"),
    ("p50_ms", ""),
    ("p95_ms", ""),
    ("pages", ""),
    ("pages_over_goal", "0"),
    ("pages_not_reached", ""),
    ("most_queries", ""),
    ("load_cpu_s", ""),
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark; 0 when it ran, whatever the figures."""
    options = _parse(argv)
    began, size = time.monotonic(), province.SMALL if options.quick else province.WHOLE
    loaded = province.enter(size, seed=options.seed)
    logging.getLogger("django.request").setLevel(logging.ERROR)  # refusals are answers here
    found, missing = pages(1 if options.quick else EXAMPLES)
    rounds = QUICK_ROUNDS if options.quick else ROUNDS
    workers = QUICK_WORKERS if options.quick else WORKERS
    with server(workers) as port:
        times, floor = ask(Browser(port), found, _static_file(), rounds, workers)
    about = machine(("django", "gunicorn", "psycopg"))
    about["pages"] = rows = _rows(found, times)
    figures = _figures(rows, times) | {
        "pages_not_reached": float(len(missing)),
        "load_cpu_s": loaded,
    }
    peers = {"static file": {"p50_ms": _at(floor, 0.5), "p95_ms": _at(floor, 0.95)}}
    about["notes"] = notes = [
        f"{len(found)} pages, {rounds} times each in turn, {workers} workers, seed {options.seed};"
        " the static file is the least that the same server does for any address.",
        f"It took {time.monotonic() - began:.0f} s by the clock"
        + (f"; making the province took {loaded:.0f} CPU s." if loaded else "."),
        "cpu_ms: of our own code, the database not counted; a busy machine makes it half as much"
        " again at worst, the times by the clock many times as long.",
        *([f"Not reached by anybody's links: {', '.join(missing)}."] if missing else []),
    ]
    _print_pages(rows)
    told = f"Machine: {json.dumps({k: v for k, v in about.items() if k not in ('pages', 'notes')})}"
    print_table("pages", GOALS, {"pilotline": figures, **peers}, [*notes, told])
    if options.json:
        write_json(options.json, "pages", figures, peers, about)
    return 0


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="pilotline benchmark pages", description=__doc__)
    parser.add_argument("--quick", action="store_true", help=QUICK)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    return parser.parse_args(argv)


def _static_file() -> str:
    from django.templatetags.static import static

    return static("shared/css/tokens.css")


def _rows(found: Sequence[Page], times: Mapping[str, list[float]]) -> list[dict[str, object]]:
    """One for each page, slowest first."""
    rows: list[dict[str, object]] = [
        {
            "view": page.view,
            "url": page.url,
            "role": page.role,
            "p50_ms": _at(times[page.view], 0.5),
            "p95_ms": _at(times[page.view], 0.95),
            "cpu_ms": page.cpu_ms,
            "queries": page.queries,
            "bytes": page.size,
        }
        for page in found
    ]
    return sorted(rows, key=lambda row: -float(str(row["p95_ms"])))


def _figures(rows: Sequence[Mapping[str, object]], times: Mapping[str, list[float]]) -> Figures:
    every = [spent for each in times.values() for spent in each]
    slow = [row for row in rows if float(str(row["p95_ms"])) >= GOAL_MS]
    return {
        "slowest_p95_ms": float(str(rows[0]["p95_ms"])),
        "p50_ms": _at(every, 0.5),
        "p95_ms": _at(every, 0.95),
        "pages": float(len(rows)),
        "pages_over_goal": float(len(slow)),
        "most_queries": max(float(str(row["queries"])) for row in rows),
    }


def _at(times: Sequence[float], share: float) -> float:
    return float(np.quantile(times, share))


def _print_pages(rows: Sequence[Mapping[str, object]]) -> None:
    print(f"{'p95 ms':>8} {'p50 ms':>8} {'cpu ms':>8} {'queries':>8} {'kB':>6}  page, as whom")
    for row in rows[:SHOWN]:
        print(
            f"{row['p95_ms']:8.1f} {row['p50_ms']:8.1f} {row['cpu_ms']:8.1f}"
            f" {row['queries']:8} {int(str(row['bytes'])) / 1000:6.0f}"
            f"  {row['url']} ({row['view']}, {row['role']})"
        )
    if len(rows) > SHOWN:
        print(f"… and {len(rows) - SHOWN} faster ones; --json writes all")
    print()
