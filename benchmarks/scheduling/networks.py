"""J30 and J60 of PSPLIB (Kolisch, Sprecher 1997) against the best ends known.

480 instances each: 30 or 60 activities, a network, four resources of a capacity; the earliest end
is wanted. Every timetable passes the verifier, or counts as a violation.
"""

import csv
import tarfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.reporting import Figures
from benchmarks.scheduling.peers import pyjobshop_stops_at
from pilotline.engines.scheduling.baseline import as_listed
from pilotline.engines.scheduling.network import Activity, Network, lower_bound, verify_network
from pilotline.engines.scheduling.network_search import finish_early
from pilotline.engines.scheduling.stop import Stop

SETS, EACH = ("J30", "J60"), 480


def run(peer: str, data: Path, seconds: float, every: int) -> tuple[Figures, list[str]]:
    """By set: mean share over the best known end and over a proven bound, how many are equal to
    the best known, how many violations; CPU seconds each instance."""
    folder = data / "bench" / "scheduling"
    if not (folder / "rcpsp_best_known.csv").exists():
        return {}, [f"J30 AND J60 NOT MEASURED: nothing in {folder} (see --data)."]
    if peer == "pilotline":  # compiled once
        finish_early(Network((Activity(1, (1,)),) * 3, (2,)), stop=Stop(iterations=1))
    figures: Figures = {}
    for name in SETS:
        figures |= _set(peer, name, folder, seconds, every)
    return figures | {"network_cpu_s_most_each": seconds}, []


def _set(peer: str, name: str, folder: Path, seconds: float, every: int) -> Figures:
    over_best, over_bound, equal, faults = [], [], 0, 0
    begun = time.process_time()
    for network, best in instances(folder, name, every):
        starts = _solve(peer, network, seconds)
        if starts is None or verify_network(network, starts):
            faults += 1
            continue
        lengths = [one.length for one in network.activities]
        end = max(start + length for start, length in zip(starts, lengths, strict=True))
        over_best.append(end / best - 1)
        over_bound.append(end / lower_bound(network) - 1)
        equal += end <= best
    solved = len(over_best)
    key = name.lower()
    return {
        f"{key}_instances": float(solved + faults),
        f"{key}_without_lawful_plan": float(faults),
        f"{key}_over_best_known": sum(over_best) / solved if solved else None,
        f"{key}_over_bound": sum(over_bound) / solved if solved else None,
        f"{key}_share_at_best_known": equal / (solved + faults),
        f"{key}_cpu_s": time.process_time() - begun,
    }


def _solve(peer: str, network: Network, seconds: float) -> tuple[int, ...] | None:
    if peer == "pilotline":
        stop = Stop(seconds=seconds, clock=time.process_time)
        return finish_early(network, stop=stop).starts
    if peer == "pyjobshop":
        return _pyjobshop(network, seconds)
    return as_listed(network)


def _pyjobshop(network: Network, seconds: float) -> tuple[int, ...] | None:
    """With OR-Tools, one worker."""
    from pyjobshop import Model

    begun = time.process_time()
    model = Model()
    resources = [model.add_renewable(capacity) for capacity in network.capacities]
    tasks = [model.add_task() for _ in network.activities]
    for task, one in zip(tasks, network.activities, strict=True):
        model.add_mode(task, resources, one.length, list(one.needs))
        for other in one.after:
            model.add_end_before_start(tasks[other], task)
    with pyjobshop_stops_at(begun + seconds):
        result = model.solve(num_workers=1, display=False)
    return tuple(int(task.start) for task in result.best.tasks) or None


def instances(folder: Path, name: str, every: int) -> Iterator[tuple[Network, int]]:
    """Every `every`-th instance of a set with the best end known."""
    with (folder / "rcpsp_best_known.csv").open(encoding="utf-8") as rows:
        known = {row["instance"]: int(row["bks"]) for row in csv.DictReader(rows)}
    with tarfile.open(folder / "rcpsp_patterson_J30_J60.tar.xz") as archive:
        for number in range(1, EACH + 1, every):
            file = f"{name}_{number}.txt"
            stored = archive.extractfile(file)
            if stored is not None:
                yield read(stored.read().decode()), known[file]


def read(text: str) -> Network:
    """Patterson's text: activities, resources, capacities; then for each activity its length, its
    needs, how many follow and which, counted from 1."""
    words = iter(int(word) for word in text.split())
    count, resources = next(words), next(words)
    capacities = tuple(next(words) for _ in range(resources))
    rows = []
    after: list[list[int]] = [[] for _ in range(count)]
    for number in range(count):
        length = next(words)
        rows.append((length, tuple(next(words) for _ in range(resources))))
        for _ in range(next(words)):
            after[next(words) - 1].append(number)
    return Network(
        tuple(
            Activity(length, needs, tuple(before))
            for (length, needs), before in zip(rows, after, strict=True)
        ),
        capacities,
    )
