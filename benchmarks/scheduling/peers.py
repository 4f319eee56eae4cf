"""CP-SAT on the whole model and on windows, and PyJobShop: one problem, the same CPU seconds."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from pilotline.engines.scheduling.encode import encode
from pilotline.engines.scheduling.params import Params
from pilotline.engines.scheduling.problem import Place, Problem
from pilotline.engines.scheduling.result import Places
from pilotline.engines.scheduling.sheets import fill, first_come, places_of, put_today
from pilotline.engines.scheduling.windows import improve


def cpsat_windows(problem: Problem, seconds: float) -> Places:
    """First come first served, then CP-SAT on windows of 30 projects, one after another."""
    until = time.process_time() + seconds
    encoded = encode(problem, seed=1)
    put_today(encoded)
    fill(encoded, first_come(encoded))
    params, number = Params(windows=1), 0
    while time.process_time() < until:
        number += 1
        improve(encoded, params, seed=number)
    return places_of(encoded)


def cpsat(problem: Problem, seconds: float) -> tuple[Places, float]:
    """The whole model at once, cleaning by a choice of order for each pair on a resource.

    As many workers as cores; their CPU seconds together are what is counted.
    """
    from ortools.sat.python import cp_model

    begun = time.process_time()
    model = cp_model.CpModel()
    on: dict[str, list[tuple[Any, Any, int, str]]] = {r.id: [] for r in problem.resources}
    spans = {r.id: r.open for r in problem.resources}
    vars_, goal = {}, []
    for project in problem.projects:
        served, last = model.new_bool_var(""), None
        steps = []
        for step in project.steps:
            start = model.new_int_var(*_window(project), "")
            end = model.new_int_var(*_window(project), "")
            taken = []
            for mode in step.modes:
                on_it = model.new_bool_var("")
                taken.append(on_it)
                model.add(end == start + mode.length).only_enforce_if(on_it)
                for name in mode.resources:
                    free = [[s.start, s.end - mode.length] for s in spans[name]]
                    free = [x for x in free if x[0] <= x[1]]
                    if not free:
                        model.add(on_it == 0)
                        continue
                    domain = cp_model.Domain.from_intervals(free)
                    model.add_linear_expression_in_domain(start, domain).only_enforce_if(on_it)
                    on[name].append((on_it, start, mode.length, step.family))
            model.add(sum(taken) == served)
            if last is not None:
                model.add(start >= last)
            last = end
            steps.append((start, taken))
        vars_[project.id] = (served, steps)
        goal.append(round(project.weight * 100) * served)
    _no_overlap(model, problem, on)
    model.maximize(sum(goal))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = os.cpu_count() or 1
    with _cpu_seconds(solver, begun + seconds):
        status = solver.solve(model)
    bound = solver.best_objective_bound / 100
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return {}, bound
    return {
        name: tuple(
            Place(int(solver.value(start)), [bool(solver.value(t)) for t in taken].index(True))
            for start, taken in steps
        )
        for name, (served, steps) in vars_.items()
        if solver.value(served)
    }, bound


@contextmanager
def _cpu_seconds(solver: Any, until: float) -> Iterator[None]:
    """Stop the solver when the process has used its CPU seconds."""
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.02):
            if time.process_time() >= until:
                solver.stop_search()
                return

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


@contextmanager
def pyjobshop_stops_at(until: float) -> Iterator[None]:
    """Make PyJobShop's OR-Tools stop by CPU seconds: it offers only those of the wall, which on a
    busy machine would give it less than the others."""
    theirs = import_module("pyjobshop.solvers.ortools.CPModel")
    plain: Any = theirs.CpSolver

    class Watched(plain):  # type: ignore[misc]
        def solve(self, *words: Any, **more: Any) -> Any:
            with _cpu_seconds(self, until):
                return super().solve(*words, **more)

    theirs.CpSolver = Watched  # type: ignore[attr-defined]
    try:
        yield
    finally:
        theirs.CpSolver = plain  # type: ignore[attr-defined]


def _window(project: Any) -> tuple[int, int]:
    return project.window.start, project.window.end


def _no_overlap(
    model: Any, problem: Problem, on: dict[str, list[tuple[Any, Any, int, str]]]
) -> None:
    for items in on.values():
        intervals = [
            model.new_optional_fixed_size_interval_var(start, length, on_it, "")
            for on_it, start, length, _ in items
        ]
        model.add_no_overlap(intervals)
        for i, (on_a, start_a, length_a, a) in enumerate(items):
            for on_b, start_b, length_b, b in items[:i]:
                there = problem.cleaning.get((a, b), 0)
                back = problem.cleaning.get((b, a), 0)
                if there or back:
                    first = model.new_bool_var("")
                    model.add(start_b >= start_a + length_a + there).only_enforce_if(
                        first, on_a, on_b
                    )
                    model.add(start_a >= start_b + length_b + back).only_enforce_if(
                        ~first, on_a, on_b
                    )


def pyjobshop(problem: Problem, seconds: float) -> tuple[Places, float | None]:
    """Each project a job with its weight and the end of its window as due date, the objective
    weighted tardy jobs. What is not served takes a mode on one that is too slow."""
    from pyjobshop import Model

    begun = time.process_time()
    model = Model()
    horizon = problem.horizon
    machines = {r.id: model.add_machine(breaks=_breaks(r.open, horizon)) for r in problem.resources}
    on: dict[str, list[tuple[Any, str]]] = {r.id: [] for r in problem.resources}
    rows: list[tuple[str, int, int]] = []
    for project in problem.projects:
        job = model.add_job(
            weight=round(project.weight),
            release_date=project.window.start,
            due_date=project.window.end,
        )
        refuge, last = model.add_machine(), None
        for step in project.steps:
            task = model.add_task(job=job)
            for number, mode in enumerate(step.modes):
                model.add_mode(task, [machines[n] for n in mode.resources], mode.length)
                rows.append((project.id, number, mode.length))
            model.add_mode(task, [refuge], horizon + 1)
            rows.append((project.id, -1, 0))
            for name in dict.fromkeys(n for mode in step.modes for n in mode.resources):
                on[name].append((task, step.family))
            if last is not None:
                model.add_end_before_start(last, task)
            last = task
    for name, tasks in on.items():
        for before, a in tasks:
            for after, b in tasks:
                if problem.cleaning.get((a, b), 0):
                    pause = problem.cleaning[a, b]
                    model.add_setup_time(machines[name], before, after, pause)
    model.set_objective(weight_tardy_jobs=1)
    with pyjobshop_stops_at(begun + seconds):
        result = model.solve(num_workers=os.cpu_count() or 1, display=False)
    return _served(problem, result.best.tasks if result.best else (), rows), None


def _breaks(spans: Any, horizon: int) -> list[tuple[int, int]]:
    breaks, last = [], 0
    for start, end in spans:
        if start > last:
            breaks.append((last, start))
        last = end
    return [*breaks, (last, horizon)] if last < horizon else breaks


def _served(problem: Problem, tasks: Any, rows: list[tuple[str, int, int]]) -> Places:
    """The projects all of whose steps take a real mode and end in their window."""
    chains: dict[str, list[Place]] = {p.id: [] for p in problem.projects}
    ends: dict[str, int] = {}
    for task in tasks:
        name, number, length = rows[task.mode]
        chains[name].append(Place(int(task.start), number))
        ends[name] = int(task.start) + length
    return {
        p.id: tuple(chains[p.id])
        for p in problem.projects
        if len(chains[p.id]) == len(p.steps)
        and all(place.mode >= 0 for place in chains[p.id])
        and ends[p.id] <= p.window.end
    }
