"""A track turned into numbers, once, so that a case is walked without looking anything up."""

from collections.abc import Sequence
from typing import NamedTuple

from pilotline.engines.tracks.table import ON, WAIT, Step

# Where an outcome leads, as a number: a called step is its place (0 and up), an end lies below.
TO_ON, TO_WAIT, FIRST_END = -1, -2, -3


class Row(NamedTuple):
    """One step as numbers: places of the steps before and after it."""

    before: tuple[int, ...]
    then: tuple[int, ...]
    when: tuple[str, ...]
    leads: dict[str, int]
    clocks: tuple[int, int]
    least: int
    called: bool


class Compiled:
    """Steps by place; `order` are the places of the steps in line, each after those before it."""

    __slots__ = ("ends", "ids", "index", "last", "order", "rows", "starts", "steps")

    def __init__(self, steps: Sequence[Step], ends: Sequence[str]) -> None:
        """The steps are sound (`soundness.faults_of` found nothing)."""
        self.steps = tuple(steps)
        self.ends = tuple(ends)
        self.ids = tuple(step.id for step in steps)
        self.index = {name: place for place, name in enumerate(self.ids)}
        then: list[list[int]] = [[] for _ in steps]
        for place, step in enumerate(steps):
            for name in step.after:
                then[self.index[name]].append(place)
        self.rows = tuple(self._row(step, then[place]) for place, step in enumerate(steps))
        in_line = [place for place, row in enumerate(self.rows) if not row.called]
        self.starts = tuple(place for place in in_line if not self.rows[place].before)
        self.order = self._ordered()
        self.last = next(place for place in in_line if not self.rows[place].then)

    def _row(self, step: Step, then: list[int]) -> Row:
        return Row(
            before=tuple(self.index[name] for name in step.after),
            then=tuple(then),
            when=step.when,
            leads={outcome.id: self._lead(outcome.leads) for outcome in step.outcomes},
            clocks=(step.clock(False), step.clock(True)),
            least=step.least,
            called=step.called,
        )

    def _lead(self, leads: str) -> int:
        if leads in (ON, WAIT):
            return TO_ON if leads == ON else TO_WAIT
        if leads in self.index:
            return self.index[leads]
        return FIRST_END - self.ends.index(leads)

    def _ordered(self) -> tuple[int, ...]:
        """Places so that what comes before stands before."""
        found: list[int] = []
        missing = {place: len(row.before) for place, row in enumerate(self.rows)}
        ready = list(self.starts)
        while ready:
            place = ready.pop(0)
            found.append(place)
            for later in self.rows[place].then:
                missing[later] -= 1
                if not missing[later]:
                    ready.append(later)
        return tuple(found)
