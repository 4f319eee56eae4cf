"""Conditions with dates are followed up; key projects are listed; envelopes recorded."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pilotline.desks.approvals.events import ConditionDue, ConditionMoved
from pilotline.desks.approvals.models import Condition, Envelope, KeyProject
from pilotline.desks.approvals.queries import projects as queries
from pilotline.desks.approvals.rules import projects as rules
from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.journal.services import emit, record
from pilotline.desks.registry import queries as registry
from pilotline.kernel.actor import SYSTEM, Actor
from pilotline.kernel.errors import Conflict, NotAllowed, NotFound, Problem, refuse
from pilotline.kernel.ids import is_credit_code


@transaction.atomic
def report_condition(*, who: Actor, condition: int, report: str, now: datetime) -> Condition:
    """The applicant says what was done."""
    found = _condition(who, condition)
    if not rules.is_applicant(who, found.project):
        raise NotAllowed
    if found.state == "met":
        raise Conflict(_("This condition is met already."))
    refuse(rules.problems_of_words(report, "report"))
    found.state, found.report, found.reported_at = "reported", report.strip(), now
    _keep_move(found, "reported", now)
    _record(who, "approvals.report_condition", found, now, after={"report": found.report})
    return found


@transaction.atomic
def answer_condition(
    *, who: Actor, condition: int, met: bool, answer: str = "", now: datetime
) -> Condition:
    """Those who set a condition confirm that it is met, or say what is still missing."""
    found = _condition(who, condition)
    if not rules.is_authority(who, found.project.region):
        raise NotAllowed
    if found.state != "reported":
        raise Conflict(_("Nothing was reported that waits for an answer."))
    refuse(rules.problems_of_words(answer, "answer", must=not met))
    found.state = "met" if met else "open"
    found.answer, found.confirmed_by_name = answer.strip(), who.name
    found.met_at = now if met else None
    _keep_move(found, "met" if met else "lacking", now)
    _record(who, "approvals.answer_condition", found, now, after={"met": met, "answer": answer})
    return found


@transaction.atomic
def remind_conditions(*, now: datetime) -> int:
    """Tell those whose conditions fall due within a week, and every week when they are overdue."""
    today = timezone.localdate(now)
    keys = queries.conditions_to_remind(today)
    rows = Condition.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=keys)
    for found in rows.select_related("project"):
        found.reminded_on = today
        found.save(update_fields=["reminded_on"])
        project = found.project
        emit(
            ConditionDue(
                found.pk,
                project.pk,
                project.number,
                project.organisation_id,
                found.due.isoformat(),
            ),
            now=now,
        )
        _record(SYSTEM, "approvals.remind", found, now, after={"due": found.due})
    return len(keys)


def _condition(who: Actor, id: int) -> Condition:
    found = (
        Condition.objects.select_for_update(no_key=True, of=("self",))
        .select_related("project__facility")
        .filter(pk=id)
        .first()
    )
    if found is None or not rules.may_see(who, found.project):
        raise NotFound
    return found


def _keep_move(found: Condition, move: str, now: datetime) -> None:
    found.moves += 1
    found.save()
    emit(ConditionMoved(found.pk, found.project_id, move, found.moves), now=now)


def _record(who: Actor, action: str, found: Condition, now: datetime, after: Any) -> None:
    record(
        who=who,
        action=action,
        subject=("condition", found.pk),
        case=found.project.case_id,
        organisation=found.project.organisation_id,
        after=after,
        now=now,
    )


@transaction.atomic
def list_key_project(
    *, who: Actor, credit_code: str, listed_in: str, title: str = "", now: datetime
) -> KeyProject:
    """Enter an organisation's project (or with no title all of its projects) as a key project."""
    if not (who.is_system or who.has("authority")):
        raise NotAllowed
    code = credit_code.strip().upper()
    problems = []
    if not is_credit_code(code):
        problems.append(Problem("bad-code", _("This is no credit code."), field="credit_code"))
    if not listed_in.strip():
        problems.append(Problem("required", _("Name the paper that lists it."), field="listed_in"))
    refuse(problems)
    try:
        with transaction.atomic():
            made = KeyProject.objects.create(
                credit_code=code,
                title=title.strip(),
                listed_in=listed_in.strip(),
                added_by_name=who.name,
                added_at=now,
            )
    except IntegrityError as error:
        raise Conflict(_("It is on the list already.")) from error
    record(
        who=who,
        action="approvals.list_key",
        subject=("key-project", made.pk),
        after={"code": code, "title": made.title},
        now=now,
    )
    return made


@transaction.atomic
def unlist_key_project(*, who: Actor, key_project: int, now: datetime) -> None:
    """Take it off the list; projects that are under way keep their lane."""
    if not (who.is_system or who.has("authority")):
        raise NotAllowed
    if KeyProject.objects.filter(pk=key_project, removed_at=None).update(removed_at=now):
        record(
            who=who, action="approvals.unlist_key", subject=("key-project", key_project), now=now
        )


NUMBERS = (
    "quantity",
    "temperature_low",
    "temperature_high",
    "pressure_low",
    "pressure_high",
    "hazard_class",
)


@transaction.atomic
def record_envelope(
    *,
    who: Actor,
    facility: int,
    line: int,
    document: str,
    values: Mapping[str, Any],
    since: date,
    now: datetime,
) -> Envelope:
    """The authority enters what a line was approved for; the last one entered holds.

    `values` are those of a plan (`Project.plan`), every one of them stated.
    """
    place = registry.facility_for_match(facility=facility, line=line)
    if not rules.is_authority(who, place.region):
        raise NotAllowed
    problems = list(rules.problems_of_plan(values, current_rulebook()))
    if not document.strip():
        problems.append(Problem("required", _("Name the paper."), field="document"))
    told = {problem.field for problem in problems}
    problems += [
        Problem("required", _("An envelope states every item."), field=name)
        for name in NUMBERS
        if values.get(name) in (None, "") and name not in told
    ]
    refuse(problems)
    Envelope.objects.filter(line_id=line, ended_at=None).update(ended_at=now)
    made = Envelope.objects.create(
        line_id=line,
        document=document.strip(),
        substances=list(values["substances"]),
        emissions={k: str(v) for k, v in (values.get("emissions") or {}).items() if v != ""},
        **{name: Decimal(str(values[name])) for name in NUMBERS},
        since=since,
        recorded_by_name=who.name,
        recorded_at=now,
    )
    record(
        who=who,
        action="approvals.envelope",
        subject=("envelope", made.pk),
        organisation=place.operator_id,
        after={"line": line, "document": made.document},
        now=now,
    )
    return made
