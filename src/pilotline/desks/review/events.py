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


@dataclass(frozen=True, slots=True)
class ExpertApplied(Event):
    """Somebody wants to be in the pool and waits for a decision. `region` may be empty."""

    expert: int
    region: str


@dataclass(frozen=True, slots=True)
class ExpertDecided(Event):
    """An expert was accepted, refused or has left: `state` is active, refused or left."""

    expert: int
    state: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AssignmentOffered(Event):
    """An expert is asked to mark an item."""

    assignment: int
    panel: int
    item: int
    expert: int


@dataclass(frozen=True, slots=True)
class AssignmentAnswered(Event):
    """The expert's word: `answer` is accepted, declined or conflict."""

    assignment: int
    panel: int
    expert: int
    answer: str


@dataclass(frozen=True, slots=True)
class AssignmentLate(Event):
    """Marks are due soon (`late` false) or were due. Told once each."""

    assignment: int
    panel: int
    expert: int
    late: bool


@dataclass(frozen=True, slots=True)
class AssignmentReplaced(Event):
    """An assignment was taken from an expert. `by` is the assignment that took its place, None
    when nobody else may be asked: then the item lacks a mark and the authority must act."""

    assignment: int
    panel: int
    item: int
    expert: int
    by: int | None


@dataclass(frozen=True, slots=True)
class NamesakeStated(Event):
    """An official holds a conflict for a namesake's; somebody else is to confirm it."""

    namesake: int
    panel: int
    item: int
    expert: int
    by: int


@dataclass(frozen=True, slots=True)
class SheetSubmitted(Event):
    """An expert has handed in marks."""

    assignment: int
    panel: int
    item: int
    expert: int


@dataclass(frozen=True, slots=True)
class PanelMarked(Event):
    """Every item of a panel has all the marks it wants."""

    panel: int
    about_kind: str
    about: int | None


@dataclass(frozen=True, slots=True)
class PanelClosed(Event):
    """A panel's standings are final."""

    panel: int
    about_kind: str
    about: int | None


@dataclass(frozen=True, slots=True)
class MeetingCalled(Event):
    """A meeting of a panel or committee is called; `experts` are asked to come."""

    meeting: int
    panel: int | None
    committee: int | None
    experts: list[int]


@dataclass(frozen=True, slots=True)
class QuestionAsked(Event):
    """A question was put to a committee."""

    question: int
    committee: int
    subject_kind: str
    subject: int | None


@dataclass(frozen=True, slots=True)
class AdviceGiven(Event):
    """A committee has given its advice."""

    question: int
    committee: int
    subject_kind: str
    subject: int | None
