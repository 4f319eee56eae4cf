"""When a use fits between others: changeovers, free windows, the starts that can be chosen.

Two uses that follow each other keep the changeover of their material families between them. It
is counted to the later one, so that `blocked` of an occupation is [start - changeover, end).
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import islice

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
    `slot`, `shortest` and `longest` are minutes. `others`: the same of further equal pieces,
    each taken on its own; the resource is free while one of them is."""

    resource: int
    hours: Hours
    gaps: Gaps
    taken: Sequence[Taken]
    slot: int = 60
    shortest: int = 60
    longest: int = 60 * 24 * 14
    through: bool = False
    others: Sequence[Sequence[Taken]] = ()

    @property
    def pieces(self) -> tuple[Sequence[Taken], ...]:
        return (self.taken, *self.others)

    def is_clear(self, start: datetime, end: datetime, family: str) -> bool:
        """True when nothing that is taken, with its changeovers, is in the way."""
        return self.clear_piece(start, end, family) is not None

    def clear_piece(self, start: datetime, end: datetime, family: str) -> int | None:
        """The first piece, counted from 0, on which nothing is in the way."""
        for number, taken in enumerate(self.pieces):
            place = bisect_left(taken, start, key=lambda one: one.start)
            before = taken[place - 1] if place else None
            after = taken[place] if place < len(taken) else None
            if before and start - self.gaps.between(before.family, family) < before.end:
                continue
            if after and after.start - self.gaps.between(family, after.family) < end:
                continue
            return number
        return None

    def with_use(self, start: datetime, end: datetime, family: str) -> "Diary":
        """The same after one more use, on the first piece that is clear; unchanged if none is."""
        number = self.clear_piece(start, end, family)
        if number is None:
            return self
        pieces = list(self.pieces)
        added = [*pieces[number], Taken(start, end, family)]
        pieces[number] = sorted(added, key=lambda one: one.start)
        return replace(self, taken=pieces[0], others=pieces[1:])

    def clear_windows(self, start: datetime, end: datetime, family: str) -> list[Period]:
        """Where in [start, end) a use may lie, as far as its neighbours go, in order. Windows of
        different pieces may overlap; those that lie within another are left out."""
        windows = [
            window for taken in self.pieces for window in self._clear(taken, start, end, family)
        ]
        if not self.others:
            return windows
        found: list[Period] = []
        for window in sorted(windows, key=lambda w: (w.start, -w.length)):
            if not found or window.end > found[-1].end:
                found.append(window)
        return found

    def _clear(
        self, taken: Sequence[Taken], start: datetime, end: datetime, family: str
    ) -> Iterator[Period]:
        # What lies wholly before or after shuts no window between.
        first = bisect_left(taken, start, key=lambda one: one.start)
        last = bisect_left(taken, end, lo=first, key=lambda one: one.start)
        before = taken[first - 1] if first else None
        for after in (*taken[first : last + 1], None):
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
        clear = self.clear_windows(start, reach, family)
        last, first = start, 0
        for window in self.hours.windows(start, end if self.through else reach):
            # Both are in order, so what ended before this window opens ended before all later ones.
            while first < len(clear) and clear[first].end <= window.start:
                first += 1
            for free in islice(clear, first, None):
                if free.start >= window.end:
                    break
                part = window.overlap(free)
                if part is None:
                    continue
                # Windows of different pieces overlap: no start is given twice.
                for moment in self._starts_in(part, end, length, free):
                    if moment >= last:
                        yield moment
                        last = moment + timedelta(minutes=1)

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
