"""Calls: what is open, what it asks, its results; and how its authority moves it on."""

from collections.abc import Callable
from typing import Any, Literal

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from ninja import Router

from pilotline.desks.calls import queries, services
from pilotline.desks.people import queries as people
from pilotline.web.api.call_shapes import (
    ApplicationRow,
    ApplicationShape,
    CallGiven,
    CallRow,
    CallShape,
    CallStandingShape,
    MilestoneShape,
    MoveGiven,
    ObjectionAnswerGiven,
    ObjectionGiven,
    ObjectionShape,
    ResultShape,
    VerdictGiven,
    application_of,
    application_row,
    call_of,
    call_row,
    milestone_of,
    objection_of,
    result_of,
    standing_of,
)
from pilotline.web.api.doors import Bearer
from pilotline.web.api.route import (
    Choice,
    Id,
    Limit,
    Listed,
    Offset,
    Words,
    download,
    get,
    made,
    part_of,
    post,
)
from pilotline.web.api.routes.rulebook import FormShape, form_of
from pilotline.web.shared import annex, sheets

router = Router(tags=[_("Calls")])
KNOWN, REGION = Bearer(), Bearer("authority")
State = Literal["", "open", "judged", "notice", "ended"]
AnyState = Literal["", "draft", "open", "judged", "notice", "ended", "cancelled"]


@get(router, "/calls", "calls", _("What may be applied for, and what came of it"),
     Listed[CallRow])  # fmt: skip
def calls(
    request: HttpRequest,
    text: Words = "",
    state: State = "",
    program: Choice = "",
    limit: Limit = 50,
    offset: Offset = 0,
) -> dict[str, Any]:
    return _calls(request, "public", text, state, program, limit, offset)


@get(router, "/calls/{id}", "call", _("One call with what it asks"), CallShape)
def call(request: HttpRequest, id: Id) -> Any:
    return call_of(queries.call(who=request.who, id=id))


@get(router, "/calls/{id}/form", "call-form", _("The questions of a call"), FormShape)
def form(request: HttpRequest, id: Id) -> Any:
    return form_of(queries.program_of(queries.call(who=request.who, id=id)).form)


@get(
    router, "/calls/{id}/results", "call-results",
    _("The list that is up for notice, or the results"), list[ResultShape],
)  # fmt: skip
def results(request: HttpRequest, id: Id) -> Any:
    found = queries.call(who=request.who, id=id)
    return [result_of(row) for row in queries.results(call=found)]


@get(
    router, "/calls/{id}/objections", "call-objections",
    _("My objections; all of them for the call's authority"), list[ObjectionShape], auth=KNOWN,
)  # fmt: skip
def objections(request: HttpRequest, id: Id) -> Any:
    found = queries.call(who=request.who, id=id)
    return [objection_of(row) for row in queries.objections(who=request.who, call=found)]


@post(
    router, "/calls/{id}/objections", "call-objections", _("Object to the list"), ObjectionShape,
    status=201, creates=True, auth=KNOWN,
    about=_("By name and with reasons, while the notice runs."),
)  # fmt: skip
def object_(request: HttpRequest, id: Id, given: ObjectionGiven) -> Any:
    row = services.raise_objection(
        who=request.who, call=id, now=timezone.now(), **given.model_dump()
    )
    return made(objection_of(row))


@get(router, "/authority/calls", "authority-calls", _("Calls of my region, drafts too"),
     Listed[CallRow], auth=REGION)  # fmt: skip
def region_calls(
    request: HttpRequest,
    text: Words = "",
    state: AnyState = "",
    program: Choice = "",
    limit: Limit = 50,
    offset: Offset = 0,
) -> dict[str, Any]:
    return _calls(request, "authority", text, state, program, limit, offset)


@post(
    router, "/authority/calls", "authority-calls", _("Write a call down"), CallStandingShape,
    status=201, creates=True, auth=REGION,
    about=_("Only its authority sees it until it is opened by a move."),
)  # fmt: skip
def draft(request: HttpRequest, given: CallGiven) -> Any:
    values = given.model_dump(exclude={"program", "region", "issuer", "goals"})
    values["issuer"] = people.by_credit_code(given.issuer) if given.issuer else None
    values["goals"] = [one.model_dump() | {"at": f"{one.at:f}"} for one in given.goals]
    row = services.draft_call(
        who=request.who,
        program=given.program,
        region=given.region or min(request.who.regions, default=""),
        values=values,
        now=timezone.now(),
    )
    return made(_standing(request, row.pk))


