"""My applications: begun, filled in, joined, handed in, taken back, reported on."""

from typing import Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from ninja import Router

from pilotline.desks.calls import queries, services
from pilotline.web.api.call_shapes import (
    AnswersGiven,
    ApplicationReasonGiven,
    ApplicationRow,
    ApplicationShape,
    BeginGiven,
    MilestoneReportGiven,
    MilestoneShape,
    PartiesGiven,
    PartnershipGiven,
    application_of,
    application_row,
    milestone_of,
)
from pilotline.web.api.doors import Bearer
from pilotline.web.api.route import Id, Limit, Listed, Offset, get, made, part_of, patch, post, put

router = Router(tags=[_("My applications")], auth=Bearer("applicant"))
State = Literal[
    "", "draft", "joining", "accepted", "reviewed", "listed", "not_listed", "granted", "refused",
    "withdrawn", "seated", "waiting",
]  # fmt: skip


@get(router, "/my/applications", "my-applications",
     _("What my organisations apply for, and take part in"), Listed[ApplicationRow])  # fmt: skip
def applications(
    request: HttpRequest, state: State = "", limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    rows = queries.applications(who=request.who, door="applicant")
    return part_of(rows.filter(state=state) if state else rows, limit, offset, application_row)


@post(
    router, "/my/applications", "my-applications", _("Begin to apply"), ApplicationShape,
    status=201, creates=True,
    about=_("A draft that is begun already is given back. What is asked: /calls/{id}/form."),
)  # fmt: skip
def begin(request: HttpRequest, given: BeginGiven) -> Any:
    row = services.start_application(who=request.who, now=timezone.now(), **given.model_dump())
    return made(_shown(request, row.pk))


@get(router, "/my/applications/{id}", "my-application", _("One of my applications"),
     ApplicationShape)  # fmt: skip
def one(request: HttpRequest, id: Id) -> Any:
    return _shown(request, id)


@patch(router, "/my/applications/{id}", "my-application", _("Save a draft"), ApplicationShape,
       about=_("What is not sent stays as it is."))  # fmt: skip
def save(request: HttpRequest, id: Id, given: AnswersGiven) -> Any:
    services.save_application(
        who=request.who, application=id, now=timezone.now(), **given.model_dump()
    )
    return _shown(request, id)


@put(router, "/my/applications/{id}/parties", "my-application-parties",
     _("Set all parties of a joint application"), ApplicationShape,
     about=_("The applicant itself leads. Each of the others is asked to agree."))  # fmt: skip
def parties(request: HttpRequest, id: Id, given: PartiesGiven) -> Any:
    named = [one.model_dump() for one in given.parties]
    services.name_partners(who=request.who, application=id, partners=named, now=timezone.now())
    return _shown(request, id)


@post(router, "/my/applications/{id}/partnership", "my-application-partnership",
      _("Agree to take part, or decline"), ApplicationShape,
      about=_("The last party that agrees hands the application in."))  # fmt: skip
def answer(request: HttpRequest, id: Id, given: PartnershipGiven) -> Any:
    services.answer_partnership(
        who=request.who, application=id, now=timezone.now(), **given.model_dump()
    )
    return _shown(request, id)


@post(
    router, "/my/applications/{id}/submit", "my-application-submit", _("Hand in"),
    ApplicationShape,
    about=_("Complete, it is accepted at once with its number; 422 with all that is missing."),
)  # fmt: skip
def submit(request: HttpRequest, id: Id) -> Any:
    services.submit_application(who=request.who, application=id, now=timezone.now())
    return _shown(request, id)


@post(
    router, "/my/applications/{id}/withdraw", "my-application-withdraw",
    _("Withdraw an application"), ApplicationShape,
)  # fmt: skip
def withdraw(request: HttpRequest, id: Id, given: ApplicationReasonGiven) -> Any:
    services.withdraw_application(
        who=request.who, application=id, reason=given.reason, now=timezone.now()
    )
    return _shown(request, id)


@post(router, "/my/milestones/{id}/report", "my-milestone-report",
      _("Report that a milestone is reached"), MilestoneShape)  # fmt: skip
def report(request: HttpRequest, id: Id, given: MilestoneReportGiven) -> Any:
    row = services.report_milestone(
        who=request.who, milestone=id, report=given.report, now=timezone.now()
    )
    return milestone_of(row)


def _shown(request: HttpRequest, id: int) -> dict[str, Any]:
    return application_of(request.who, queries.application(who=request.who, id=id))
