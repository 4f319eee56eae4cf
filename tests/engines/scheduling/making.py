"""Random small problems, and a brute force that shares nothing with the engine."""

from collections.abc import Iterator
from itertools import product

from hypothesis import strategies as st

from pilotline.engines.scheduling.problem import (
    Held,
    Mode,
    Occupation,
    Place,
    Problem,
    Project,
    Resource,
    Span,
    Step,
)
from pilotline.engines.scheduling.verify import verify

RESOURCES = ("r0", "r1", "r2")
FAMILIES = ("acid", "base", "dye")
HORIZON = 40


def cleaning(slots):
    """A table with the given times, shortened until it obeys the triangle inequality."""
    pairs = [(a, b) for a in FAMILIES for b in FAMILIES if a != b]
    table = dict(zip(pairs, slots, strict=True))
    get = lambda a, b: 0 if a == b else table[a, b]  # noqa: E731
    for via in FAMILIES:
        for a, b in pairs:
            table[a, b] = min(get(a, b), get(a, via) + get(via, b))
    return table


@st.composite
def modes(draw):
    names = draw(st.permutations(RESOURCES))
    count = 2 if draw(st.integers(0, 4)) == 0 else 1
    return Mode(tuple(names[:count]), draw(st.integers(1, 9)))


@st.composite
def projects(draw, number):
    steps = tuple(
        Step(
            tuple(draw(st.lists(modes(), min_size=1, max_size=3))), draw(st.sampled_from(FAMILIES))
        )
        for _ in range(draw(st.integers(1, 3)))
    )
    start = draw(st.integers(0, HORIZON - 4))
    end = draw(st.integers(start + 1, HORIZON))
    weight = float(draw(st.integers(0, 9)))
    return Project(f"p{number}", steps, Span(start, end), weight, draw(st.sampled_from("ab")))


@st.composite
def problems(draw, most=8):
    """Projects without a place in today's calendar."""
    resources = []
    for name in RESOURCES:
        cut = draw(st.integers(1, HORIZON - 1))
        pause = draw(st.integers(0, 6))
        spans = (
            [Span(0, cut), Span(cut + pause, HORIZON + 20)] if pause else [Span(0, HORIZON + 20)]
        )
        every, cycle = draw(st.sampled_from(((1, 0), (1, 0), (2, 0), (3, 0), (3, 10), (4, 6))))
        resources.append(Resource(name, tuple(spans), every=every, cycle=cycle))
    taken = [
        Occupation(
            draw(st.sampled_from(RESOURCES)),
            Span(start, start + draw(st.integers(1, 5))),
            draw(st.sampled_from(("", *FAMILIES))),
        )
        for start in draw(st.lists(st.integers(0, HORIZON), max_size=2, unique=True))
    ]
    count = draw(st.integers(0, most))
    return Problem(
        tuple(draw(projects(i)) for i in range(count)),
        tuple(resources),
        tuple(taken),
        cleaning(draw(st.lists(st.integers(0, 4), min_size=6, max_size=6))),
        fairness=draw(st.sampled_from((0.0, 0.0, 0.5))),
    )


def held(problem, places, choose):
    """The same problem with a plan as today's calendar; `choose` says how each is held."""
    return Problem(
        tuple(
            Project(
                p.id,
                p.steps,
                p.window,
                p.weight,
                p.kind,
                tuple(places.get(p.id, ())),
                choose(i) if p.id in places else Held.FREE,
            )
            for i, p in enumerate(problem.projects)
        ),
        problem.resources,
        problem.occupations,
        problem.cleaning,
        problem.fairness,
        move_cost=0.5,
    )


def ways(project: Project) -> Iterator[tuple[Place, ...]]:
    """Every place for all steps inside the window, in order."""
    choices = [
        [
            Place(start, mode)
            for mode, one in enumerate(step.modes)
            for start in range(project.window.start, project.window.end - one.length + 1)
        ]
        for step in project.steps
    ]
    for way in product(*choices):
        ends = [p.start + s.modes[p.mode].length for s, p in zip(project.steps, way, strict=True)]
        if all(place.start >= end for place, end in zip(way[1:], ends, strict=False)):
            yield way


def best_weight(problem: Problem, chosen=None) -> float:
    """The most weight any lawful plan serves, by trying all."""
    chosen = chosen or {}
    number = len(chosen)
    if number == len(problem.projects):
        return sum(p.weight for p in problem.projects if chosen[p.id])
    project = problem.projects[number]
    best = best_weight(problem, chosen | {project.id: ()})
    for way in ways(project):
        plan = {name: places for name, places in chosen.items() if places} | {project.id: way}
        if not verify(problem, plan):
            best = max(best, best_weight(problem, chosen | {project.id: way}))
    return best
