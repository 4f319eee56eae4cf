"""A project runs on a line for a time: start, reminders, one extension, closing and report."""

import calendar
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pilotline.desks.approvals.events import PermitEnding, PermitMoved
from pilotline.desks.approvals.models import Permit, Project
from pilotline.desks.approvals.queries import projects as queries
from pilotline.desks.approvals.rules import projects as rules
from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.journal.services import draw_number, emit, record
from pilotline.kernel.actor import SYSTEM, Actor
from pilotline.kernel.errors import Conflict, NotAllowed, Problem, refuse
from pilotline.rulebook.approval import PermitRule

DAY = timedelta(days=1)


def months_on(day: date, months: int) -> date:
    """The last day of so many months from `day`: 1 March and 12 months give 28 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last)) - DAY


def _rule(day: date) -> PermitRule:
    found = current_rulebook().permits.valid_on(day)
    if not found:
        refuse([Problem("no-rule", _("The rulebook does not say how long a line may run."))])
    return found[0]


@transaction.atomic
def start_running(*, who: Actor, project: int, since: date, now: datetime) -> Permit:
    """The line starts up: from this day the permit counts, as long as the project said it would
    run and at most what the rulebook allows. Twice is once."""
    found = queries.project(who=who, id=project)
    if not (rules.is_applicant(who, found) or rules.is_operator(who, found)):
        raise NotAllowed
    Project.objects.select_for_update(no_key=True).get(pk=found.pk)
    there = Permit.objects.filter(project=found).first()
    if there is not None:
        return there
    today, rule = timezone.localdate(now), _rule(timezone.localdate(now))
    problems = []
    if found.state != Project.State.GRANTED:
        problems.append(Problem("wrong-state", _("The project may not run: it is not granted.")))
    if found.line_id is None:
        problems.append(Problem("no-line", _("The project names no line."), field="line"))
    if since > today + DAY:
        problems.append(Problem("too-late", _("Say it when it has started."), field="since"))
    elif found.closed_at and since < timezone.localdate(found.closed_at):
        problems.append(
            Problem("too-early", _("It cannot have started before it was granted."), field="since")
        )
    refuse(problems)
    letters = current_rulebook().number_prefixes.get("permit", "P")
    made = Permit.objects.create(
        number=draw_number(series=letters, year=today.year),
        project=found,
        line_id=found.line_id,
        since=since,
        ends=min(since + (found.end - found.begin), months_on(since, rule.months)),
        is_demo=found.is_demo,
    )
    _record(who, "approvals.start", made, now, after={"since": since, "ends": made.ends})
    return made


@transaction.atomic
def ask_extension(*, who: Actor, permit: int, until: date, reasons: str, now: datetime) -> Permit:
    """Ask for the time to be extended, as often and as long as the rulebook allows."""
    found = _locked(who, permit)
    if not (rules.is_applicant(who, found.project) or rules.is_operator(who, found.project)):
        raise NotAllowed
    rule = _rule(timezone.localdate(now))
    latest = months_on(found.ends + DAY, rule.extension_months)
    problems = list(rules.problems_of_words(reasons, "reasons"))
    if found.extensions >= rule.extensions:
        text = _("It can be extended {count} times at most.")
        problems.append(Problem("no-more", text.format(count=rule.extensions)))
    elif not found.ends < until <= latest:
        text = _("It can be extended up to {latest} at most.")
        problems.append(Problem("too-long", text.format(latest=latest), field="until"))
    if found.ends < timezone.localdate(now):
        problems.append(Problem("ended", _("It has ended already and must be closed.")))
    refuse(problems)
    found.asked_until, found.asked_reasons, found.asked_at = until, reasons.strip(), now
    _keep_move(found, "asked", now)
    _record(who, "approvals.ask_extension", found, now, after={"until": until})
    return found


@transaction.atomic
def answer_extension(
    *, who: Actor, permit: int, grants: bool, answer: str, now: datetime
) -> Permit:
    """The authority grants or refuses the extension that was asked for, with reasons."""
    found = _locked(who, permit)
    if not rules.is_authority(who, found.project.region):
        raise NotAllowed
    if found.asked_until is None:
        raise Conflict(_("No extension waits for an answer."))
    refuse(rules.problems_of_words(answer, "answer"))
    if grants:
        found.ends, found.extensions = found.asked_until, found.extensions + 1
        found.reminded = []
    found.asked_until, found.answer = None, answer.strip()
    _keep_move(found, "granted" if grants else "denied", now)
    after = {"granted": grants, "ends": found.ends}
    _record(who, "approvals.answer_extension", found, now, after=after)
    return found


@transaction.atomic
def close_permit(
    *, who: Actor, permit: int, closing: str, on: date, report: str, now: datetime
) -> Permit:
    """The line was dismantled or sealed, and that is reported. Closed once."""
    found = _locked(who, permit)
    if not (rules.is_applicant(who, found.project) or rules.is_operator(who, found.project)):
        raise NotAllowed
    problems = list(rules.problems_of_words(report, "report"))
    known = [name for name, _title in _rule(timezone.localdate(now)).closings]
    if closing not in known:
        problems.append(Problem("not-a-choice", _("Choose how it was closed."), field="closing"))
    if not found.since <= on <= timezone.localdate(now):
        problems.append(
            Problem("bad-date", _("It was closed between start and today."), field="on")
        )
    refuse(problems)
    found.closing, found.closed_on, found.report = closing, on, report.strip()
    _keep_move(found, "closed", now)
    _record(who, "approvals.close_permit", found, now, after={"closing": closing, "on": on})
    return found


@transaction.atomic
def remind_permits(*, now: datetime) -> int:
    """Remind of permits that end soon, once for each reminder of the rulebook, and once when one
    has ended without being closed."""
    today = timezone.localdate(now)
    rules_now = current_rulebook().permits.valid_on(today)
    if not rules_now:
        return 0
    count = 0
    rows = Permit.objects.select_for_update(no_key=True, of=("self",))
    for found in rows.select_related("project__facility").filter(pk__in=queries.running_permits()):
        left = (found.ends - today).days
        reached = [days for days in (*rules_now[0].reminders, -1) if left <= days]
        if not reached or reached[-1] in found.reminded:
            continue
        found.reminded = [*found.reminded, *reached]
        found.save(update_fields=["reminded"])
        place = found.project.facility
        emit(
            PermitEnding(
                found.pk,
                found.number,
                found.project.organisation_id,
                place.operator_id if place else None,
                left,
            ),
            now=now,
        )
        _record(SYSTEM, "approvals.remind_permit", found, now, after={"days": left})
        count += 1
    return count


def _locked(who: Actor, permit: int) -> Permit:
    queries.permit(who=who, id=permit)
    found = (
        Permit.objects.select_for_update(no_key=True, of=("self",))
        .select_related("project__facility")
        .get(pk=permit)
    )
    if found.closed_on is not None:
        raise Conflict(_("This permit is closed already."))
    return found


def _keep_move(found: Permit, move: str, now: datetime) -> None:
    found.moves += 1
    found.save()
    emit(PermitMoved(found.pk, found.project_id, move, found.moves), now=now)


def _record(who: Actor, action: str, found: Permit, now: datetime, after: object) -> None:
    record(
        who=who,
        action=action,
        subject=("permit", found.pk),
        case=found.project.case_id,
        organisation=found.project.organisation_id,
        after=dict(after) if isinstance(after, dict) else None,
        now=now,
    )
