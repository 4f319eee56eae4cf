"""When a use fits between others: changeovers, free windows, the starts that can be chosen.

Two uses that follow each other keep the changeover of their material families between them. It
is counted to the later one, so that `blocked` of an occupation is [start - changeover, end).
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pilotline.desks.booking.rules.opening import Hours
from pilotline.kernel.period import Period

MOST_CHANGEOVER = 14 * 24 * 60
REACH = timedelta(minutes=MOST_CHANGEOVER)
ANY = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """A use that stands already. `family` is that of its material, or empty."""

    start: datetime
    end: datetime
    family: str = ANY


@dataclass(frozen=True, slots=True)
class Gaps:
    """Minutes of changeover from one family to the next, `usual` where the table is silent."""

    usual: int = 0
    table: Mapping[tuple[str, str], int] = field(default_factory=dict)

    def between(self, before: str, after: str) -> timedelta:
        """The pair itself goes before `before → any`, that before `any → after`."""
        for pair in ((before, after), (before, ANY), (ANY, after)):
            if pair in self.table:
                return timedelta(minutes=self.table[pair])
        return timedelta(minutes=self.usual)


@dataclass(frozen=True, slots=True)
class Diary:
    """All that decides when one resource is free. `taken` is in order and without overlaps;
    `slot`, `shortest` and `longest` are minutes."""

    resource: int
    hours: Hours
    gaps: Gaps
    taken: Sequence[Taken]
    slot: int = 60
    shortest: int = 60
    longest: int = 60 * 24 * 14
    through: bool = False

    def neighbours(self, start: datetime) -> tuple[Taken | None, Taken | None]:
        """What stands before a use that begins then, and what stands after it."""
        place = bisect_left(self.taken, start, key=lambda taken: taken.start)
        before = self.taken[place - 1] if place else None
        after = self.taken[place] if place < len(self.taken) else None
        return before, after

    def is_clear(self, start: datetime, end: datetime, family: str) -> bool:
        """True when nothing that is taken, with its changeovers, is in the way."""
        before, after = self.neighbours(start)
        if before and start - self.gaps.between(before.family, family) < before.end:
            return False
        return not (after and after.start - self.gaps.between(family, after.family) < end)

    def clear_windows(self, start: datetime, end: datetime, family: str) -> Iterator[Period]:
        """Where in [start, end) a use may lie, as far as its neighbours go."""
        before: Taken | None = None
        for after in (*self.taken, None):
            opens, closes = start, end
            if before:
                opens = max(start, before.end + self.gaps.between(before.family, family))
            if after:
                closes = min(end, after.start - self.gaps.between(family, after.family))
            if opens < closes:
                yield Period(opens, closes)
            before = after

    def is_open(self, start: datetime, end: datetime) -> bool:
        """True when the opening hours allow it. Raises what `Hours.windows` raises."""
        if not self.through:
            whole = Period(start, end)
            return any(window.contains(whole) for window in self.hours.windows(start, end))
        moment = timedelta(minutes=1)
        first = self.hours.windows(start, start + moment)
        last = self.hours.windows(end - moment, end)
        return any(w.contains(start) for w in first) and any(w.start < end <= w.end for w in last)

    def on_grid(self, moment: datetime) -> bool:
        """True when a use may start then: whole slots from midnight."""
        local = moment.astimezone(self.hours.zone)
        minutes = local.hour * 60 + local.minute
        return minutes % self.slot == 0 and not local.second and not local.microsecond

    def _first_on_grid(self, moment: datetime) -> datetime:
        local = moment.astimezone(self.hours.zone)
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        slots = -((local - midnight) // -timedelta(minutes=self.slot))
        if slots * self.slot >= 24 * 60:
            return midnight + timedelta(days=1)
        return midnight + timedelta(minutes=slots * self.slot)

    def starts(
        self, start: datetime, end: datetime, length: timedelta, family: str
    ) -> Iterator[datetime]:
        """Every start in [start, end) at which a use of `length` fits, in order.

        Raises what `Hours.windows` raises; stops quietly at `end`.
        """
        reach = end + length
        clear = list(self.clear_windows(start, reach, family))
        for window in self.hours.windows(start, end if self.through else reach):
            for free in clear:
                part = window.overlap(free)
                if part is not None:
                    yield from self._starts_in(part, end, length, free)

    def _starts_in(
        self, part: Period, end: datetime, length: timedelta, free: Period
    ) -> Iterator[datetime]:
        moment = self._first_on_grid(part.start)
        last = free.end if self.through else part.end
        while moment < min(end, part.end) and moment + length <= last:
            if not self.through or self.is_open(moment, moment + length):
                yield moment
            moment = self._first_on_grid(moment + timedelta(minutes=self.slot))


def next_starts(
    diary: Diary,
    start: datetime,
    end: datetime,
    length: timedelta,
    family: str = ANY,
    *,
    most: int = 3,
) -> list[datetime]:
    """The first starts, each in a free stretch of its own, so that they are a real choice."""
    found: list[datetime] = []
    for moment in diary.starts(start, end, length, family):
        if not found or moment >= found[-1] + length:
            found.append(moment)
        if len(found) == most:
            break
    return found


def common_starts(
    diaries: Sequence[Diary],
    start: datetime,
    end: datetime,
    length: timedelta,
    family: str = ANY,
    *,
    most: int = 3,
) -> list[datetime]:
    """Starts at which all of these resources are free together, as `next_starts` gives them.

    The coarsest slots are walked, for on them lie the fewest starts.
    """
    lead, *others = sorted(diaries, key=lambda diary: -diary.slot)
    found: list[datetime] = []
    for moment in lead.starts(start, end, length, family):
        if found and moment < found[-1] + length:
            continue
        if all(
            other.on_grid(moment)
            and other.is_clear(moment, moment + length, family)
            and other.is_open(moment, moment + length)
            for other in others
        ):
            found.append(moment)
        if len(found) == most:
            break
    return found
