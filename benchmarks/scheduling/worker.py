"""One contestant, one task: `worker PEER TASK OUT WORDS...`, figures written as JSON."""

import json
import sys
import time
from pathlib import Path

from benchmarks.reporting import Figures, peak_rss_mib
from benchmarks.scheduling import networks, peers, public
from benchmarks.scheduling.workload import SIZES, generate
from pilotline.engines.scheduling.agenda import Agenda, earliest, insert_one
from pilotline.engines.scheduling.baseline import (
    earliest_deadline_first,
    first_come_first_served,
)
from pilotline.engines.scheduling.compiled import IS_COMPILED
from pilotline.engines.scheduling.problem import Problem
from pilotline.engines.scheduling.result import Places
from pilotline.engines.scheduling.solve import fairness, solve
from pilotline.engines.scheduling.stop import Stop
from pilotline.engines.scheduling.verify import verify

ASKED = 40


def main(peer: str, task: str, out: Path, words: list[str]) -> None:
    """Run and write `{"figures": {...}, "notes": [...]}`."""
    if task == "public":
        figures, notes = public.run(peer, Path(words[0]), float(words[1]), int(words[2]))
    elif task == "networks":
        figures, notes = networks.run(peer, Path(words[0]), float(words[1]), int(words[2]))
    else:
        figures, notes = _size(peer, task, int(words[0]), float(words[1]))
    out.write_text(json.dumps({"figures": figures, "notes": notes}), encoding="utf-8")


def _size(peer: str, size: str, seed: int, seconds: float) -> tuple[Figures, list[str]]:
    problem = generate(SIZES[size], seed)
    extra: Figures = {}
    # Compiling happens once an installation; it is shown by itself.
    warm = time.process_time()
    if peer == "pilotline" and IS_COMPILED:
        solve(generate(SIZES["quick"], 99), stop=Stop(iterations=20))
    compile_s = time.process_time() - warm
    begun, notes = time.process_time(), []
    places: Places
    if peer == "pilotline":
        stop = Stop(seconds=seconds, clock=time.process_time)
        result = solve(problem, stop=stop, seed=seed)
        places = result.places
        extra["compile_cpu_s"] = compile_s
        extra[f"{size}_bound"] = result.bound
        extra[f"{size}_moves_per_s"] = result.iterations / max(result.seconds, 1e-9)
    elif peer == "fifo":
        places = first_come_first_served(problem)
    elif peer == "edd":
        places = earliest_deadline_first(problem)
    elif peer == "cpsat-windows":
        places = peers.cpsat_windows(problem, seconds)
    elif peer == "cpsat":
        places, extra[f"{size}_own_bound"] = peers.cpsat(problem, seconds)
    else:
        places, extra[f"{size}_own_bound"] = peers.pyjobshop(problem, seconds)
    spent = time.process_time() - begun
    faults = verify(problem, places)
    if faults:
        notes.append(f"{peer} on {size}: {len(faults)} violations, counts as 0: {faults[0]}")
        places = {}
    fair = fairness(problem, places)
    figures: Figures = {
        f"{size}_weight": sum(p.weight for p in problem.projects if p.id in places),
        f"{size}_served": float(len(places)),
        f"{size}_share_of_bound": None,
        f"{size}_gap": None,
        **extra,
        f"{size}_cpu_s": spent,
        f"{size}_peak_rss_mib": peak_rss_mib(),
        f"{size}_worst_kind_unserved": fair.worst_unserved,
        f"{size}_rms_unserved": fair.rms_unserved,
    }
    if peer == "pilotline":
        figures |= _questions(problem, places, size)
    return figures, notes


def _questions(problem: Problem, places: Places, size: str) -> Figures:
    """How long the two quick questions take beside the finished plan."""
    begun = time.process_time()
    agenda = Agenda(problem, places)
    indexed = time.process_time() - begun
    asked = problem.projects[:: max(1, len(problem.projects) // ASKED)]
    earliest(agenda, asked[0], 5)
    found = 0.0
    for project in asked:
        # Each asks as if its own booking did not stand.
        stood = [holders for holders in agenda.holders.values() if project.id in holders]
        for holders in stood:
            del holders[project.id]
        begun = time.process_time()
        earliest(agenda, project, 5, apart=24)
        found += time.process_time() - begun
        for holders in stood:
            holders[project.id] = None
    return {
        f"{size}_index_ms": indexed * 1000,
        f"{size}_earliest_ms": found / len(asked) * 1000,
        **_inserts(problem, places, size),
    }


def _inserts(problem: Problem, places: Places, size: str) -> Figures:
    """New bookings into a calendar from which every third was taken away, one after another; all
    that stand there are promised and may move inside their windows."""
    standing = {name: own for i, (name, own) in enumerate(places.items()) if i % 3}
    waiting = [p for p in problem.projects if p.id not in places][:ASKED]
    spent, slowest, moved, counts = 0.0, 0.0, 0, {"asked": 0, "found": 0, "moving": 0}
    for project in waiting:
        agenda = Agenda(problem, standing)
        begun = time.process_time()
        answer = insert_one(agenda, project)
        took = time.process_time() - begun
        spent, slowest = spent + took, max(slowest, took)
        counts["asked"] += 1
        if answer is None:
            continue
        standing |= {**answer.moved, project.id: answer.places}
        counts["found"] += 1
        counts["moving"] += bool(answer.moved)
        moved += len(answer.moved)
    assert not verify(problem, standing)
    return {
        f"{size}_insert_ms": spent / counts["asked"] * 1000 if waiting else None,
        f"{size}_insert_slowest_ms": slowest * 1000 if waiting else None,
        f"{size}_insert_found_share": counts["found"] / counts["asked"] if waiting else None,
        f"{size}_insert_that_moved_others": float(counts["moving"]),
        f"{size}_insert_moved_each": moved / counts["moving"] if counts["moving"] else None,
    }


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]), sys.argv[4:])
