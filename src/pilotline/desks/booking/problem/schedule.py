"""The bridge to the scheduling engine: those who wait and what stands in, proposed times out.

Only like is planned with like: resources with the same slots and changeovers form one problem.
Where the steps of a wish lie on unlike ones, those are planned together: in the finest slots that
all of theirs are whole numbers of, each with its own starts, and with the longer changeovers. What
stands in a calendar is never moved. Nothing here is imported before a plan is made: the web's
processes need no compiler.
"""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import product
from math import gcd

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
DAY_MINUTES = 24 * 60
MOST_PIECES = 12


@dataclass(frozen=True, slots=True)
class Planned:
    """What a plan says of a wish, or of one of its steps (from 1): a resource, a second one where
    it takes two, and a time; or why not. `earliest` is the first time after the wish's window, on
    the resource `earliest_at`; `holders` how many others stand in the way."""

    waiting: int
    step: int = 0
    resource: int | None = None
    beside: int | None = None
    start: datetime | None = None
    end: datetime | None = None
    why: str = ""
    earliest: datetime | None = None
    earliest_at: int | None = None
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
    soonest: datetime,
    seed: int,
    seconds: float,
) -> Plan:
    """A plan for all wishes in [start, end), nothing before `soonest`; `start` is a local
    midnight. The CPU seconds are shared by the groups. Raises what `Hours.windows` raises."""
    # Compilers and solvers are for the worker: the web's processes never load them.
    from pilotline.engines.scheduling.params import Params
    from pilotline.engines.scheduling.solve import solve
    from pilotline.engines.scheduling.stop import Stop

    groups = list(_groups(bookables, diaries, wishes))
    planned: list[Planned] = []
    weight = bound = 0.0
    digest = sha256()
    for group in groups:
        own = {b.pk for b in group}
        wanted = [w for w in wishes if w.resource_id in own]
        if not wanted:
            continue
        grid = _Grid(group, diaries, widely, start, end, soonest)
        problem = grid.problem(wanted)
        digest.update(repr(problem).encode())
        stop = Stop(iterations=20_000, seconds=seconds / len(groups), clock=time.process_time)
        result = solve(problem, stop=stop, seed=seed, params=Params(chunk=50))
        found = list(grid.read(problem, wanted, result))
        planned += found
        weight += len({p.waiting for p in found if p.resource is not None})
        bound += min(result.bound, float(len(wanted)))
    return Plan(tuple(planned), weight, bound, digest.hexdigest())


def _groups(
    bookables: Sequence[Bookable], diaries: Mapping[int, Diary], wishes: Iterable[Waiting]
) -> Iterator[list[Bookable]]:
    """Like with like, and what the steps of one wish need together."""
    group: dict[int, object] = {}
    for one in bookables:
        gaps = diaries[one.pk].gaps
        group[one.pk] = (one.slot, gaps.usual, tuple(sorted(gaps.table.items())))
    for wish in wishes:
        joined = {group[r] for r in _resources(wish) if r in group}
        if len(joined) > 1:
            into = min(joined, key=repr)
            group = {r: into if key in joined else key for r, key in group.items()}
    found: dict[object, list[Bookable]] = {}
    for one in bookables:
        found.setdefault(group[one.pk], []).append(one)
    yield from found.values()


def _resources(wish: Waiting) -> set[int]:
    """All that could serve a step of it."""
    if not wish.in_steps:
        return {wish.resource_id}
    return {resource for step in wish.steps.all() for way in step.ways for resource in way}


