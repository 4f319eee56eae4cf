"""After the grant: milestones reported and checked, the goals of a challenge tested."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pilotline.desks.calls.events import (
    GoalsTested,
    MilestoneAgreed,
    MilestoneDue,
    MilestoneJudged,
    MilestoneReported,
)
from pilotline.desks.calls.models import Application, GoalTest, Milestone
from pilotline.desks.calls.rules.calls import is_reached
from pilotline.desks.calls.services.hold import held_application, judged_application, keep
from pilotline.desks.journal.services import emit
from pilotline.kernel.actor import SYSTEM, Actor
from pilotline.kernel.errors import Conflict, NotFound, Problem, refuse

SOON_DAYS = 7


@transaction.atomic
def add_milestone(
    *, who: Actor, application: int, title: str, due: date, amount: Decimal, now: datetime
) -> Milestone:
    """Agree on a further promise of a granted application.

    Its money is taken from what is promised for the end, so that no more is paid than was granted.
    """
    found = judged_application(who, application)
    last = found.milestones.filter(state="open").order_by("-due", "-id").first()
    problems = []
    if found.state != Application.State.GRANTED:
        problems.append(Problem("not-granted", _("This application is not granted.")))
    if not title.strip():
        problems.append(Problem("missing", _("Please fill in this field."), "title"))
    if due < timezone.localdate(now):
        problems.append(Problem("past", _("That day is past."), "due"))
    if amount < 0:
        problems.append(Problem("negative", _("An amount cannot be negative."), "amount"))
    if amount > (last.amount if last else 0):
        problems.append(Problem("too-much", _("That is more than is left of the grant."), "amount"))
    refuse(problems)
    if amount and last:
        last.amount -= amount
        last.save(update_fields=["amount"])
    made = Milestone.objects.create(
        application=found, title=title.strip()[:200], due=due, amount=amount
    )
    keep(who, found, "add-milestone", now, milestone=made.pk, due=due)
    emit(MilestoneAgreed(made.pk, found.pk, found.organisation_id), now=now)
    return made


@transaction.atomic
def report_milestone(*, who: Actor, milestone: int, report: str, now: datetime) -> Milestone:
    """The applicant's word that it is reached, with what shows it."""
    row = _locked(milestone)
    found = held_application(who, row.application_id)
    if row.state not in (Milestone.State.OPEN, Milestone.State.FAILED):
        if row.report == report.strip():
            return row
        raise Conflict(_("This milestone has been reported."))
    if not report.strip():
        refuse([Problem("missing", _("Say what was reached and what shows it."), "report")])
    row.state, row.report, row.reported_at = Milestone.State.REPORTED, report.strip(), now
    row.save()
    keep(who, found, "report-milestone", now, milestone=row.pk)
    emit(MilestoneReported(row.pk, found.pk, found.call.region), now=now)
    return row


@transaction.atomic
def judge_milestone(
    *, who: Actor, milestone: int, passed: bool, verdict: str, now: datetime
) -> Milestone:
    """The authority checks a report. What failed may be reported again."""
    row = _locked(milestone)
    found = judged_application(who, row.application_id)
    if row.state != Milestone.State.REPORTED:
        raise Conflict(_("There is no report to be checked."))
    if not passed and not verdict.strip():
        refuse([Problem("missing", _("Say why."), "verdict")])
    row.state = Milestone.State.PASSED if passed else Milestone.State.FAILED
    row.verdict, row.judged_at = verdict.strip(), now
    row.save()
    keep(who, found, "judge-milestone", now, milestone=row.pk, passed=passed)
    emit(MilestoneJudged(row.pk, found.pk, found.organisation_id, passed), now=now)
    return row


@transaction.atomic
def enter_test(
    *, who: Actor, application: int, measured: Mapping[int, Decimal], proof: str, now: datetime
) -> list[GoalTest]:
    """The acceptance test of a challenge: every goal measured, each reached or not, in one go."""
    found = judged_application(who, application)
    goals = found.call.goals
    refuse(_problems_of_test(found, goals, measured, proof))
    rows = []
    for number, goal in enumerate(goals):
        values = {
            "measured": measured[number],
            "reached": is_reached(goal, measured[number]),
            "proof": proof.strip()[:1000],
            "by_name": who.name[:120],
            "at": now,
        }
        row, _made = GoalTest.objects.update_or_create(
            application=found, goal=number, defaults=values
        )
        rows.append(row)
    keep(who, found, "test-goals", now, reached=[row.reached for row in rows])
    whole = all(row.reached for row in rows)
    emit(GoalsTested(found.pk, found.organisation_id, whole), now=now)
    return rows


def _problems_of_test(
    found: Application, goals: list[dict[str, Any]], measured: Mapping[int, Decimal], proof: str
) -> list[Problem]:
    problems = []
    if found.state != Application.State.GRANTED:
        problems.append(Problem("not-granted", _("This application is not granted.")))
    if not goals:
        problems.append(Problem("no-goals", _("This call has no goals to be tested.")))
    if set(measured) != set(range(len(goals))):
        problems.append(Problem("missing", _("Enter a figure for every goal."), "measured"))
    if not proof.strip():
        problems.append(Problem("missing", _("Say what shows it."), "proof"))
    return problems


def remind_of_milestones(*, now: datetime) -> int:
    """What the worker does every day: tell of what is due within a week, once."""
    today = timezone.localdate(now)
    soon = today + timedelta(days=SOON_DAYS)
    due = Milestone.objects.filter(
        state__in=["open", "failed"], due__lte=soon, reminded_on=None
    ).values_list("pk", flat=True)
    return sum(_remind(pk, today, now) for pk in list(due))


@transaction.atomic
def _remind(pk: int, today: date, now: datetime) -> bool:
    row = _locked(pk)
    if row.reminded_on is not None:
        return False
    row.reminded_on = today
    row.save(update_fields=["reminded_on"])
    found = Application.objects.select_for_update(no_key=True, of=("self",)).get(
        pk=row.application_id
    )
    keep(SYSTEM, found, "remind", now, milestone=row.pk)
    emit(MilestoneDue(row.pk, found.pk, found.organisation_id, row.due.isoformat()), now=now)
    return True


def _locked(milestone: int) -> Milestone:
    row = Milestone.objects.select_for_update().filter(pk=milestone).first()
    if row is None:
        raise NotFound
    return row
