"""Flexible job shops with published bounds, in the engine's own words.

A job is a project that must be served inside [0, D); D falls as long as a plan for all is found.
The engine is made to choose whom to serve, not to finish early: this shows how far it is from
solvers that are.
"""

import json
import tarfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.reporting import Figures
from benchmarks.scheduling.peers import pyjobshop_stops_at
from pilotline.engines.scheduling.params import Params
from pilotline.engines.scheduling.problem import Mode, Problem, Project, Resource, Span, Step
from pilotline.engines.scheduling.solve import solve
from pilotline.engines.scheduling.stop import Stop
from pilotline.engines.scheduling.verify import verify

FAR = 1_000_000


def run(peer: str, data: Path, seconds: float, most: int) -> tuple[Figures, list[str]]:
    """Mean gap to the best known lower and upper ends, CPU seconds each instance."""
    folder = data / "bench" / "scheduling"
    if not (folder / "fjsp_instances_bounds.json").exists():
        return {}, [f"PUBLIC SETS NOT MEASURED: nothing in {folder} (see --data)."]
    over_best, over_bound = [], []
    for problem, lower, upper in instances(folder, most):
        found = (
            makespan(problem, seconds) if peer == "pilotline" else peer_makespan(problem, seconds)
        )
        if found is not None:
            over_best.append(found / upper - 1)
            over_bound.append(found / lower - 1)
    if not over_best:
        return {}, [f"{peer} found no plan for any flexible job shop."]
    return {
        "fjsp_instances": float(len(over_best)),
        "fjsp_over_best_known": sum(over_best) / len(over_best),
        "fjsp_over_lower_bound": sum(over_bound) / len(over_bound),
        "fjsp_cpu_s_each": seconds,
    }, []


def instances(folder: Path, most: int) -> Iterator[tuple[Problem, int, int]]:
    """Brandimarte's first, then every few of the others, with (lower, upper) bounds."""
    known = json.loads((folder / "fjsp_instances_bounds.json").read_text(encoding="utf-8"))
    first = [k for k in known if k["path"].startswith("brandimarte/")]
    rest = [k for k in known if not k["path"].startswith("brandimarte/")]
    count = max(0, most - len(first))
    picked = first[:most] + (rest[:: max(1, len(rest) // count)][:count] if count else [])
    with tarfile.open(folder / "fjsp_instances_txt.tar.xz") as archive:
        texts = {m.name.removeprefix("./"): m for m in archive.getmembers() if m.isfile()}
        for one in picked:
            stored = archive.extractfile(texts[one["path"]])
            if stored is not None:
                best = one["optimum"]
                bounds = one.get("bounds") or {"lower": best, "upper": best}
                yield read(stored.read().decode()), bounds["lower"], bounds["upper"]


def read(text: str) -> Problem:
    """The standard text: jobs, machines; for each job its operations with machine choices."""
    rows = [line.split() for line in text.splitlines() if line.strip()]
    jobs, machines = int(rows[0][0]), int(rows[0][1])
    projects = []
    # Machines are counted from 0.
    for number, row in enumerate(rows[1 : jobs + 1]):
        words = iter(int(word) for word in row)
        steps = []
        for _ in range(next(words)):
            choices = [(next(words), next(words)) for _ in range(next(words))]
            steps.append(Step(tuple(Mode((f"m{m}",), length) for m, length in choices)))
        projects.append(Project(f"j{number}", tuple(steps), Span(0, FAR)))
    resources = [Resource(f"m{i}", (Span(0, FAR),)) for i in range(machines)]
    return Problem(tuple(projects), tuple(resources))


def end_of(problem: Problem, places: Any) -> int:
    """When the last step ends."""
    ends: list[int] = [
        places[p.id][-1].start + p.steps[-1].modes[places[p.id][-1].mode].length
        for p in problem.projects
    ]
    return max(ends)


def makespan(problem: Problem, seconds: float) -> int:
    """The earliest end of everything found within CPU seconds."""
    begun = time.process_time()
    places = solve(problem, stop=Stop(iterations=0), params=Params(bound_trials=0)).places
    best = end_of(problem, places)
    while (left := seconds - time.process_time() + begun) > 0.05:
        shorter = replace(
            problem,
            projects=tuple(
                replace(p, window=Span(0, best - 1), today=places[p.id]) for p in problem.projects
            ),
        )
        stop = Stop(seconds=min(left, seconds / 8), clock=time.process_time)
        few = len(problem.projects) <= 40
        params = Params(
            bound_trials=0,
            chunk=100,
            windows=1 if few else 0,
            window_projects=40,
            window_effort=seconds / 4,
        )
        found = solve(shorter, stop=stop, params=params)
        if len(found.places) == len(problem.projects):
            places = found.places
            assert not verify(problem, places)
            best = end_of(problem, places)
    return best


def peer_makespan(problem: Problem, seconds: float) -> int | None:
    """PyJobShop with OR-Tools, one worker."""
    from pyjobshop import Model

    begun = time.process_time()
    model = Model()
    machines = {r.id: model.add_machine() for r in problem.resources}
    for project in problem.projects:
        last = None
        for step in project.steps:
            task = model.add_task()
            for mode in step.modes:
                model.add_mode(task, [machines[mode.resources[0]]], mode.length)
            if last is not None:
                model.add_end_before_start(last, task)
            last = task
    with pyjobshop_stops_at(begun + seconds):
        result = model.solve(num_workers=1, display=False)
    return int(result.objective) if result.best.tasks else None
