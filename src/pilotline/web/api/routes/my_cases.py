"""Needs and technologies on their way: begun, saved, read, handed in, amended, withdrawn."""

from typing import Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from ninja import Field, Router, Schema

from pilotline.desks.demand import queries, services
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import NotFound
from pilotline.web.api.case_shapes import (
    AmendGiven,
    Answers,
    CaseRow,
    CaseShape,
    ReceiptShape,
    SaveGiven,
    StartGiven,
    receipt_of,
    row_of,
    whole_of,
)
from pilotline.web.api.doors import Bearer
from pilotline.web.api.once import HEADER
from pilotline.web.api.route import (
    Choice,
    Done,
    Given,
    Id,
    Limit,
    Listed,
    Offset,
    Words,
    delete,
    get,
    made,
    part_of,
    patch,
    post,
)

router = Router(tags=[_("My cases")], auth=Bearer("applicant"))
Kind = Literal["", "need", "technology"]
Status = Literal["", "draft", "accepted", "matched", "closed", "withdrawn"]
Sort = Literal[
    "-changed", "changed", "-accepted", "accepted", "number", "-number", "title", "-title",
    "deadline", "-deadline", "status", "-status",
]  # fmt: skip


class TakeGiven(Given):
    fields: list[str] = Field(max_length=300, examples=[["scale", "end"]])


class WithdrawGiven(Given):
    reason: str = Field(default="", examples=["项目计划调整"])


class AsideShape(Schema):
    """Answers that came too late to be saved, kept beside what stands."""

    id: Id
    answers: Answers
    based_on: int = Field(description=_("The version that they were typed over."))
    typed_by_name: str


@get(router, "/my/cases", "my-cases", _("My needs and technologies"), Listed[CaseRow])
def cases(
    request: HttpRequest,
    text: Words = "",
    kind: Kind = "",
    status: Status = "",
    field: Choice = "",
    verification: Choice = "",
    scale: Choice = "",
    sort: Sort = "-changed",
    limit: Limit = 50,
    offset: Offset = 0,
) -> dict[str, Any]:
    wanted = {"kind": kind, "status": status, "text": text, "field": field}
    rows = queries.cases(
        who=request.who,
        door="applicant",
        verification=verification,
        scale=scale,
        sort=sort,
        **wanted,
    )
    return part_of(rows, limit, offset, row_of)


@post(
    router, "/my/cases", "my-cases", _("Begin a draft"), CaseShape, status=201, creates=True,
    about=_("A draft may be as incomplete as you like. answers are keyed by /rulebook/forms."),
)  # fmt: skip
def start(request: HttpRequest, given: StartGiven) -> Any:
    begun = services.start_case(who=request.who, now=timezone.now(), **given.model_dump())
    return made(_shown(request.who, begun.pk))


@get(
    router, "/my/cases/{id}", "my-case",
    _("One of my cases, with all that is missing and what comes next"), CaseShape,
)  # fmt: skip
def one(request: HttpRequest, id: Id) -> Any:
    return _shown(request.who, id)


@patch(
    router, "/my/cases/{id}", "my-case", _("Save a draft"), CaseShape,
    about=_(
        "What is not sent stays as it is. If somebody saved after your version, 409: your answers "
        "are kept beside theirs, and data.aside names them."
    ),
)  # fmt: skip
def save(request: HttpRequest, id: Id, given: SaveGiven) -> Any:
    services.save_draft(who=request.who, case=id, now=timezone.now(), **given.model_dump())
    return _shown(request.who, id)


@post(
    router, "/my/cases/{id}/read", "my-case-read",
    _("Read the text for requirements and answers"), CaseShape,
    about=_("Reading twice offers nothing twice; what you decided stays."),
)  # fmt: skip
def read(request: HttpRequest, id: Id) -> Any:
    services.read_text(who=request.who, case=id, now=timezone.now())
    return _shown(request.who, id)


@post(
    router, "/my/cases/{id}/take", "my-case-take",
    _("Take over answers that the text gives"), CaseShape,
)  # fmt: skip
def take(request: HttpRequest, id: Id, given: TakeGiven) -> Any:
    services.take_offered(who=request.who, case=id, fields=given.fields, now=timezone.now())
    return _shown(request.who, id)


@post(
    router, "/my/cases/{id}/submit", "my-case-submit", _("Hand in"), ReceiptShape, status=201,
    creates=True,
    about=_(
        "What is complete is accepted at once, with number and receipt. Otherwise 422 with "
        "everything that is missing, and the draft is kept. Handing in twice gives one receipt."
    ),
)  # fmt: skip
def submit(request: HttpRequest, id: Id, given: SaveGiven) -> Any:
    paper = services.submit(
        who=request.who,
        case=id,
        now=timezone.now(),
        key=request.headers.get(HEADER, "")[:64],
        **given.model_dump(),
    )
    return made(receipt_of(paper))


@post(
    router, "/my/cases/{id}/amend", "my-case-amend", _("Amend an accepted case"), CaseShape,
    about=_("It must stay complete. What was and what is stand in its history."),
)  # fmt: skip
def amend(request: HttpRequest, id: Id, given: AmendGiven) -> Any:
    services.amend(who=request.who, case=id, now=timezone.now(), **given.model_dump())
    return _shown(request.who, id)


@post(
    router, "/my/cases/{id}/withdraw", "my-case-withdraw", _("Withdraw a case"), CaseShape,
    about=_("An accepted case needs a reason, a draft none."),
)  # fmt: skip
def withdraw(request: HttpRequest, id: Id, given: WithdrawGiven) -> Any:
    services.withdraw(who=request.who, case=id, reason=given.reason, now=timezone.now())
    return _shown(request.who, id)


@get(
    router, "/my/cases/{id}/asides", "my-case-asides",
    _("Answers that came too late and were kept beside"), list[AsideShape],
)  # fmt: skip
def asides(request: HttpRequest, id: Id) -> Any:
    return queries.asides(who=request.who, case=queries.own_case(who=request.who, id=id))


@delete(
    router, "/my/cases/{id}/asides/{aside}", "my-case-aside",
    _("Throw away answers that were kept beside"), Done,
)  # fmt: skip
def drop_aside(request: HttpRequest, id: Id, aside: Id) -> Any:
    found = queries.own_case(who=request.who, id=id)
    if aside not in {kept.pk for kept in queries.asides(who=request.who, case=found)}:
        raise NotFound
    services.drop_aside(who=request.who, aside=aside, now=timezone.now())
    return {"done": True}


def _shown(who: Actor, id: int) -> dict[str, Any]:
    return whole_of(who, queries.own_case(who=who, id=id))
