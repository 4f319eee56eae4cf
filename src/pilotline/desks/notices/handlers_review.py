"""Which news of experts, panels, meetings and committees is for whom.

Each handler may run twice: `key` makes the notice once.
"""

from datetime import datetime

from pilotline.desks.journal.events import on
from pilotline.desks.notices.services import tell
from pilotline.desks.people import queries as people
from pilotline.desks.review import queries as review
from pilotline.desks.review.events import (
    AdviceGiven,
    AssignmentLate,
    AssignmentOffered,
    AssignmentReplaced,
    ExpertApplied,
    ExpertDecided,
    MeetingCalled,
    NamesakeStated,
    PanelMarked,
    QuestionAsked,
)
from pilotline.kernel.actor import SYSTEM


@on(ExpertApplied)
def tell_of_application(event: ExpertApplied, now: datetime) -> None:
    tell(
        users=people.authorities_of(event.region or review.home_region()),
        kind="expert.applied",
        facts={"name": review.name_of(event.expert)},
        subject=("expert", event.expert),
        key=f"expert.applied:{event.expert}:{now:%Y%m%d}",
        now=now,
    )


@on(ExpertDecided)
def tell_the_expert(event: ExpertDecided, now: datetime) -> None:
    """Whoever is taken in learns it by the role that they are given."""
    if event.state in ("refused", "left"):
        tell(
            users=review.user_of(event.expert),
            kind=f"expert.{event.state}",
            facts={"reason": event.reason},
            subject=("expert", event.expert),
            key=f"expert.{event.state}:{event.expert}:{now:%Y%m%d}",
            now=now,
        )


@on(AssignmentOffered)
def tell_who_is_asked(event: AssignmentOffered, now: datetime) -> None:
    _tell_expert("review.offered", event.expert, event.assignment, event.panel, now)


@on(AssignmentLate)
def tell_who_is_late(event: AssignmentLate, now: datetime) -> None:
    kind = "review.late" if event.late else "review.due"
    _tell_expert(kind, event.expert, event.assignment, event.panel, now)


@on(AssignmentReplaced)
def tell_of_replacement(event: AssignmentReplaced, now: datetime) -> None:
    """The expert who lost it; the authority when nobody takes its place."""
    _tell_expert("review.taken", event.expert, event.assignment, event.panel, now)
    if event.by is None:
        _tell_authority("review.short", event.panel, event.assignment, now)


@on(PanelMarked)
def tell_that_all_is_marked(event: PanelMarked, now: datetime) -> None:
    _tell_authority("review.marked", event.panel, event.panel, now)


@on(NamesakeStated)
def tell_who_may_confirm(event: NamesakeStated, now: datetime) -> None:
    """Everybody who may be the second official; the first knows."""
    title, region = review.namesake_panel(event.namesake)
    tell(
        users=set(people.authorities_of(region)) - {event.by},
        kind="review.namesake",
        facts={"panel": title},
        subject=("panel", event.panel),
        key=f"review.namesake:{event.namesake}",
        now=now,
    )


@on(MeetingCalled)
def tell_of_meeting(event: MeetingCalled, now: datetime) -> None:
    found = review.meeting(who=SYSTEM, id=event.meeting)
    tell(
        users=review.users_of_experts(event.experts),
        kind="meeting.called",
        facts={"meeting": found.title, "starts": f"{found.starts_at:%Y-%m-%d}"},
        subject=("meeting", event.meeting),
        key=f"meeting.called:{event.meeting}",
        now=now,
    )


@on(QuestionAsked)
def tell_of_question(event: QuestionAsked, now: datetime) -> None:
    found = review.question(who=SYSTEM, id=event.question)
    tell(
        users=set(people.authorities_of(found.committee.region)) - {found.asked_by},
        kind="question.asked",
        facts={"question": found.title},
        subject=("question", event.question),
        key=f"question.asked:{event.question}",
        now=now,
    )


@on(AdviceGiven)
def tell_of_advice(event: AdviceGiven, now: datetime) -> None:
    found = review.question(who=SYSTEM, id=event.question)
    if found.asked_by is not None:
        tell(
            users=[found.asked_by],
            kind="advice.given",
            facts={"question": found.title},
            subject=("question", event.question),
            key=f"advice.given:{event.question}",
            now=now,
        )


def _tell_expert(kind: str, expert: int, assignment: int, panel: int, now: datetime) -> None:
    tell(
        users=review.user_of(expert),
        kind=kind,
        facts={"panel": review.panel(who=SYSTEM, id=panel).title},
        subject=("assignment", assignment),
        key=f"{kind}:{assignment}",
        now=now,
    )


def _tell_authority(kind: str, panel: int, about: int, now: datetime) -> None:
    found = review.panel(who=SYSTEM, id=panel)
    tell(
        users=people.authorities_of(found.region),
        kind=kind,
        facts={"panel": found.title},
        subject=("panel", panel),
        key=f"{kind}:{about}",
        now=now,
    )
