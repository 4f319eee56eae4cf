"""What the matching desk announces."""

from dataclasses import dataclass

from pilotline.kernel.event import Event


@dataclass(frozen=True, slots=True)
class ShortlistMade(Event):
    """A case has a new shortlist. `count` lines could take it; none, and no pair, is a gap."""

    case: int
    number: str
    organisation: int
    count: int
    pairs: int


@dataclass(frozen=True, slots=True)
class MatchMoved(Event):
    """Something was said in a talk. `move` is the kind of message, `side` who said it."""

    match: int
    message: int
    case: int
    number: str
    applicant: int
    facility: int
    operator: int | None
    side: str
    move: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class MatchEnded(Event):
    """A match came to nothing, or a talk lost its facility. `side` ended it: one of the two, or
    the authority. What was booked for it is to be given up."""

    match: int
    case: int
    number: str
    applicant: int
    facility: int
    operator: int | None
    side: str
    was_agreed: bool


@dataclass(frozen=True, slots=True)
class MatchAgreed(Event):
    """Both sides have consented."""

    match: int
    case: int
    number: str
    applicant: int
    facility: int
    operator: int | None