@get(
    router, "/authority/calls/{id}", "authority-call",
    _("A call of my region, with what stands in its way"), CallStandingShape, auth=REGION,
)  # fmt: skip
def region_call(request: HttpRequest, id: Id) -> Any:
    return _standing(request, id)


@post(
    router, "/authority/calls/{id}/moves", "authority-call-moves", _("Move a call on"),
    CallStandingShape, auth=REGION,
    about=_("open, close, panel, list, notice, publish; cancel and end need a reason."),
)  # fmt: skip
def move(request: HttpRequest, id: Id, given: MoveGiven) -> Any:
    service, extra = MOVES[given.move]
    more = {} if not extra else {extra: getattr(given, extra)}
    service(who=request.who, call=id, now=timezone.now(), **more)
    return _standing(request, id)


MOVES: dict[str, tuple[Callable[..., Any], str]] = {
    "open": (services.open_call, ""),
    "close": (services.close_call, ""),
    "panel": (services.gather_panel, ""),
    "list": (services.make_list, "seen"),
    "notice": (services.open_notice, "seen"),
    "publish": (services.publish_results, "seen"),
    "cancel": (services.cancel_call, "reason"),
    "end": (services.end_without_list, "reason"),
}


@get(
    router, "/authority/calls/{id}/annex", "authority-call-annex",
    _("The list as the annex that officials publish"), None, auth=REGION,
    extra=download(annex.MEDIA_TYPE, sheets.MEDIA_TYPE),
)  # fmt: skip
def annex_file(request: HttpRequest, id: Id, kind: Literal["docx", "xlsx"] = "docx") -> Any:
    found = queries.governed_call(who=request.who, id=id)
    return annex.file(found, list(queries.results(call=found)), kind)


@get(
    router, "/authority/calls/{id}/applications", "authority-call-applications",
    _("What was handed in, by rank"), Listed[ApplicationRow], auth=REGION,
)  # fmt: skip
def applications(
    request: HttpRequest, id: Id, limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    queries.call(who=request.who, id=id)
    rows = queries.applications(who=request.who, door="authority", call=id)
    return part_of(rows, limit, offset, application_row)


@get(router, "/authority/applications/{id}", "authority-application",
     _("One application before those who decide on it"), ApplicationShape, auth=REGION)  # fmt: skip
def application(request: HttpRequest, id: Id) -> Any:
    return application_of(request.who, queries.application(who=request.who, id=id))


@post(router, "/authority/objections/{id}/answer", "authority-objection-answer",
      _("Answer an objection"), ObjectionShape, auth=REGION,
      about=_("Upheld, what was objected to is refused and the list comes down."))  # fmt: skip
def answer(request: HttpRequest, id: Id, given: ObjectionAnswerGiven) -> Any:
    row = services.answer_objection(
        who=request.who, objection=id, now=timezone.now(), **given.model_dump()
    )
    return objection_of(row)


@post(router, "/authority/milestones/{id}/verdict", "authority-milestone-verdict",
      _("Check a reported milestone"), MilestoneShape, auth=REGION)  # fmt: skip
def judge(request: HttpRequest, id: Id, given: VerdictGiven) -> Any:
    row = services.judge_milestone(
        who=request.who, milestone=id, now=timezone.now(), **given.model_dump()
    )
    return milestone_of(row)


def _calls(
    request: HttpRequest, door: str, text: str, state: str, program: str, limit: int, offset: int
) -> dict[str, Any]:
    rows = queries.calls(who=request.who, door=door)
    if state:
        rows = rows.filter(state=state)
    if program:
        rows = rows.filter(program=program)
    if text:
        rows = rows.filter(
            Q(title__icontains=text) | Q(title_en__icontains=text) | Q(number__icontains=text)
        )
    return part_of(rows, limit, offset, call_row)


def _standing(request: HttpRequest, id: int) -> dict[str, Any]:
    return standing_of(queries.governed_call(who=request.who, id=id))
