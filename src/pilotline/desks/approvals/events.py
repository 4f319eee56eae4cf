"""What the approvals desk announces."""

from dataclasses import dataclass

from pilotline.kernel.event import Event


@dataclass(frozen=True, slots=True)
class ProjectOpened(Event):
    """A pilot project was complete on arrival; everything that runs side by side is open."""

    project: int
    number: str
    case: int
    organisation: int
    kind: str
    green: bool


@dataclass(frozen=True, slots=True)
class ProjectDecided(Event):
    """A project came to its end: `outcome` is the end of its track, `granted` whether it may run.
    The news that a case is cleared."""

    project: int
    number: str
    case: int
    organisation: int
    outcome: str
    granted: bool


@dataclass(frozen=True, slots=True)
class ConditionDue(Event):
    """A condition falls due within a week, or is overdue, and nothing was reported."""

    condition: int
    project: int
    number: str
    organisation: int
    due: str


@dataclass(frozen=True, slots=True)
class PermitEnding(Event):
    """A line's permit ends in `days` days (below zero: it has ended and was not closed)."""

    permit: int
    number: str
    organisation: int
    operator: int | None
    days: int


@dataclass(frozen=True, slots=True)
class ConditionMoved(Event):
    """A condition was `reported`, found `met`, or is `lacking` something still. `number`: which of
    its moves this is."""

    condition: int
    project: int
    move: str
    number: int = 0


@dataclass(frozen=True, slots=True)
class PermitMoved(Event):
    """More time was `asked` for, `granted` or `denied`; or the line was `closed` and reported.
    `number`: which of its moves this is."""

    permit: int
    project: int
    move: str
    number: int = 0
