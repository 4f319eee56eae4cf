"""Committees, meetings and questions, each for whom they are open to."""

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from pilotline.desks.review.models import (
    Attendance,
    Committee,
    Meeting,
    Panel,
    Question,
    Term,
)
from pilotline.desks.review.rules.experts import may_run_panel
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import NotAllowed, NotFound


def committees(*, who: Actor) -> QuerySet[Committee]:
    """All committees, for authorities."""
    if not (who.is_system or who.has("authority")):
        raise NotAllowed
    return Committee.objects.order_by("id")


def committee(*, who: Actor, id: int) -> Committee:
    """One committee for any authority; only that of its region changes it."""
    found = committees(who=who).filter(pk=id).first()
    if found is None:
        raise NotFound
    return found


def terms(*, committee: Committee, day: date | None = None) -> QuerySet[Term]:
    """Who sits on it: all terms, or those that run on a day."""
    found = Term.objects.filter(committee=committee).select_related("expert")
    return found.filter(since__lte=day, until__gt=day) if day else found


def meetings(
    *, panel: Panel | None = None, committee: Committee | None = None
) -> QuerySet[Meeting]:
    """The meetings of a panel or committee that the caller has fetched through a check."""
    return Meeting.objects.filter(panel=panel, committee=committee)


def meeting(*, who: Actor, id: int) -> Meeting:
    """One meeting for the authority that runs its panel or committee."""
    found = Meeting.objects.select_related("panel", "committee").filter(pk=id).first()
    if found is None:
        raise NotFound
    region = (
        found.panel.region if found.panel else found.committee.region if found.committee else ""
    )
    if not (who.is_system or who.answers_for(region)):
        raise NotFound
    return found


def attendances(*, meeting: Meeting) -> QuerySet[Attendance]:
    """Who was called and who came."""
    return Attendance.objects.filter(meeting=meeting).select_related("expert")


def my_meetings(*, who: Actor) -> QuerySet[Attendance]:
    """The meetings an expert is called to."""
    if not who.has("expert"):
        raise NotAllowed
    return (
        Attendance.objects.filter(expert__user_id=who.id)
        .exclude(meeting__state=Meeting.State.CANCELLED)
        .select_related("meeting__panel", "meeting__committee")
        .order_by("-meeting__starts_at")
    )


def questions(*, committee: Committee) -> QuerySet[Question]:
    """All questions put to a committee that the caller has fetched through a check."""
    return Question.objects.filter(committee=committee).select_related("meeting", "case")


def question(*, who: Actor, id: int) -> Question:
    """One question, for authorities."""
    found = Question.objects.select_related("committee", "meeting").filter(pk=id).first()
    if found is None or not (who.is_system or who.has("authority")):
        raise NotFound
    return found


def questions_about(kind: str, id: int) -> QuerySet[Question]:
    """Questions tied to a subject of a desk above, for machines."""
    return Question.objects.filter(subject_kind=kind, subject=id).select_related("committee")


def questions_of_program(program: str) -> QuerySet[Question]:
    """Questions tied to a program, for authorities."""
    return Question.objects.filter(program=program).select_related("committee")


def questions_of_case(case: int) -> QuerySet[Question]:
    """Questions tied to a case, for callers who have fetched the case through a check."""
    return Question.objects.filter(case_id=case).select_related("committee")


def public_committees(*, today: date) -> list[dict[str, Any]]:
    """What everybody may know: committees that stand, who sits on them, published advice."""
    standing = list(
        Committee.objects.filter(Q(ended_on=None) | Q(ended_on__gt=today), since__lte=today)
    )
    sitting = Term.objects.filter(
        committee__in=standing, since__lte=today, until__gt=today
    ).select_related("expert")
    answered = Question.objects.filter(
        committee__in=standing, state=Question.State.ANSWERED, is_public=True
    )
    seats: dict[int, list[Term]] = {}
    advice: dict[int, list[Question]] = {}
    for term in sitting:
        seats.setdefault(term.committee_id, []).append(term)
    for question in answered:
        advice.setdefault(question.committee_id, []).append(question)
    return [
        {"committee": c, "terms": seats.get(c.pk, []), "advice": advice.get(c.pk, [])}
        for c in standing
    ]


def may_run(who: Actor, place: Panel | Committee) -> bool:
    """True when this actor runs the panel or committee."""
    if isinstance(place, Panel):
        return may_run_panel(who, place)
    return who.is_system or who.answers_for(place.region)