class _Grid:
    """One group's resources on slots counted from a local midnight.

    A day is a whole number of slots, and so is every resource's own slot and every changeover:
    rounding loses no start.
    """

    def __init__(
        self,
        bookables: Sequence[Bookable],
        diaries: Mapping[int, Diary],
        widely: bool,
        start: datetime,
        end: datetime,
        soonest: datetime,
    ) -> None:
        self.bookables = {b.pk: b for b in bookables}
        self.diaries, self.widely, self.start, self.end = diaries, widely, start, end
        self.soonest = soonest
        self.minutes = gcd(DAY_MINUTES, *(b.slot for b in bookables), *self._changeovers())
        self.slot = self.minutes * MINUTE
        self.last = self.down(end)

    def _changeovers(self) -> Iterator[int]:
        for one in self.bookables:
            gaps = self.diaries[one].gaps
            yield from (gaps.usual, *gaps.table.values())

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
            pieces = self.diaries[one].pieces
            families |= {taken.family for standing in pieces for taken in standing}
        count = len(wishes)
        return Problem(
            tuple(
                self._project(wish, 1.0 + (count - place) / (count + 1) / count)
                for place, wish in enumerate(sorted(wishes, key=lambda w: w.pk))
            ),
            tuple(
                self._resource(one, piece)
                for one in self.bookables.values()
                for piece in self._pieces(one.pk)
            ),
            tuple(self._taken()),
            self._cleaning(families),
        )

    def _resource(self, one: Bookable, piece: str) -> Resource:
        """Its starts are whole slots of its own, counted anew from each midnight."""
        every, day = one.slot // self.minutes, DAY_MINUTES // self.minutes
        return Resource(piece, tuple(self._open(one.pk)), every=every, cycle=day)

    def _project(self, wish: Waiting, weight: float) -> Project:
        known = [self.bookables[r] for r in _resources(wish) if r in self.bookables]
        lead = max((one.lead for one in known), default=0)
        begin = self.up(max(wish.window.lower, self.soonest + lead * MINUTE))
        end = max(begin + 1, self.down(min(wish.window.upper, self.end)))
        steps = self._steps(wish) if wish.in_steps else (self._only_step(wish),)
        return Project(str(wish.pk), steps, Span(begin, end), weight, wish.organisation.kind)

    def _only_step(self, wish: Waiting) -> Step:
        own = self.bookables[wish.resource_id]
        length = self._length(wish.minutes)
        able = [own] if own.is_open and not wish.minutes % own.slot else []
        others = self.bookables.values() if self.widely else ()
        able += [other for other in others if _may_stand_in(other, own, wish)]
        return Step(tuple(self._modes([one.pk for one in able], length)), _family(wish.family))

    def _modes(self, resources: Iterable[int], length: int) -> Iterator[Mode]:
        for one in resources:
            for piece in self._pieces(one):
                yield Mode((piece,), length)

    def _pieces(self, resource: int) -> list[str]:
        """Equal pieces of a resource are resources of their own to the engine, which takes one
        run at a time; beyond `MOST_PIECES` the others are left to those who book at once."""
        count = min(MOST_PIECES, len(self.diaries[resource].pieces))
        return [f"{resource}.{piece}" for piece in range(count)]

    def _steps(self, wish: Waiting) -> tuple[Step, ...]:
        """Each with the ways all of whose resources can be booked now."""
        steps = []
        for step in wish.steps.all():
            modes = [
                Mode(pieces, self._length(step.minutes))
                for way in step.ways
                if all(self._takes(r, step.minutes) for r in way)
                for pieces in product(*(self._pieces(r) for r in way))
            ]
            steps.append(Step(tuple(modes), _family(wish.family)))
        return tuple(steps)

    def _takes(self, resource: int, minutes: int) -> bool:
        """Whether it can be booked now, for so long."""
        known = self.bookables.get(resource)
        return known is not None and known.is_open and not minutes % known.slot

    def _length(self, minutes: int) -> int:
        return -(-minutes * MINUTE // self.slot)

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
            rows = zip(self._pieces(resource), self.diaries[resource].pieces, strict=False)
            for piece, standing in rows:
                last = 0
                for taken in standing:
                    start, end = max(last, self.down(taken.start)), self.up(taken.end)
                    if start < end:
                        yield Occupation(piece, Span(start, end), _family(taken.family))
                        last = end

    def _cleaning(self, families: Iterable[str]) -> dict[tuple[str, str], int]:
        """Changeovers in whole slots, the longest where resources differ. A table in which a
        detour is quicker is replaced by its longest entry for all pairs: too careful, never too
        short."""
        all_gaps = [self.diaries[one].gaps for one in self.bookables]
        names = sorted(families)
        table = {
            (a, b): max(-(-gaps.between(a, b) // self.slot) for gaps in all_gaps)
            for a in names
            for b in names
        }
        quick = any(
            table[a, c] + table[c, b] < table[a, b] for a in names for b in names for c in names
        )
        longest = max(table.values(), default=0)
        return {(_family(a), _family(b)): longest if quick else table[a, b] for a, b in table}

    def read(
        self, problem: Problem, wishes: Iterable[Waiting], result: Result
    ) -> Iterator[Planned]:
        """The result in the desk's words; a time whose start or end is closed is no time."""
        known = {str(wish.pk): wish for wish in wishes}
        for project in problem.projects:
            if project.id in result.places:
                yield from self._times(known[project.id], project, result)
        projects = {project.id: project for project in problem.projects}
        for waits in result.waiting:
            soonest, where = None, None
            if waits.earliest:
                place = waits.earliest[0]
                mode = projects[waits.project].steps[0].modes[place.mode]
                soonest, where = self.at(place.start), _resource(mode.resources[0])
            yield Planned(
                int(waits.project),
                step=waits.step + 1 if known[waits.project].in_steps else 0,
                why=str(waits.why),
                earliest=soonest,
                earliest_at=where,
                holders=len(waits.holders),
            )

    def _times(self, wish: Waiting, project: Project, result: Result) -> list[Planned]:
        """A line a step; one alone when a time turns out to be closed."""
        lengths = [step.minutes for step in wish.steps.all()] if wish.in_steps else [wish.minutes]
        lines = []
        for number, place in enumerate(result.places[project.id]):
            names = project.steps[number].modes[place.mode].resources
            first, *second = (_resource(name) for name in names)
            start = self.at(place.start)
            end = start + lengths[number] * MINUTE
            step = number + 1 if wish.in_steps else 0
            if not all(self.diaries[r].is_open(start, end) for r in (first, *second)):
                return [Planned(wish.pk, step, why=str(Why.CLOSED))]
            lines.append(Planned(wish.pk, step, first, *(second or [None]), start, end))
        return lines


def _resource(piece: str) -> int:
    """The resource that a piece belongs to."""
    return int(piece.partition(".")[0])


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
        and not wish.minutes % other.slot
        and other.resource.facility_id == own.resource.facility_id
        and other.resource.kind == own.resource.kind
    )


__all__ = ["ENGINE", "Plan", "Planned", "Why", "plan"]
