"""Open a project, decide it, withdraw it: the course itself is kept by the desk of review."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from pilotline.desks.approvals.events import ProjectDecided, ProjectOpened
from pilotline.desks.approvals.models import Condition, Project
from pilotline.desks.approvals.queries import projects as queries
from pilotline.desks.approvals.rules import projects as rules
from pilotline.desks.approvals.rules.envelope import reasons_against_filing
from pilotline.desks.demand import queries as demand
from pilotline.desks.demand.rules import may_change
from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.journal.services import draw_number, emit, record
from pilotline.desks.registry import queries as registry
from pilotline.desks.review import services as review
from pilotline.desks.review.queries import proceedings
from pilotline.kernel.actor import SYSTEM, Actor
from pilotline.kernel.errors import Conflict, NotAllowed, Problem, refuse
from pilotline.rulebook import Rulebook

OPEN_CASES = ("accepted", "matched")


@transaction.atomic
def open_project(
    *,
    who: Actor,
    case: int,
    kind: str,
    facility: int | None = None,
    line: int | None = None,
    begin: date | None,
    end: date | None,
    hazardous: bool,
    plan: Mapping[str, Any],
    papers: Mapping[str, int],
    is_demo: bool = False,
    now: datetime,
) -> Project:
    """Hand a project in. What is complete is accepted at once, without a person, and everything
    that runs side by side opens at the same moment; else all that is missing is told.

    `kind` is `project` (approval) or `filing`, which is refused with the exact reasons unless the
    plan lies within what the line is approved for.
    """
    found = demand.case(who=who, id=case)
    _may_open(who, found)
    rulebook, today = current_rulebook(), timezone.localdate(now)
    place = registry.facility_for_match(facility=facility, line=line) if facility else None
    problems = _problems(found, kind, begin, end, today, rulebook)
    problems += rules.problems_of_plan(plan, rulebook)
    problems += _problems_of_papers(found, papers, hazardous, today, rulebook)
    refuse(problems)
    refuse(held_against(line=line, plan=plan) if kind == Project.Kind.FILING else [])
    made = _create(
        kind=kind,
        number=_number(rulebook, "project", today),
        case=found,
        organisation_id=found.organisation_id,
        facility_id=facility,
        line_id=line,
        title=found.title,
        region=place.region if place else found.region or rulebook.region.id,
        begin=begin,
        end=end,
        hazardous=hazardous,
        plan=dict(plan),
        papers={k: v for k, v in papers.items() if v},
        held=_why_not_filed(line, plan),
        opened_at=now,
        is_demo=is_demo,
    )
    _set_out(who, made, found, rulebook, now)
    return made


def _may_open(who: Actor, case: Any) -> None:
    if not (who.is_system or may_change(who, case)):
        raise NotAllowed(_("Only the applicant opens a project."))


def held_against(*, line: int | None, plan: Mapping[str, Any]) -> list[Problem]:
    """Why filing is not enough for this plan on this line; empty when it is."""
    rulebook = current_rulebook()
    rule = next(iter(rulebook.filing), None)
    if rule is None:
        return [Problem("no-rule", _("The region knows no filing: an approval is needed."))]
    envelope = queries.envelope_of(line)
    if envelope is None or line is None:
        text = _("It is not known what this line is approved for: an approval is needed.")
        return [Problem("no-envelope", text, field="line")]
    return reasons_against_filing(plan, envelope, queries.taken_on(line), rule, rulebook)


def _why_not_filed(line: int | None, plan: Mapping[str, Any]) -> list[dict[str, str]]:
    """What keeps a project on an approved line from being filed, in both languages: kept, because
    the envelope and what others take of it change. Empty for what is filed."""
    if queries.envelope_of(line) is None:
        return []
    told = {}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            told[language[:2]] = held_against(line=line, plan=plan)
    return [
        {"code": zh.code, "field": zh.field, "zh": str(zh.text), "en": str(en.text)}
        for zh, en in zip(told["zh"], told["en"], strict=True)
    ]


def _problems(
    case: Any, kind: str, begin: date | None, end: date | None, today: date, rulebook: Rulebook
) -> list[Problem]:
    problems = []
    if case.status not in OPEN_CASES:
        problems.append(Problem("wrong-state", _("The case is not open.")))
    if kind not in Project.Kind.values or not _track(rulebook, kind):
        problems.append(Problem("no-track", _("The rulebook has no track for this.")))
    return [*problems, *rules.problems_of_dates(begin, end, today)]


def _problems_of_papers(
    case: Any, papers: Mapping[str, int], hazardous: bool, today: date, rulebook: Rulebook
) -> list[Problem]:
    there = {a.pk for a in demand.attachments(who=SYSTEM, case=case)}
    return list(rules.problems_of_papers(papers, there, rulebook, hazardous=hazardous, day=today))


def _create(**facts: Any) -> Project:
    try:
        with transaction.atomic():
            return Project.objects.create(**facts)
    except IntegrityError as error:
        raise Conflict(_("This case has an open project already.")) from error


def _set_out(who: Actor, made: Project, case: Any, rulebook: Rulebook, now: datetime) -> None:
    """Open the proceeding and let the machine do what needs no person."""
    today = timezone.localdate(now)
    green = queries.green_reasons(case, made.facility_id, rulebook, today)
    place = made.facility
    made.proceeding = review.open_proceeding(
        who=who,
        subject=(made.kind, made.pk),
        track=_track(rulebook, made.kind),
        title=made.title,
        title_en=case.title_en,
        number=made.number,
        organisation=made.organisation_id,
        operator=place.operator_id if place else None,
        case=made.case_id,
        region=made.region,
        green_reasons=[{"rule": rule} for rule in green],
        is_demo=made.is_demo,
        now=now,
    )
    made.save(update_fields=["proceeding"])
    _pass_system_steps(made, now)
    emit(
        ProjectOpened(
            made.pk, made.number, made.case_id, made.organisation_id, made.kind, bool(green)
        ),
        now=now,
    )
    _record(who, "approvals.open", made, now, after={"number": made.number, "kind": made.kind})


def _pass_system_steps(made: Project, now: datetime) -> None:
    """Completeness and the envelope were looked at before anything was written: say so."""
    while made.proceeding is not None:
        open_runs = proceedings.runs(made.proceeding)
        mine = [r for r in open_runs if r.role == "system" and r.state == "open"]
        if not mine:
            return
        for run in mine:
            outcome = next(
                name for name, leads in review.ways(who=SYSTEM, run=run.pk).items() if leads == "on"
            )
            review.finish_step(who=SYSTEM, run=run.pk, outcome=outcome, now=now)


def _track(rulebook: Rulebook, kind: str) -> str:
    return next((track.id for track in rulebook.tracks if track.serves == kind), "")


def _number(rulebook: Rulebook, kind: str, day: date) -> str:
    return draw_number(series=rulebook.number_prefixes.get(kind, kind[:1].upper()), year=day.year)


@transaction.atomic
def decide(
    *,
    who: Actor,
    run: int,
    outcome: str,
    reasons: str = "",
    conditions: Sequence[tuple[str, date | None]] = (),
    readiness: Mapping[str, str] | None = None,
    now: datetime,
) -> Project:
    """Give a step of a project its outcome; a decision may carry conditions with dates, and a
    step of readiness the scale and level that were found."""
    found = proceedings.run(who=who, id=run)
    project = Project.objects.select_for_update(no_key=True).get(proceeding=found.proceeding_id)
    rulebook, today = current_rulebook(), timezone.localdate(now)
    wanted = [(text.strip(), due) for text, due in conditions if text.strip() or due]
    refuse(_problems_of_conditions(found.act, outcome, wanted, rulebook, today))
    review.finish_step(who=who, run=run, outcome=outcome, reasons=reasons, now=now)
    for text, due in wanted:
        Condition.objects.create(project=project, text=text, due=due)
    if readiness and found.act == "readiness":
        project.readiness = dict(readiness)
        project.save(update_fields=["readiness"])
    _record(
        who,
        "approvals.decide",
        project,
        now,
        after={
            "step": found.step,
            "outcome": outcome,
            "conditions": [[text, due] for text, due in wanted],
        },
    )
    return settle(project=project.pk, now=now)


def _problems_of_conditions(
    act: str,
    outcome: str,
    wanted: Sequence[tuple[str, date | None]],
    rulebook: Rulebook,
    today: date,
) -> list[Problem]:
    problems = []
    word = rulebook.outcomes.get(outcome)
    carries = act == "decision" and word is not None and word.conditions
    if carries and not wanted:
        problems.append(
            Problem("no-conditions", _("Write at least one condition."), field="condition_0")
        )
    for at, (text, due) in enumerate(wanted):
        if not carries:
            problems.append(
                Problem(
                    "no-room", _("This outcome carries no conditions."), field=f"condition_{at}"
                )
            )
        if not text:
            problems.append(
                Problem("no-words", _("Write what has to be done."), field=f"condition_{at}")
            )
        if due is None or due <= today:
            problems.append(Problem("past-date", _("Give a day in the future."), field=f"due_{at}"))
    return problems


@transaction.atomic
def withdraw_project(*, who: Actor, project: int, reasons: str = "", now: datetime) -> Project:
    """The applicant leaves in the middle; nothing is lost, everything open is dropped."""
    found = queries.project(who=who, id=project)
    if not rules.is_applicant(who, found):
        raise NotAllowed
    if found.state == Project.State.OPEN and found.proceeding_id is not None:
        review.withdraw_proceeding(
            who=who, proceeding=found.proceeding_id, reasons=reasons, now=now
        )
        _record(who, "approvals.withdraw", found, now, after={"reasons": reasons})
    return settle(project=project, now=now)


@transaction.atomic
def settle(*, project: int, now: datetime) -> Project:
    """Take over the end of the project's proceeding, once."""
    found = (
        Project.objects.select_for_update(no_key=True, of=("self",))
        .select_related("proceeding")
        .get(pk=project)
    )
    proceeding = found.proceeding
    if proceeding is None or proceeding.state == "open" or found.state != Project.State.OPEN:
        return found
    granted = proceeding.outcome in current_rulebook().tracks[proceeding.track].good
    if proceeding.state == "withdrawn":
        found.state = Project.State.WITHDRAWN
    else:
        found.state = Project.State.GRANTED if granted else Project.State.REFUSED
    found.outcome, found.closed_at = proceeding.outcome, now
    found.save()
    emit(
        ProjectDecided(
            found.pk, found.number, found.case_id, found.organisation_id, found.outcome, granted
        ),
        now=now,
    )
    _record(SYSTEM, "approvals.settle", found, now, after={"outcome": found.outcome})
    return found


def _record(who: Actor, action: str, made: Project, now: datetime, after: dict[str, Any]) -> None:
    record(
        who=who,
        action=action,
        subject=("project", made.pk),
        case=made.case_id,
        organisation=made.organisation_id,
        after=after,
        now=now,
    )
