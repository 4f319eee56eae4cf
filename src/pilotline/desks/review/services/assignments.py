"""An expert's word on being asked, and what happens when time runs out."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pilotline.desks.demand.forms import storable
from pilotline.desks.journal.queries import rulebook_of
from pilotline.desks.journal.services import emit
from pilotline.desks.review import queries
from pilotline.desks.review.events import AssignmentAnswered, AssignmentLate
from pilotline.desks.review.models import Assignment, Panel
from pilotline.desks.review.rules.marks import problems_of_move
from pilotline.desks.review.services.giving import (
    calendar_of,
    declare_interest,
    give_away,
    record_assignment,
)
from pilotline.kernel.actor import SYSTEM, Actor
from pilotline.kernel.errors import NotFound, Problem, refuse

ANSWERS = ("accepted", "declined", "conflict")


@transaction.atomic
def answer(
    *,
    who: Actor,
    assignment: int,
    answer: str,
    declares: bool = False,
    reason: str = "",
    now: datetime,
) -> Assignment:
    """Accept with the declaration that there is no conflict, decline, or declare a conflict.

    A conflict is kept as the expert's own word; whoever declines or has one is replaced at once.
    Saying the same twice is saying it once.
    """
    found, reason = _own(who, assignment), storable(reason)
    if found.state == answer:
        return found
    problems = list(problems_of_move(found, found.item.panel, answer)) if answer in ANSWERS else []
    if answer not in ANSWERS:
        problems.append(Problem("answer", _("Please choose an answer."), "answer"))
    if answer == "accepted" and not declares:
        text = _("Please declare that you have no conflict of interest, or say that you have one.")
        problems.append(Problem("undeclared", text, "declares"))
    if answer in ("declined", "conflict") and not reason.strip():
        problems.append(Problem("reason", _("Please say why in a few words."), "reason"))
    refuse(problems)
    found.answered_at = now
    if answer == "accepted":
        _accept(found, now)
        record_assignment(who, "accepted", found, now)
    else:
        if answer == "conflict":
            declare_interest(expert=found.expert, item=found.item, words=reason.strip(), now=now)
        give_away(who=who, assignment=found, reason=reason.strip()[:500], state=answer, now=now)
    emit(AssignmentAnswered(found.pk, found.item.panel_id, found.expert_id, answer), now=now)
    return found


def _accept(assignment: Assignment, now: datetime) -> None:
    rulebook = rulebook_of(assignment.item.panel.release)
    days = rulebook.review_rules[assignment.item.panel.rule].mark_days
    assignment.state, assignment.declared_at = Assignment.State.ACCEPTED, now
    assignment.due = calendar_of(rulebook).add(timezone.localdate(now), days)
    assignment.save()


def _own(who: Actor, pk: int) -> Assignment:
    """The actor's own assignment, locked with its panel's row read after the lock."""
    if who.id is None or not who.has("expert"):
        raise NotFound
    found = (
        Assignment.objects.select_for_update(no_key=True, of=("self",))
        .select_related("item__panel", "item__organisation", "expert")
        .filter(pk=pk, expert__user_id=who.id)
        .exclude(state="proposed")
        .first()
    )
    if found is None:
        raise NotFound
    return found


@transaction.atomic
def replace_assignment(*, who: Actor, assignment: int, now: datetime) -> Assignment | None:
    """The authority takes an open assignment away and asks the next."""
    queries.assignment(who=who, id=assignment)
    found = (
        Assignment.objects.select_for_update(no_key=True, of=("self",))
        .select_related("item__panel", "expert")
        .get(pk=assignment)
    )
    refuse(problems_of_move(found, found.item.panel, "replaced"))
    return give_away(who=who, assignment=found, reason="by-hand", now=now)


def chase(*, now: datetime) -> dict[str, int]:
    """What the worker does every hour: remind before the end, tell when it is past, replace who
    does not answer or stays late. Each assignment in a transaction of its own."""
    done = {"reminded": 0, "late": 0, "replaced": 0}
    open_ones = Assignment.objects.filter(
        state__in=["offered", "accepted"], item__panel__state=Panel.State.MARKING
    )
    for pk in open_ones.order_by("pk").values_list("pk", flat=True):
        step = _chase_one(pk, now)
        if step:
            done[step] += 1
    return done


@transaction.atomic
def _chase_one(pk: int, now: datetime) -> str:
    found = (
        Assignment.objects.select_for_update(no_key=True, of=("self",))
        .select_related("item__panel", "expert")
        .filter(pk=pk, state__in=["offered", "accepted"])
        .first()
    )
    if found is None:
        return ""
    today = timezone.localdate(now)
    rulebook = rulebook_of(found.item.panel.release)
    rule, calendar = rulebook.review_rules[found.item.panel.rule], calendar_of(rulebook)
    if found.state == Assignment.State.OFFERED:
        if found.answer_by is not None and today > found.answer_by:
            give_away(who=SYSTEM, assignment=found, reason="no-answer", now=now)
            return "replaced"
        return ""
    if found.due is None:
        return ""
    if today > found.due:
        if calendar.count(found.due, today) > rule.grace_days:
            give_away(who=SYSTEM, assignment=found, reason="late", now=now)
            return "replaced"
        return "" if found.late_at else _tell(found, "late", now)
    near = calendar.count(today, found.due) <= rule.remind_days
    return _tell(found, "reminded", now) if near and not found.reminded_at else ""


def _tell(assignment: Assignment, step: str, now: datetime) -> str:
    late = step == "late"
    setattr(assignment, "late_at" if late else "reminded_at", now)
    assignment.save(update_fields=["late_at", "reminded_at"])
    emit(
        AssignmentLate(assignment.pk, assignment.item.panel_id, assignment.expert_id, late), now=now
    )
    record_assignment(SYSTEM, step, assignment, now)
    return step
