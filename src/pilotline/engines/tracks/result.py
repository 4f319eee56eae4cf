"""Where a case stands: the course of every step, who must act, and when it may end."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from pilotline.engines.tracks.table import Escalation

# What a step's run can be. The first three are living: somebody must act.
OPEN, WAITING, HELD, DONE, SKIPPED, DROPPED = range(6)
STATES = ("open", "waiting", "held", "done", "skipped", "dropped")
LIVING = frozenset({OPEN, WAITING, HELD})


class Stop(NamedTuple):
    """The clock stood from the day after `start` up to and with `end`; None: it stands still."""

    start: date
    end: date | None


@dataclass(frozen=True, slots=True)
class Run:
    """One course of one step.

    `state` is a word of STATES. `due` is the last day in time; None while the clock stands.
    `answer_due` is the applicant's last day while the step waits for them. `late` counts the
    working days since it was due; `goes_up` is whom it has gone up to by now.
    """

    step: str
    doer: str
    state: str
    opened: date
    days: int
    due: date | None = None
    closed: date | None = None
    outcome: str = ""
    stops: tuple[Stop, ...] = ()
    answer_due: date | None = None
    late: int = 0
    goes_up: Escalation | None = None
    called_by: str = ""

    @property
    def is_living(self) -> bool:
        return self.state in ("open", "waiting", "held")


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one case stands on one day.

    `runs` in the order in which they opened. `next` are the steps that open once the living ones
    have passed. `earliest` (everything done as soon as it may), `usual` (every clock used, nothing
    extra wanted) and `latest` (every clock used, everything wanted) are ends; None once it has
    ended, or when the working days do not reach so far. `spent` and `summed` are working days:
    what passed, and what the same steps would have taken one after another.
    """

    runs: tuple[Run, ...]
    ended: str = ""
    ended_on: date | None = None
    next: tuple[str, ...] = ()
    earliest: date | None = None
    usual: date | None = None
    latest: date | None = None
    spent: int = 0
    summed: int = 0

    @property
    def living(self) -> tuple[Run, ...]:
        return tuple(run for run in self.runs if run.is_living)

    @property
    def saved(self) -> int:
        """Working days that going side by side has saved so far."""
        return max(0, self.summed - self.spent)


class Plan(NamedTuple):
    """What a track promises before anything has happened, in working days."""

    side_by_side: int
    one_after_another: int

    @property
    def saved(self) -> int:
        return self.one_after_another - self.side_by_side
