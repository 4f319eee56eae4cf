"""The bridge to the scheduling engine: those who wait and what stands in, proposed times out.

Only like is planned with like: resources with the same slots and changeovers form one problem.
What stands in a calendar is never moved. Nothing here is imported before a plan is made: the
web's processes need no compiler.
"""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from pilotline.desks.booking.models import Bookable, Waiting
from pilotline.desks.booking.rules.free import Diary
from pilotline.engines.scheduling.problem import (
    Mode,
    Occupation,
    Problem,
    Project,
    Resource,
    Span,
    Step,
)
from pilotline.engines.scheduling.result import Result, Why

ENGINE = "scheduling 1"
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Planned:
    """What a plan says of one wish: a resource and a time, or why not. `earliest` is the first
    time after the wish's window, `holders` how many others stand in the way."""

    waiting: int
    resource: int | None = None
    start: datetime | None = None
    end: datetime | None = None
    why: str = ""
    earliest: datetime | None = None
    holders: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """All of it: `weight` served, `bound` no plan exceeds, `digest` of the problems."""

    planned: tuple[Planned, ...]
    weight: float
    bound: float
    digest: str


def plan(
    bookables: Sequence[Bookable],
    diaries: Mapping[int, Diary],
    wishes: Sequence[Waiting],
    *,
    widely: bool,
    start: datetime,
    end: datetime,
    now: datetime,
    seed: int,
    seconds: float,
) -> Plan:
    """A plan for all wishes in [start, end); `start` is a local midnight. The CPU seconds are
    shared by the groups. Raises what `Hours.windows` raises."""
    # Compilers and solvers are for the worker: the web's processes never load them.
    from pilotline.engines.scheduling.params import Params
    from pilotline.engines.scheduling.solve import solve
    from pilotline.engines.scheduling.stop import Stop

    groups = list(_groups(bookables, diaries))
    planned: list[Planned] = []
    weight = bound = 0.0
    digest = sha256()
    for group in groups:
        own = {b.pk for b in group}
        wanted = [w for w in wishes if w.resource_id in own]
        if not wanted:
            continue
        grid = _Grid(group, diaries, widely, start, end, now)
        problem = grid.problem(wanted)
        digest.update(repr(problem).encode())
        stop = Stop(iterations=20_000, seconds=seconds / len(groups), clock=time.process_time)
        result = solve(problem, stop=stop, seed=seed, params=Params(chunk=50))
        found = list(grid.read(problem, result))
        planned += found
        weight += sum(p.resource is not None for p in found)
        bound += min(result.bound, float(len(wanted)))
    return Plan(tuple(planned), weight, bound, digest.hexdigest())


def _groups(
    bookables: Iterable[Bookable], diaries: Mapping[int, Diary]
) -> Iterator[list[Bookable]]:
    found: dict[object, list[Bookable]] = {}
    for one in bookables:
        gaps = diaries[one.pk].gaps
        key = (one.slot, gaps.usual, tuple(sorted(gaps.table.items())))
        found.setdefault(key, []).append(one)
    yield from found.values()


