"""What the review desk announces."""

from dataclasses import dataclass

from pilotline.kernel.event import Event


@dataclass(frozen=True, slots=True)
class ProceedingOpened(Event):
    """A subject has set out on its track. `subject_kind` says whose subject it is."""

    proceeding: int
    subject_kind: str
    subject: int
    track: str
    organisation: int | None
    green: bool


@dataclass(frozen=True, slots=True)
class StepOpened(Event):
    """A step waits for somebody. `act` is what it is for, in the closed set of the rulebook."""

    proceeding: int
    run: int
    step: str
    act: str
    subject_kind: str
    subject: int


@dataclass(frozen=True, slots=True)
class StepEnded(Event):
    """A step came to its outcome; `state` is done, waiting (for the applicant) or held."""

    proceeding: int
    run: int
    step: str
    act: str
    outcome: str
    state: str
    subject_kind: str
    subject: int


@dataclass(frozen=True, slots=True)
class StepLate(Event):
    """A step was not done in time and went up to `to`, a role or body of the rulebook."""

    proceeding: int
    run: int
    step: str
    to: str
    subject_kind: str
    subject: int


@dataclass(frozen=True, slots=True)
class StepUrged(Event):
    """Somebody above urges (`urge`) or supervises (`supervise`) whoever has the step."""

    proceeding: int
    run: int
    urge: int
    kind: str
    subject_kind: str
    subject: int


@dataclass(frozen=True, slots=True)
class ProceedingEnded(Event):
    """A proceeding came to one of its track's ends, or was withdrawn (`outcome` withdrawn)."""

    proceeding: int
    subject_kind: str
    subject: int
    track: str
    organisation: int | None
    outcome: str
