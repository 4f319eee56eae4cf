"""What the desk of calls announces."""

from dataclasses import dataclass

from pilotline.kernel.event import Event


@dataclass(frozen=True, slots=True)
class CallOpened(Event):
    """A program may be applied for, up to and with `closes` (an ISO day)."""

    call: int
    number: str
    program: str
    region: str
    closes: str


@dataclass(frozen=True, slots=True)
class CallCancelled(Event):
    """A call was taken back; whoever applied is told why."""

    call: int
    number: str
    reason: str


@dataclass(frozen=True, slots=True)
class ApplicationAccepted(Event):
    """An application was complete and has its number."""

    application: int
    number: str
    call: int
    organisation: int
    region: str


@dataclass(frozen=True, slots=True)
class PartnerAsked(Event):
    """An organisation was named as a partner and is to agree."""

    application: int
    organisation: int
    lead: int


@dataclass(frozen=True, slots=True)
class ApplicationDecided(Event):
    """What an application came to: `state` as in its table of states."""

    application: int
    number: str
    call: int
    organisation: int
    state: str
    granted: str


@dataclass(frozen=True, slots=True)
class NoticeOpened(Event):
    """The list is up for objections, up to and with `until` (an ISO day)."""

    call: int
    number: str
    until: str


@dataclass(frozen=True, slots=True)
class ObjectionRaised(Event):
    """Somebody objects to the list; it is answered before the decision is final."""

    objection: int
    call: int
    region: str


@dataclass(frozen=True, slots=True)
class ObjectionAnswered(Event):
    """An objection has its answer."""

    objection: int
    call: int
    by: int | None
    upheld: bool


@dataclass(frozen=True, slots=True)
class ResultsPublished(Event):
    """A call has come to its end and its results are public."""

    call: int
    number: str


@dataclass(frozen=True, slots=True)
class SeatOffered(Event):
    """A place at an event became free for somebody who waited."""

    application: int
    organisation: int


@dataclass(frozen=True, slots=True)
class MilestoneDue(Event):
    """A milestone is due and not yet reported."""

    milestone: int
    application: int
    organisation: int
    due: str


@dataclass(frozen=True, slots=True)
class MilestoneReported(Event):
    """A milestone was reported and is to be checked."""

    milestone: int
    application: int
    region: str


@dataclass(frozen=True, slots=True)
class MilestoneAgreed(Event):
    """A further milestone was set for a granted application."""

    milestone: int
    application: int
    organisation: int


@dataclass(frozen=True, slots=True)
class MilestoneJudged(Event):
    """A reported milestone was checked; what failed may be reported again."""

    milestone: int
    application: int
    organisation: int
    passed: bool


@dataclass(frozen=True, slots=True)
class GoalsTested(Event):
    """The acceptance test of a challenge was kept: whether every goal is reached."""

    application: int
    organisation: int
    reached: bool


@dataclass(frozen=True, slots=True)
class PartnerAnswered(Event):
    """A partner agreed or declined."""

    application: int
    organisation: int
    lead: int
    agreed: bool


@dataclass(frozen=True, slots=True)
class PlanReady(Event):
    """A facility has brought everything that its plan of cultivation asked for."""

    plan: int
    facility: str
    organisation: int
    program: str
