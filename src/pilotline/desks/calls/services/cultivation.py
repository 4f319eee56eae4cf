"""Plans of cultivation: what is not ready yet is told what to bring, and followed up."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pilotline.desks.calls.events import PlanReady
from pilotline.desks.calls.models import CultivationPlan
from pilotline.desks.calls.queries.applications import facts_of, readiness
from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.journal.services import emit, record
from pilotline.desks.registry import queries as registry
from pilotline.kernel.actor import SYSTEM, Actor
from pilotline.kernel.errors import NotFound, Problem, refuse
from pilotline.rulebook.program import Requirement


@transaction.atomic
def make_plan(
    *, who: Actor, facility: str, program: str, until: date, words: str, now: datetime
) -> CultivationPlan:
    """Take on what the facility lacks for a program. One open plan a facility and program."""
    today = timezone.localdate(now)
    if program not in current_rulebook().programs:
        raise NotFound
    _unmet, lacking = readiness(who=who, program=program, facility=facility, today=today)
    problems = []
    if not lacking:
        problems.append(Problem("ready", _("Nothing is lacking: apply.")))
    if until <= today:
        problems.append(Problem("past", _("That day is past."), "until"))
    refuse(problems)
    place = registry.editable_facility(who, facility)
    try:
        with transaction.atomic():
            plan = CultivationPlan.objects.create(
                facility=place,
                program=program,
                items=[_item(one) for one in lacking],
                until=until,
                words=words.strip()[:2000],
                made_at=now,
                is_demo=place.is_demo,
            )
    except IntegrityError:
        return CultivationPlan.objects.get(facility=place, program=program, ready_at=None)
    _note(who, plan, "make-plan", now)
    return plan


def _item(one: Requirement) -> dict[str, str]:
    advice = one.advice or one.says
    return {
        "fact": one.fact,
        "zh": one.says.zh,
        "en": one.says.en,
        "advice_zh": advice.zh,
        "advice_en": advice.en,
    }


def look_again(*, now: datetime) -> int:
    """What the worker does every day: plans whose facility has become ready are closed."""
    today = timezone.localdate(now)
    open_plans = CultivationPlan.objects.filter(ready_at=None).values_list("pk", flat=True)
    return sum(_close_when_ready(pk, today, now) for pk in list(open_plans))


@transaction.atomic
def _close_when_ready(pk: int, today: date, now: datetime) -> bool:
    plan = (
        CultivationPlan.objects.select_for_update(of=("self",))
        .select_related("facility")
        .get(pk=pk)
    )
    program = current_rulebook().programs.get(plan.program)
    place = registry.facility(SYSTEM, plan.facility.code)
    if plan.ready_at is not None or program is None or place.operator_id is None:
        return False
    facts = facts_of(organisation=place.operator_id, facility=place, today=today)
    if program.unready(facts):
        return False
    plan.ready_at = now
    plan.save(update_fields=["ready_at"])
    _note(SYSTEM, plan, "plan-ready", now)
    emit(PlanReady(plan.pk, place.code, place.operator_id, plan.program), now=now)
    return True


def _note(who: Actor, plan: CultivationPlan, action: str, now: datetime) -> None:
    record(
        who=who,
        action=f"calls.{action}",
        subject=("cultivation_plan", plan.pk),
        organisation=plan.facility.operator_id,
        after={"program": plan.program, "lacking": [item["fact"] for item in plan.items]},
        now=now,
    )
