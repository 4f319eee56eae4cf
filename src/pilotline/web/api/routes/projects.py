"""Pilot projects: opened, followed, conditions and permits."""

from datetime import date
from typing import Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from ninja import Field, Router

from pilotline.desks.approvals import services
from pilotline.desks.approvals.queries import projects as queries
from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.registry import queries as registry
from pilotline.desks.review.queries.figures import figures
from pilotline.kernel.errors import NotFound
from pilotline.web.api.approval_shapes import (
    ConditionShape,
    FiguresShape,
    PermitShape,
    ProjectRow,
    ProjectShape,
    condition_of,
    one_project,
    permit_of,
    project_row,
)
from pilotline.web.api.doors import Bearer
from pilotline.web.api.route import (
    Choice,
    Given,
    Id,
    Limit,
    Listed,
    Offset,
    get,
    made,
    part_of,
    post,
)

router = Router(tags=[_("Pilot projects")])
ANY, APPLICANT, REGION = Bearer(), Bearer("applicant"), Bearer("authority")


class PlanGiven(Given):
    """What a project will do on the line, a year. Figures are text; pressures are gauge."""

    substances: list[str] = Field(max_length=200, examples=[["乙醇"]])
    quantity: str = Field(default="", max_length=40, description=_("kg a year."))
    temperature_low: str = Field(default="", max_length=40, description="°C")
    temperature_high: str = Field(default="", max_length=40, description="°C")
    pressure_low: str = Field(default="", max_length=40, description=_("MPa, gauge."))
    pressure_high: str = Field(default="", max_length=40, description=_("MPa, gauge."))
    hazard_class: str = Field(default="", max_length=2, description=_("1 to 5."))
    emissions: dict[str, str] = Field(
        default_factory=dict, description=_("Of /rulebook/lists/pollutants → t a year.")
    )


class ProjectGiven(Given):
    kind: Literal["project", "filing"] = Field(
        description=_("filing is refused with the exact reasons unless it is enough.")
    )
    facility: str = Field(default="", max_length=40, description=_("Its code."))
    line: Id | None = None
    begin: date
    end: date
    hazardous: bool = False
    plan: PlanGiven
    papers: dict[str, Id] = Field(
        default_factory=dict,
        description=_("Of /rulebook/lists/review_items → attachment of the case."),
    )


class ReportGiven(Given):
    words: str = Field(max_length=4000)


class LeaveGiven(Given):
    reasons: str = Field(default="", max_length=4000)


class ConditionAnswer(Given):
    met: bool
    words: str = Field(default="", max_length=1000)


class StartUpGiven(Given):
    since: date


class ExtensionGiven(Given):
    until: date
    reasons: str = Field(max_length=4000)


class ExtensionAnswer(Given):
    grants: bool
    words: str = Field(max_length=4000)


class ClosingGiven(Given):
    closing: str = Field(max_length=40, examples=["sealed"])
    on: date
    report: str = Field(max_length=4000)


