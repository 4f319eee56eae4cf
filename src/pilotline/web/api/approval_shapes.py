"""How pilot projects, their steps, conditions and permits are told to programs."""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_noop as _
from ninja import Field, Schema

from pilotline.desks.approvals.queries import projects
from pilotline.desks.journal.queries import rulebook_of
from pilotline.desks.review.queries import proceedings
from pilotline.web.api.route import Id

BOTH = _("By language: zh, en.")


class ProjectRow(Schema):
    """A pilot project."""

    id: Id
    number: str = Field(examples=["ZX-2026-000001"])
    kind: str = Field(description=_("project (approval) or filing."), examples=["project"])
    title: str
    state: str = Field(description=_("open, granted, refused or withdrawn."), examples=["granted"])
    outcome: str = Field(description=_("The end of its track, of /rulebook/lists/outcomes."))
    case: str = Field(description=_("The case’s number."))
    applicant: str
    facility: str = Field(description=_("Its code; empty while it is not decided."))
    line: str
    begin: date
    end: date
    green: bool = Field(description=_("In the green lane."))
    proceeding: int | None
    latest_end: date | None
    opened_at: datetime
    closed_at: datetime | None


class UrgeShape(Schema):
    id: Id
    kind: str = Field(description=_("urge or supervise."), examples=["urge"])
    words: str
    by: str
    at: datetime
    answer: str
    answered_at: datetime | None


class StepShape(Schema):
    """The course of one step. `due` is empty while its clock stands."""

    id: Id
    step: str = Field(examples=["safety"])
    title: dict[str, str] = Field(description=BOTH)
    act: str
    state: str = Field(
        description=_("open, waiting, held, done, skipped or dropped."), examples=["open"]
    )
    role: str
    body: str = Field(description=_("Of /rulebook/lists/bodies."))
    region: str
    days: int = Field(description=_("Its clock in working days."))
    opened_on: date
    due: date | None
    holder: str
    outcome: str
    reasons: str
    question: str
    answer: str
    done_on: date | None
    done_by: str
    escalated_to: str
    urges: list[UrgeShape]


class OpenStep(StepShape):
    """A step with what it may come to, and whose it is."""

    proceeding: int
    subject_kind: str = Field(examples=["project"])
    number: str
    subject: str = Field(description=_("The title of what is on its way."))
    green: bool
    ways: dict[str, str] = Field(
        description=_("Outcome → on, wait, an end of the track, or the step that it calls."),
        examples=[{"pass": "on", "correct": "wait"}],
    )


class InboxRow(Schema):
    """What waits for whoever asks, the green lane first."""

    id: Id
    proceeding: int
    step: str
    title: dict[str, str] = Field(description=BOTH)
    subject_kind: str
    number: str
    subject: str
    applicant: str
    state: str
    body: str
    due: date | None
    late: bool
    green: bool
    holder: str


class HeldShape(Schema):
    """One reason why filing was not enough."""

    code: str
    field: str
    zh: str
    en: str


class ConditionShape(Schema):
    id: Id
    text: str
    due: date
    state: str = Field(description=_("open, reported or met."), examples=["open"])
    report: str
    answer: str


class PermitShape(Schema):
    """How long a project may run on its line."""

    id: Id
    number: str
    project: str = Field(description=_("The project’s number."))
    line: str
    since: date
    ends: date
    extensions: int
    asked_until: date | None
    asked_reasons: str
    answer: str
    closing: str
    closed_on: date | None
    report: str


class ProjectShape(ProjectRow):
    """With all that is known of it."""

    hazardous: bool
    plan: dict[str, Any]
    papers: dict[str, int] = Field(description=_("Paper of the rulebook → attachment."))
    readiness: dict[str, str]
    green_reasons: list[str] = Field(description=_("Of /rulebook/lists/green_lane."))
    held: list[HeldShape]
    steps: list[StepShape]
    conditions: list[ConditionShape]
    permit: PermitShape | None


class StepFigureShape(Schema):
    step: str
    done: int
    days: float = Field(description=_("The middle one, in working days."))
    late: int
    open: int
    open_late: int


