"""A track, what has happened on it, and the working days by which its clocks run."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from pilotline.engines.tracks.compiled import Compiled
from pilotline.engines.tracks.soundness import faults_of
from pilotline.engines.tracks.table import Step
from pilotline.kernel.errors import PilotlineError


class BadTrack(PilotlineError):
    """This track cannot be walked."""

    code = "bad-track"


class BadCourse(PilotlineError):
    """That cannot happen on this track now."""

    code = "bad-course"


class ClockEnds(PilotlineError):
    """The working days that were given do not reach that far."""

    code = "clock-ends"


@dataclass(frozen=True, slots=True)
class Track:
    """Steps and the ends they may lead to. Raises BadTrack, with all `faults`, when it is unsound.

    `doers` are those who exist and can do steps; empty: not asked.
    """

    id: str
    steps: tuple[Step, ...]
    ends: tuple[str, ...]
    doers: frozenset[str] = frozenset()
    compiled: Compiled = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        faults = faults_of(self.steps, self.ends, self.doers)
        if faults:
            named = ", ".join(f"{f.code} {f.step}" for f in faults)
            raise BadTrack(f"{self.id}: {named}", faults=faults)
        object.__setattr__(self, "compiled", Compiled(self.steps, self.ends))

    def step(self, name: str) -> Step:
        """The step of that name; KeyError when there is none."""
        return self.steps[self.compiled.index[name]]


class Happened(NamedTuple):
    """On this day the step came to this outcome, or was `answered` by the applicant.

    `withdrawn` with no step: the applicant left.
    """

    day: date
    step: str
    what: str


@dataclass(frozen=True, slots=True)
class Course:
    """What has happened to one case, in order, since the day it was opened."""

    opened: date
    happened: tuple[Happened, ...] = ()
    green: bool = False


class WorkDays:
    """The working days of [first, last], counted once so that every clock is one look-up.

    `off` are the days of that time that are not worked. Days are ordinals inside
    (`date.toordinal`). Raises ClockEnds outside of the time.
    """

    __slots__ = ("_before", "_first", "_last", "_worked")

    def __init__(self, first: date, last: date, off: Iterable[date]) -> None:
        if last < first:
            raise ValueError("the last day lies before the first")
        idle = {day.toordinal() for day in off}
        self._first, self._last = first.toordinal(), last.toordinal()
        self._worked = [d for d in range(self._first, self._last + 1) if d not in idle]
        self._before: list[int] = []  # how many are worked up to and with each day
        count = 0
        for day in range(self._first, self._last + 1):
            count += day not in idle
            self._before.append(count)

    def add(self, day: int, count: int) -> int:
        """The `count`-th working day after `day`; 0 gives the day itself."""
        if not count:
            return day
        place = self._upto(day) + count - 1
        if place >= len(self._worked):
            raise ClockEnds(ends=date.fromordinal(self._last).isoformat())
        return self._worked[place]

    def count(self, start: int, end: int) -> int:
        """Working days after `start` up to and with `end`; 0 when `end` is not later."""
        return max(0, self._upto(end) - self._upto(start)) if end > start else 0

    def _upto(self, day: int) -> int:
        if not self._first <= day <= self._last:
            at = date.fromordinal(day).isoformat()
            raise ClockEnds(day=at, ends=date.fromordinal(self._last).isoformat())
        return self._before[day - self._first]

    @property
    def first(self) -> date:
        return date.fromordinal(self._first)

    @property
    def last(self) -> date:
        return date.fromordinal(self._last)


@dataclass(frozen=True, slots=True)
class Problem:
    """One case on one track, seen on `today`. Raises BadCourse when today is before the start."""

    track: Track
    course: Course
    days: WorkDays
    today: date

    def __post_init__(self) -> None:
        if self.today < self.course.opened:
            raise BadCourse("today is before the start", reason="before-start")
