"""The inbox and the steps on their tracks, whatever moves along them."""

from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from ninja import Field, Query, Router, Schema

from pilotline.desks.review import services
from pilotline.desks.review.queries import inbox as inboxes
from pilotline.desks.review.queries import proceedings as queries
from pilotline.web.api.approval_shapes import (
    InboxRow,
    OpenStep,
    UrgeShape,
    inbox_row,
    step_of,
    urge_of,
)
from pilotline.web.api.doors import Bearer
from pilotline.web.api.route import (
    Given,
    Id,
    Limit,
    Listed,
    Offset,
    download,
    get,
    language,
    part_of,
    post,
)
from pilotline.web.shared import moves

router = Router(tags=[_("Steps and inbox")])
ANY, APPLICANT, REGION = Bearer(), Bearer("applicant"), Bearer("authority")
DOERS = Bearer("authority", "applicant", "operator")
Tab = Annotated[Literal["all", "mine", "due", "late", "green", "waiting"], Query()]


class TermGiven(Given):
    text: str = Field(max_length=1000)
    due: date


class ReadinessGiven(Given):
    scale: str = Field(max_length=60, description=_("Of /rulebook/lists/readiness."))
    level: str = Field(max_length=40)


class OutcomeGiven(Given):
    outcome: str = Field(max_length=60, examples=["pass"])
    reasons: str = Field(default="", max_length=4000)
    conditions: list[TermGiven] = Field(default_factory=list, max_length=50)
    readiness: ReadinessGiven | None = None


class SaidGiven(Given):
    words: str = Field(max_length=4000)


class UrgeGiven(Given):
    kind: Literal["urge", "supervise"]
    words: str = Field(default="", max_length=1000)


class InboxCounts(Schema):
    """Counted to 1,000: 1,001 stands for more."""

    all: int
    mine: int
    due: int
    late: int
    green: int
    waiting: int


@get(router, "/inbox", "inbox", _("What waits for me"), Listed[InboxRow], auth=ANY)
def inbox(
    request: HttpRequest, tab: Tab = "all", limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    today = timezone.localdate()
    rows = inboxes.inbox(who=request.who, tab=tab, today=today)
    return part_of(rows, limit, offset, lambda run: inbox_row(run, today))


@get(router, "/inbox/counts", "inbox-counts", _("How much waits for me"), InboxCounts, auth=ANY)
def counts(request: HttpRequest) -> Any:
    return inboxes.inbox_counts(who=request.who, today=timezone.localdate())


@get(router, "/steps/{id}", "step", _("One step"), OpenStep, auth=ANY)
def step(request: HttpRequest, id: Id) -> Any:
    return _shape(request, id)


@post(
    router, "/steps/{id}/finish", "step-finish", _("Give a step its outcome"), OpenStep, auth=DOERS,
    about=_("Decided once: whoever comes second is told by 409."),
)  # fmt: skip
def finished(request: HttpRequest, id: Id, given: OutcomeGiven) -> Any:
    moves.finish(
        who=request.who,
        run=id,
        outcome=given.outcome,
        reasons=given.reasons,
        conditions=[(one.text, one.due) for one in given.conditions],
        readiness=given.readiness.dict() if given.readiness else None,
        now=timezone.now(),
    )
    return _shape(request, id)


@post(
    router, "/steps/{id}/answer", "step-answer", _("Answer what a step waits for"), OpenStep,
    auth=APPLICANT,
)  # fmt: skip
def answered(request: HttpRequest, id: Id, given: SaidGiven) -> Any:
    services.answer_step(who=request.who, run=id, answer=given.words, now=timezone.now())
    return _shape(request, id)


@post(router, "/steps/{id}/take", "step-take", _("Take a step on"), OpenStep, auth=DOERS)
def taken(request: HttpRequest, id: Id) -> Any:
    services.take_step(who=request.who, run=id, now=timezone.now())
    return _shape(request, id)


@post(router, "/steps/{id}/give-back", "step-give-back", _("Lay a step down"), OpenStep, auth=DOERS)
def given_back(request: HttpRequest, id: Id) -> Any:
    services.give_back_step(who=request.who, run=id, now=timezone.now())
    return _shape(request, id)


@post(router, "/steps/{id}/urge", "step-urge", _("Urge or supervise"), UrgeShape, auth=REGION)
def urged(request: HttpRequest, id: Id, given: UrgeGiven) -> Any:
    return urge_of(
        services.urge_step(
            who=request.who, run=id, kind=given.kind, words=given.words, now=timezone.now()
        )
    )


@post(
    router, "/urges/{id}/answer", "urge-answer", _("Say how an urged step stands"), UrgeShape,
    auth=DOERS,
)  # fmt: skip
def urge_answered(request: HttpRequest, id: Id, given: SaidGiven) -> Any:
    return urge_of(
        services.answer_urge(who=request.who, urge=id, words=given.words, now=timezone.now())
    )


@get(
    router, "/proceedings/{id}/bpmn", "proceeding-bpmn", _("The track as BPMN 2.0"), None, auth=ANY,
    extra=download("application/xml"),
)  # fmt: skip
def bpmn(request: HttpRequest, id: Id) -> Any:
    text = services.bpmn_of(who=request.who, proceeding=id, language=language())
    return HttpResponse(text, content_type="application/xml; charset=utf-8")


def _shape(request: HttpRequest, id: int) -> dict[str, Any]:
    run = queries.run(who=request.who, id=id)
    found = run.proceeding
    return step_of(run, found) | {
        "proceeding": found.pk,
        "subject_kind": found.subject_kind,
        "number": found.number,
        "subject": found.title,
        "green": found.green,
        "ways": services.ways(who=request.who, run=id),
    }
