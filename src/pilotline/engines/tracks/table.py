"""The table of a track: its steps, their clocks, their outcomes and where each leads."""

from dataclasses import dataclass
from typing import NamedTuple

# Where an outcome may lead beside an end of the track and a step that it calls.
ON, WAIT = "on", "wait"
# What may happen beside outcomes.
ANSWERED, WITHDRAWN = "answered", "withdrawn"
RESERVED = frozenset({ON, WAIT, ANSWERED, WITHDRAWN})


class Outcome(NamedTuple):
    """What may come out of a step, and where it leads: `on`, `wait`, an end, or a called step."""

    id: str
    leads: str


class Escalation(NamedTuple):
    """So many working days after it was due a step goes up to somebody."""

    after: int
    to: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a track.

    It opens when every step in `after` is done; with `when` only if one of those came to one of
    these outcomes, else it is passed over. A `called` step opens only by an outcome that leads to
    it, while the step that called it stands still. `days` is its clock in working days,
    `green_days` the one in the green lane, `least` the working days that must pass before it may
    end, `answer_days` what the applicant has when it waits for them (0: no limit).
    """

    id: str
    doer: str
    outcomes: tuple[Outcome, ...]
    after: tuple[str, ...] = ()
    days: int = 0
    green_days: int | None = None
    least: int = 0
    when: tuple[str, ...] = ()
    called: bool = False
    answer_days: int = 0
    escalations: tuple[Escalation, ...] = ()

    def clock(self, green: bool) -> int:
        """Its working days in the lane."""
        return self.green_days if green and self.green_days is not None else self.days