class _Grid:
    """One group's resources on slots counted from a local midnight."""

    def __init__(
        self,
        bookables: Sequence[Bookable],
        diaries: Mapping[int, Diary],
        widely: bool,
        start: datetime,
        end: datetime,
        now: datetime,
    ) -> None:
        self.bookables = {b.pk: b for b in bookables}
        self.diaries, self.widely, self.start, self.end = diaries, widely, start, end
        self.soonest = now
        self.slot = timedelta(minutes=bookables[0].slot)
        self.last = self.down(end)

    def down(self, moment: datetime) -> int:
        """The slot a moment lies in."""
        return max(0, (moment - self.start) // self.slot)

    def up(self, moment: datetime) -> int:
        """The first slot that begins at a moment or after it."""
        return max(0, -((self.start - moment) // self.slot))

    def at(self, slot: int) -> datetime:
        return self.start + slot * self.slot

    def problem(self, wishes: Sequence[Waiting]) -> Problem:
        """Each wish a project of one step. Who came first counts a little more, so that among
        plans that serve as many the order of the line decides."""
        families = {w.family for w in wishes}
        for one in self.bookables:
            families |= {taken.family for taken in self.diaries[one].taken}
        count = len(wishes)
        return Problem(
            tuple(
                self._project(wish, 1.0 + (count - place) / (count + 1) / count)
                for place, wish in enumerate(sorted(wishes, key=lambda w: w.pk))
            ),
            tuple(Resource(str(one), tuple(self._open(one))) for one in self.bookables),
            tuple(self._taken()),
            self._cleaning(families),
        )

    def _project(self, wish: Waiting, weight: float) -> Project:
        own = self.bookables[wish.resource_id]
        begin = self.up(max(wish.window.lower, self.soonest + own.lead * MINUTE))
        length = -(-wish.minutes * MINUTE // self.slot)
        end = max(begin + 1, self.down(min(wish.window.upper, self.end)))
        modes = [Mode((str(own.pk),), length)] if own.is_open else []
        others = self.bookables.values() if self.widely else ()
        modes += [Mode((str(o.pk),), length) for o in others if _may_stand_in(o, own, wish)]
        step = Step(tuple(modes), _family(wish.family))
        return Project(str(wish.pk), (step,), Span(begin, end), weight, wish.organisation.kind)

    def _open(self, resource: int) -> Iterator[Span]:
        diary = self.diaries[resource]
        last = 0
        if diary.through:
            yield Span(0, self.last)
            return
        for window in diary.hours.windows(self.start, self.end):
            start, end = max(self.up(window.start), last), self.down(window.end)
            if start < end:
                yield Span(start, end)
                last = end

    def _taken(self) -> Iterator[Occupation]:
        for resource in self.bookables:
            last = 0
            for taken in self.diaries[resource].taken:
                start, end = max(last, self.down(taken.start)), self.up(taken.end)
                if start < end:
                    yield Occupation(str(resource), Span(start, end), _family(taken.family))
                    last = end

    def _cleaning(self, families: Iterable[str]) -> dict[tuple[str, str], int]:
        """Changeovers in whole slots. A table in which a detour is quicker is replaced by its
        longest entry for all pairs: too careful, never too short."""
        gaps = self.diaries[next(iter(self.bookables))].gaps
        names = sorted(families)
        table = {(a, b): -(-gaps.between(a, b) // self.slot) for a in names for b in names}
        quick = any(
            table[a, c] + table[c, b] < table[a, b] for a in names for b in names for c in names
        )
        longest = max(table.values(), default=0)
        return {(_family(a), _family(b)): longest if quick else table[a, b] for a, b in table}

    def read(self, problem: Problem, result: Result) -> Iterator[Planned]:
        """The result in the desk's words; a time whose start or end is closed is no time."""
        for project in problem.projects:
            number = int(project.id)
            if project.id in result.places:
                place = result.places[project.id][0]
                mode = project.steps[0].modes[place.mode]
                start, end = self.at(place.start), self.at(place.start + mode.length)
                resource = int(mode.resources[0])
                if self.diaries[resource].is_open(start, end):
                    yield Planned(number, resource, start, end)
                else:
                    yield Planned(number, why=str(Why.CLOSED))
        for waits in result.waiting:
            soonest = self.at(waits.earliest[0].start) if waits.earliest else None
            why = str(waits.why)
            yield Planned(int(waits.project), why=why, earliest=soonest, holders=len(waits.holders))


def _family(name: str) -> str:
    """An unnamed material is a material: changeovers to and from it count."""
    return f"family:{name}"


def _may_stand_in(other: Bookable, own: Bookable, wish: Waiting) -> bool:
    """Whether another resource could serve the wish: its like, open, without a licence."""
    return (
        other.pk != own.pk
        and other.is_open
        and not other.licence
        and other.shortest <= wish.minutes <= other.longest
        and other.resource.facility_id == own.resource.facility_id
        and other.resource.kind == own.resource.kind
    )


__all__ = ["ENGINE", "Plan", "Planned", "Why", "plan"]