@get(
    router, "/projects", "projects", _("Pilot projects that I may see"), Listed[ProjectRow],
    auth=ANY,
)  # fmt: skip
def listed(
    request: HttpRequest, state: Choice = "", limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    rows = queries.projects(who=request.who).select_related("case")
    return part_of(rows.filter(state=state) if state else rows, limit, offset, project_row)


@get(router, "/projects/{id}", "project", _("One pilot project"), ProjectShape, auth=ANY)
def one(request: HttpRequest, id: Id) -> Any:
    return one_project(queries.project(who=request.who, id=id))


@post(
    router, "/my/cases/{id}/projects", "my-case-projects", _("Open a pilot project"),
    ProjectShape, auth=APPLICANT, status=201, creates=True,
    about=_("What is complete is accepted at once; else all that is missing is told."),
)  # fmt: skip
def opened(request: HttpRequest, id: Id, given: ProjectGiven) -> Any:
    place = registry.facility(request.who, given.facility) if given.facility else None
    found = services.open_project(
        who=request.who,
        case=id,
        kind=given.kind,
        facility=place.pk if place else None,
        line=given.line if place else None,
        begin=given.begin,
        end=given.end,
        hazardous=given.hazardous,
        plan=given.plan.dict(),
        papers=given.papers,
        now=timezone.now(),
    )
    return made(one_project(queries.project(who=request.who, id=found.pk)))


@post(
    router, "/my/projects/{id}/withdraw", "my-project-withdraw", _("Leave in the middle"),
    ProjectShape, auth=APPLICANT,
)  # fmt: skip
def withdrawn(request: HttpRequest, id: Id, given: LeaveGiven) -> Any:
    services.withdraw_project(
        who=request.who, project=id, reasons=given.reasons, now=timezone.now()
    )
    return one_project(queries.project(who=request.who, id=id))


@post(
    router, "/projects/{id}/start", "project-start", _("The line has started up"), PermitShape,
    auth=Bearer("applicant", "operator"),
)  # fmt: skip
def started(request: HttpRequest, id: Id, given: StartUpGiven) -> Any:
    found = services.start_running(
        who=request.who, project=id, since=given.since, now=timezone.now()
    )
    return permit_of(queries.permit(who=request.who, id=found.pk))


@post(
    router, "/conditions/{id}/report", "condition-report", _("Say what was done"),
    ConditionShape, auth=APPLICANT,
)  # fmt: skip
def reported(request: HttpRequest, id: Id, given: ReportGiven) -> Any:
    return condition_of(
        services.report_condition(
            who=request.who, condition=id, report=given.words, now=timezone.now()
        )
    )


@post(
    router, "/conditions/{id}/answer", "condition-answer", _("Answer a report"),
    ConditionShape, auth=REGION,
)  # fmt: skip
def answered(request: HttpRequest, id: Id, given: ConditionAnswer) -> Any:
    return condition_of(
        services.answer_condition(
            who=request.who, condition=id, met=given.met, answer=given.words, now=timezone.now()
        )
    )


@get(router, "/permits", "permits", _("Permits that I may see"), Listed[PermitShape], auth=ANY)
def permits(request: HttpRequest, limit: Limit = 50, offset: Offset = 0) -> dict[str, Any]:
    return part_of(queries.permits(who=request.who), limit, offset, permit_of)


@post(
    router, "/permits/{id}/extension", "permit-extension", _("Ask for more time"), PermitShape,
    auth=Bearer("applicant", "operator"),
)  # fmt: skip
def extension(request: HttpRequest, id: Id, given: ExtensionGiven) -> Any:
    services.ask_extension(
        who=request.who, permit=id, until=given.until, reasons=given.reasons, now=timezone.now()
    )
    return permit_of(queries.permit(who=request.who, id=id))


@post(
    router, "/permits/{id}/answer", "permit-answer", _("Answer an extension"), PermitShape,
    auth=REGION,
)  # fmt: skip
def extension_answered(request: HttpRequest, id: Id, given: ExtensionAnswer) -> Any:
    services.answer_extension(
        who=request.who, permit=id, grants=given.grants, answer=given.words, now=timezone.now()
    )
    return permit_of(queries.permit(who=request.who, id=id))


@post(
    router, "/permits/{id}/close", "permit-close", _("Close down and report"), PermitShape,
    auth=Bearer("applicant", "operator"),
)  # fmt: skip
def closed(request: HttpRequest, id: Id, given: ClosingGiven) -> Any:
    services.close_permit(
        who=request.who,
        permit=id,
        closing=given.closing,
        on=given.on,
        report=given.report,
        now=timezone.now(),
    )
    return permit_of(queries.permit(who=request.who, id=id))


@get(
    router, "/authority/tracks/{track}", "authority-track", _("How long a track takes"),
    FiguresShape, auth=REGION,
)  # fmt: skip
def track(request: HttpRequest, track: str) -> Any:
    book = current_rulebook()
    if track not in book.tracks or book.calendar is None:
        raise NotFound
    found = figures(
        who=request.who, track=track, calendar=book.calendar, today=timezone.localdate()
    )
    names = ("opened", "ended", "green", "side_by_side", "one_after_another", "saved")
    steps = ("step", "done", "days", "late", "open", "open_late")
    took = found.acceptance
    return {name: getattr(found, name) for name in names} | {
        "track": track,
        "acceptance_seconds": took.total_seconds() if took is not None else None,
        "steps": [{name: getattr(row, name) for name in steps} for row in found.steps],
    }
