"""Today's calendar, indexed, for the two questions that must be answered at once: where could this
whole project go, and how does one more booking get in with as few others moved as possible."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from heapq import heapify, heappop, heappush
from itertools import islice, product

from pilotline.engines.scheduling import moves
from pilotline.engines.scheduling.encode import BEST, Encoded, encode
from pilotline.engines.scheduling.fitting import (
    earliest_mode,
    objective,
    put_step,
    take_step,
)
from pilotline.engines.scheduling.problem import (
    Held,
    Occupation,
    Place,
    Problem,
    Project,
    Resource,
    Span,
)
from pilotline.engines.scheduling.result import Places
from pilotline.engines.scheduling.sheets import places_of, put_today
from pilotline.engines.scheduling.solve import check

MOST_COMBINATIONS = 256
NOTHING: Mapping[str, tuple[Place, ...]] = {}


@dataclass(frozen=True, slots=True)
class Insertion:
    """A new project's places, and the new places of those that had to move for it."""

    places: tuple[Place, ...]
    moved: Mapping[str, tuple[Place, ...]]


class Agenda:
    """A problem with a plan, by resource. Made once, it answers any number of questions."""

    def __init__(self, problem: Problem, places: Places | None = None) -> None:
        """`places` are those of the plan; without it, today's."""
        self.problem = problem
        self.places = dict(places) if places is not None else _today(problem)
        self.resources = {r.id: r for r in problem.resources}
        self.projects = {p.id: p for p in problem.projects}
        self.holders: dict[str, dict[str, None]] = {r.id: {} for r in problem.resources}
        self.occupations: dict[str, list[Occupation]] = {r.id: [] for r in problem.resources}
        for occupation in problem.occupations:
            self.occupations[occupation.resource].append(occupation)
        for name, chosen in self.places.items():
            for step, place in zip(self.projects[name].steps, chosen, strict=True):
                for resource in step.modes[place.mode].resources:
                    self.holders[resource][name] = None

    def around(self, project: Project, moving: Iterable[str] = ()) -> Problem:
        """The problem of one project on the resources it could use; `moving` stay projects that
        may be moved, what else stands there becomes occupations."""
        movable = [
            replace(self.projects[n], today=self.places[n], held=Held.MOVABLE) for n in moving
        ]
        wanted: dict[str, Resource] = {}
        for one in (project, *movable):
            for step in one.steps:
                for mode in step.modes:
                    wanted |= {name: self.resources[name] for name in mode.resources}
        skip = {p.id for p in movable}
        occupations: list[Occupation] = []
        for name in wanted:
            occupations += self.occupations[name]
            for holder in self.holders[name]:
                if holder not in skip:
                    occupations += self._runs(holder, name)
        return Problem(
            (project, *movable),
            tuple(wanted.values()),
            tuple(occupations),
            self.problem.cleaning,
            move_cost=1.0,
        )

    def _runs(self, holder: str, resource: str) -> Iterable[Occupation]:
        project = self.projects[holder]
        for step, place in zip(project.steps, self.places[holder], strict=True):
            mode = step.modes[place.mode]
            if resource in mode.resources:
                span = Span(place.start, place.start + mode.length)
                yield Occupation(resource, span, step.family)


def _today(problem: Problem) -> dict[str, tuple[Place, ...]]:
    return {p.id: p.today for p in problem.projects if p.today}


def earliest(
    agenda: Agenda, project: Project, count: int, apart: int = 1
) -> list[tuple[Place, ...]]:
    """The `count` earliest ways to serve a whole project beside what stands, by their end.

    Each is a place for every step inside the project's window. Two on the same resources begin at
    least `apart` slots after each other. The first one ends as early as any.
    """
    encoded = encode(agenda.around(replace(project, today=(), held=Held.FREE)), seed=1)
    facts = encoded.facts
    first, end = facts.p_step[0], facts.p_step[1]
    choices = product(*(range(facts.s_mode[s], facts.s_mode[s + 1]) for s in range(first, end)))
    heap = []
    for modes in islice(choices, MOST_COMBINATIONS):
        found = _chain(encoded, modes, int(facts.p_from[0]))
        if found is not None:
            heap.append((*found, modes))
    heapify(heap)
    answer: list[tuple[Place, ...]] = []
    while heap and len(answer) < count:
        _, starts, modes = heappop(heap)
        answer.append(
            tuple(
                Place(start, int(mode - facts.s_mode[first + i]))
                for i, (start, mode) in enumerate(zip(starts, modes, strict=True))
            )
        )
        later = _chain(encoded, modes, starts[0] + apart)
        if later is not None:
            heappush(heap, (*later, modes))
    return answer


def _chain(
    encoded: Encoded, modes: tuple[int, ...], slot: int
) -> tuple[int, tuple[int, ...]] | None:
    """The end and the starts of the earliest chain on given modes from a slot on, or None."""
    facts, sheet, *_ = encoded
    first = facts.p_step[0]
    starts: list[int] = []
    for i, mode in enumerate(modes):
        step = first + i
        last = int(facts.p_to[0] - facts.s_tail[step] - facts.m_length[mode])
        start = int(earliest_mode(facts, sheet, mode, facts.s_family[step], slot, last))
        if start < 0:
            break
        put_step(facts, sheet, step, start, mode)
        starts.append(start)
        slot = start + int(facts.m_length[mode])
    for i in range(len(starts)):
        take_step(facts, sheet, first + i)
    return (slot, tuple(starts)) if len(starts) == len(modes) else None


def insert_one(
    agenda: Agenda, project: Project, *, seed: int = 1, tries: int = 400, most_moving: int = 60
) -> Insertion | None:
    """A place for one new project; others are moved only when there is none without.

    Only projects that are not confirmed may move, they stay served inside their windows, and
    of all ways found in `tries` moves the one that moves fewest is taken. None when none is found.
    The agenda itself is not changed.
    """
    simple = earliest(agenda, project, 1)
    if simple:
        return Insertion(simple[0], {})
    names = dict.fromkeys(n for step in project.steps for m in step.modes for n in m.resources)
    holders = dict.fromkeys(h for name in names for h in agenda.holders[name])
    moving = [h for h in holders if agenda.projects[h].held != Held.CONFIRMED][:most_moving]
    wanted = replace(project, today=(), held=Held.FREE, weight=float(len(moving) + 1))
    problem = agenda.around(wanted, moving)
    encoded = encode(problem, seed)
    put_today(encoded)
    facts, sheet = encoded.facts, encoded.sheet
    scratch = moves.scratch_for(facts, 3, 4, 0.02)
    for number in range(len(problem.projects)):
        moves.soil(scratch, number)
    sheet.value[BEST] = objective(facts, sheet)
    moves.keep_best(facts, sheet, scratch)
    moves.moves(facts, sheet, scratch, tries, 0.5)
    moves.restore_best(facts, sheet, scratch)
    if sheet.w_at[0] >= 0:
        return None
    places = places_of(encoded)
    check(problem, places)
    before = {n: agenda.places[n] for n in moving}
    moved = {n: places[n] for n in moving if tuple(places[n]) != tuple(before[n])}
    return Insertion(places[project.id], moved)
