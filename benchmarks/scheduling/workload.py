"""PT-SCHED: projects of pilot runs on the resources of a city or a nation, by seed.

As described for the published probe: 56 days of hours, about two steps a project and 3.7
alternatives a step, maintenance calendars, cleaning between 8 material families that obeys the
triangle inequality, one step in ten on two resources at once. `load` is the least work wanted
divided by the hours that are open; lengths are scaled until it is met.
"""

import random
from dataclasses import dataclass
from typing import Any

from pilotline.engines.scheduling.problem import Mode, Problem, Project, Resource, Span, Step

HOURS = 56 * 24
FAMILIES = 8
KINDS = (("sme", 0.5), ("university", 0.25), ("industry", 0.15), ("institute", 0.1))
TYPE_SIZE = 10


@dataclass(frozen=True, slots=True)
class Size:
    """How many projects on how many resources, how full."""

    name: str
    projects: int
    resources: int
    load: float


SIZES = {
    size.name: size
    for size in (
        Size("quick", 60, 10, 1.3),
        Size("city", 500, 50, 1.3),
        Size("nation", 20_000, 7_200, 1.0),
    )
}


def generate(size: Size, seed: int) -> Problem:
    """The problem of a size; the same for the same seed."""
    draw = random.Random(seed)
    resources = [_resource(draw, i) for i in range(size.resources)]
    drafts = [_draft(draw, size.resources) for _ in range(size.projects)]
    hours = sum(span.end - span.start for r in resources for span in r.open)
    wanted = sum(min(n * f for _, n, f in modes) * length for d in drafts for length, _, modes in d)
    scale = size.load * hours / wanted
    projects = [_project(draw, i, draft, scale, resources) for i, draft in enumerate(drafts)]
    return Problem(tuple(projects), tuple(resources), cleaning=_cleaning(draw))


def _resource(draw: random.Random, number: int) -> Resource:
    """One to three maintenance windows of 8 to 72 hours."""
    spans, start = [], 0
    for cut in sorted(draw.randrange(1, HOURS - 72) for _ in range(draw.randint(1, 3))):
        if cut > start:
            spans.append(Span(start, cut))
        start = max(start, cut + draw.randint(8, 72))
    spans.append(Span(start, HOURS))
    return Resource(f"r{number}", tuple(spans), kind=f"type{number // TYPE_SIZE}")


def _draft(draw: random.Random, resources: int) -> list[Any]:
    """Steps as (relative length, family, modes as (resources, how many, relative length))."""
    types = max(1, resources // TYPE_SIZE)
    steps = []
    family = draw.randrange(FAMILIES)
    for _ in range(draw.choices((1, 2, 3), (30, 38, 32))[0]):
        kind, other = draw.randrange(types), draw.randrange(types)
        pool = range(kind * TYPE_SIZE, min((kind + 1) * TYPE_SIZE, resources))
        beside = range(other * TYPE_SIZE, min((other + 1) * TYPE_SIZE, resources))
        two = draw.random() < 0.1
        modes = []
        for main in draw.sample(
            pool, min(len(pool), draw.choices((2, 3, 4, 5, 6), (20, 28, 25, 17, 10))[0])
        ):
            used = [main]
            if two:
                used.append(draw.choice([r for r in beside if r != main]))
            modes.append((tuple(used), len(used), draw.uniform(0.8, 1.25)))
        if draw.random() < 0.2:
            family = draw.randrange(FAMILIES)
        steps.append((draw.lognormvariate(0, 0.6), family, modes))
    return steps


def _project(
    draw: random.Random, number: int, draft: list[Any], scale: float, resources: list[Resource]
) -> Project:
    steps = []
    for length, family, modes in draft:
        steps.append(
            Step(
                tuple(
                    Mode(
                        tuple(resources[r].id for r in used),
                        min(HOURS // 4, max(4, round(length * scale * factor))),
                    )
                    for used, _, factor in modes
                ),
                f"f{family}",
            )
        )
    least = sum(step.shortest for step in steps)
    width = min(HOURS, round(least * draw.uniform(1.5, 4.0)) + 24)
    start = draw.randint(0, HOURS - width)
    kind = draw.choices([k for k, _ in KINDS], [share for _, share in KINDS])[0]
    return Project(
        f"p{number}", tuple(steps), Span(start, start + width), float(draw.randint(1, 10)), kind
    )


def _cleaning(draw: random.Random) -> dict[tuple[str, str], int]:
    """2 to 16 hours between different families, shortened to shortest paths."""
    names = [f"f{i}" for i in range(FAMILIES)]
    table = {(a, b): 0 if a == b else draw.randint(2, 16) for a in names for b in names}
    for via in names:
        for a in names:
            for b in names:
                table[a, b] = min(table[a, b], table[a, via] + table[via, b])
    return table
