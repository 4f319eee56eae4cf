"""Whether a plan is lawful, checked without any code of the search."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from pilotline.engines.scheduling.problem import Held, Place, Problem, Project, Resource


@dataclass(frozen=True, slots=True)
class Violation:
    """One fault: `code` is incomplete, window, order, calendar, grid, overlap, cleaning,
    confirmed, promised or unknown; `projects` are those concerned."""

    code: str
    projects: tuple[str, ...]
    text: str


class _Run(NamedTuple):
    start: int
    end: int
    family: str
    owner: str
    fixed: bool


def verify(problem: Problem, places: Mapping[str, Sequence[Place]]) -> list[Violation]:
    """Every fault of a plan; an empty list when it may be carried out.

    What stands fixed (occupations, confirmed projects) is taken as a fact: it is not checked
    against itself, only everything else against it.
    """
    projects = {p.id: p for p in problem.projects}
    faults = [
        Violation("unknown", (name,), "not a project of this problem")
        for name in places
        if name not in projects
    ]
    runs: dict[str, list[_Run]] = {r.id: [] for r in problem.resources}
    for occupation in problem.occupations:
        start, end = occupation.span
        runs[occupation.resource].append(_Run(start, end, occupation.family, "", True))
    for project in problem.projects:
        chosen = places.get(project.id)
        faults += _held(project, chosen)
        if chosen is not None:
            faults += _project(problem, project, chosen, runs)
    for resource in problem.resources:
        faults += _resource(problem, resource, sorted(runs[resource.id]))
    return faults


def _held(project: Project, chosen: Sequence[Place] | None) -> list[Violation]:
    if project.held == Held.CONFIRMED and (chosen is None or tuple(chosen) != project.today):
        return [Violation("confirmed", (project.id,), "a confirmed project was touched")]
    if project.held == Held.MOVABLE and chosen is None:
        return [Violation("promised", (project.id,), "a promised project is not served")]
    return []


def _project(
    problem: Problem,
    project: Project,
    chosen: Sequence[Place],
    runs: dict[str, list[_Run]],
) -> list[Violation]:
    """Window, order and completeness; its runs are noted for the resources."""
    if len(chosen) != len(project.steps):
        return [Violation("incomplete", (project.id,), "not every step has a place")]
    faults = []
    fixed = project.held == Held.CONFIRMED
    last_end = None
    for step, place in zip(project.steps, chosen, strict=True):
        if not 0 <= place.mode < len(step.modes):
            return [Violation("incomplete", (project.id,), f"mode {place.mode} does not exist")]
        mode = step.modes[place.mode]
        end = place.start + mode.length
        if not fixed and not (project.window.start <= place.start and end <= project.window.end):
            faults.append(Violation("window", (project.id,), f"[{place.start}, {end})"))
        if not fixed and last_end is not None and place.start < last_end:
            faults.append(Violation("order", (project.id,), f"begins at {place.start}"))
        last_end = end
        for name in mode.resources:
            runs[name].append(_Run(place.start, end, step.family, project.id, fixed))
    return faults


def _resource(problem: Problem, resource: Resource, runs: list[_Run]) -> list[Violation]:
    """Calendar, overlaps and cleaning on one resource; runs in order of time."""
    faults = []
    for run in runs:
        inside = any(s.start <= run.start and run.end <= s.end for s in resource.open)
        if not run.fixed and not inside:
            faults.append(Violation("calendar", (run.owner,), f"{resource.id} is closed"))
        if not run.fixed and not resource.may_start(run.start):
            text = f"{resource.id} starts nothing at {run.start}"
            faults.append(Violation("grid", (run.owner,), text))
    for i, run in enumerate(runs):
        for other in runs[i + 1 :]:
            if other.start >= run.end:
                break
            if not (run.fixed and other.fixed):
                names = tuple(n for n in (run.owner, other.owner) if n)
                faults.append(Violation("overlap", names, f"on {resource.id} at {other.start}"))
    # What only closes a resource leaves no residue: cleaning is between the others.
    dirty = [run for run in runs if run.owner or run.family]
    for before, after in pairwise(dirty):
        needed = problem.cleaning.get((before.family, after.family), 0)
        short = before.end <= after.start < before.end + needed
        if short and not (before.fixed and after.fixed):
            names = tuple(n for n in (before.owner, after.owner) if n)
            faults.append(Violation("cleaning", names, f"on {resource.id} at {after.start}"))
    return faults
