"""What the demand desk announces."""

from dataclasses import dataclass

from pilotline.kernel.event import Event


@dataclass(frozen=True, slots=True)
class NeedAccepted(Event):
    """A need was complete and has its number. `organisation` handed it in."""

    case: int
    number: str
    organisation: int


@dataclass(frozen=True, slots=True)
class TechnologyAccepted(Event):
    """A technology that waits to be piloted was complete and has its number."""

    case: int
    number: str
    organisation: int


@dataclass(frozen=True, slots=True)
class CaseAmended(Event):
    """Answers or requirements of an accepted case were changed; `changed` names what."""

    case: int
    number: str
    organisation: int
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseWithdrawn(Event):
    """The applicant took an accepted case back, or is confirmed no more."""

    case: int
    number: str
    organisation: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CaseClosed(Event):
    """An accepted case came to its end."""

    case: int
    number: str
    organisation: int
    reason: str = ""