class FiguresShape(Schema):
    """How long a track took, of all that the authority may see."""

    track: str
    opened: int
    ended: int
    green: int
    acceptance_seconds: float | None
    side_by_side: float = Field(description=_("Mean working days of those that have ended."))
    one_after_another: float
    saved: float
    steps: list[StepFigureShape]


def project_row(found: Any) -> dict[str, Any]:
    proceeding = found.proceeding
    return {
        "id": found.pk,
        "number": found.number,
        "kind": found.kind,
        "title": found.title,
        "state": found.state,
        "outcome": found.outcome,
        "case": found.case.number or "",
        "applicant": found.organisation.name,
        "facility": found.facility.code if found.facility else "",
        "line": found.line.name if found.line else "",
        "begin": found.begin,
        "end": found.end,
        "green": bool(proceeding and proceeding.green),
        "proceeding": found.proceeding_id,
        "latest_end": proceeding.latest_end if proceeding else None,
        "opened_at": found.opened_at,
        "closed_at": found.closed_at,
    }


def one_project(found: Any) -> dict[str, Any]:
    """The caller has fetched the project through a check."""
    proceeding = found.proceeding
    permit = getattr(found, "permit", None)
    return project_row(found) | {
        "hazardous": found.hazardous,
        "plan": found.plan,
        "papers": found.papers,
        "readiness": found.readiness,
        "green_reasons": [one["rule"] for one in proceeding.green_reasons] if proceeding else [],
        "held": found.held,
        "steps": [step_of(run, proceeding) for run in proceedings.runs(proceeding)]
        if proceeding
        else [],
        "conditions": [condition_of(one) for one in projects.conditions(found)],
        "permit": permit_of(permit) if permit else None,
    }


def step_of(run: Any, proceeding: Any) -> dict[str, Any]:
    return {
        "id": run.pk,
        "step": run.step,
        "title": _title(run, proceeding),
        "act": run.act,
        "state": run.state,
        "role": run.role,
        "body": run.body,
        "region": run.region,
        "days": run.days,
        "opened_on": run.opened_on,
        "due": run.due,
        "holder": run.holder_name,
        "outcome": run.outcome,
        "reasons": run.reasons,
        "question": run.question,
        "answer": run.answer,
        "done_on": run.done_on,
        "done_by": run.done_by_name,
        "escalated_to": run.escalated_to,
        "urges": [urge_of(one) for one in run.urges.all()],
    }


def _title(run: Any, proceeding: Any) -> dict[str, str]:
    title = rulebook_of(proceeding.release).tracks[proceeding.track].step(run.step).title
    return {"zh": title.zh, "en": title.en}


def urge_of(one: Any) -> dict[str, Any]:
    return {
        "id": one.pk,
        "kind": one.kind,
        "words": one.words,
        "by": one.by_name,
        "at": one.at,
        "answer": one.answer,
        "answered_at": one.answered_at,
    }


def inbox_row(run: Any, today: date) -> dict[str, Any]:
    proceeding = run.proceeding
    return {
        "id": run.pk,
        "proceeding": proceeding.pk,
        "step": run.step,
        "title": _title(run, proceeding),
        "subject_kind": proceeding.subject_kind,
        "number": proceeding.number,
        "subject": proceeding.title,
        "applicant": proceeding.organisation.name if proceeding.organisation else "",
        "state": run.state,
        "body": run.body,
        "due": run.due,
        "late": run.due is not None and run.due < today,
        "green": proceeding.green,
        "holder": run.holder_name,
    }


def condition_of(one: Any) -> dict[str, Any]:
    return {
        "id": one.pk,
        "text": one.text,
        "due": one.due,
        "state": one.state,
        "report": one.report,
        "answer": one.answer,
    }


def permit_of(one: Any) -> dict[str, Any]:
    names = ("number", "since", "ends", "extensions", "asked_until", "asked_reasons", "answer")
    more = ("closing", "closed_on", "report")
    return {name: getattr(one, name) for name in (*names, *more)} | {
        "id": one.pk,
        "project": one.project.number,
        "line": one.line.name,
    }
