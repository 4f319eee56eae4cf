"""One contestant in a process of its own: builds, answers, and writes what it measured."""

import gc
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.matching import workload
from benchmarks.matching.oracle import Scan
from benchmarks.matching.ours import Pilotline
from benchmarks.matching.peers import Bm25s, Postgres, Sqlite, Tantivy
from benchmarks.reporting import Figures, best_times_ms, peak_rss_mib, spread

CONTESTANTS: dict[str, Callable[[Path], Any]] = {
    "pilotline": Pilotline,
    "scan": Scan,
    "tantivy": Tantivy,
    "sqlite": Sqlite,
    "postgresql": Postgres,
    "bm25s": Bm25s,
}

SCANNED = 40


def run(name: str, folder: Path, seed: int, count: int, repetitions: int) -> dict[str, Any]:
    """Build one contestant and ask it everything."""
    # All contestants make a million documents; hunting for cycles among them only takes time.
    gc.disable()
    cpu, wall = time.process_time(), time.perf_counter()
    contestant = CONTESTANTS[name](folder)
    figures: Figures = {
        "build_cpu_s": time.process_time() - cpu,
        "build_wall_s": time.perf_counter() - wall,
    }
    gc.enable()
    queries = workload.queries(folder, count, seed)
    found: dict[str, Any] = {"figures": figures, "answers": {}, "admissible": {}}
    for kind, filtered in (("filter_text", True), ("text", False)):
        # Every record is read for each query: a few must do.
        asked = queries[:SCANNED] if name == "scan" and not filtered else queries
        prepared = [contestant.prepare(query, filtered) for query in asked]
        contestant.search(prepared[0])
        times, found["answers"][kind] = best_times_ms(
            [lambda p=p: contestant.search(p) for p in prepared], repetitions
        )
        figures |= spread(kind, times)
        if isinstance(contestant, Scan):
            found["admissible"][kind] = [contestant.admissible(q, filtered) for q in asked]
    figures["peak_rss_mib"] = peak_rss_mib()
    figures |= contestant.extras(queries, repetitions)
    return found


if __name__ == "__main__":
    contestant_name, folder_name, seed_text, count_text, repetitions_text, out = sys.argv[1:]
    result = run(
        contestant_name, Path(folder_name), int(seed_text), int(count_text), int(repetitions_text)
    )
    Path(out).write_text(json.dumps(result), encoding="utf-8")
