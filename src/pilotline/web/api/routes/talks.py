"""Talks between applicants and facilities, from each side and from above."""

from typing import Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from ninja import Field, Router

from pilotline.desks.matching import queries, services
from pilotline.kernel.errors import NotFound
from pilotline.web.api.doors import Bearer
from pilotline.web.api.matching_shapes import TalkRow, TalkShape, talk_of, talk_row
from pilotline.web.api.route import Given, Id, Limit, Listed, Offset, get, made, part_of, post

router = Router(tags=[_("Talks")])
MINE, OPERATOR, REGION = Bearer("applicant"), Bearer("operator"), Bearer("authority")
State = Literal["", "open", "agreed", "declined", "withdrawn", "ended"]
SEEN = Field(
    default=None,
    description=_("seen of the talk as you read it; if more was said since, 409."),
)
SAY = _(
    "question and answer need words. accept: the facility would take it. consent: the applicant "
    "agrees, and it is a match. decline needs a reason of /rulebook/lists/decline_reasons."
)

END = _(
    "Only what was agreed can be ended, with a reason that the others read. The case looks for a "
    "partner again, and the confidential part closes to the facility."
)


class ApplicantSays(Given):
    move: Literal["question", "answer", "consent", "withdraw"]
    text: str = Field(default="", examples=["可以，请在11月上旬安排。"])
    seen: Id | None = SEEN


class OperatorSays(Given):
    move: Literal["question", "answer", "accept", "decline"]
    text: str = Field(default="", examples=["11月10日起可安排两周。"])
    reason: str = Field(default="", max_length=40, description=_("For decline."))
    seen: Id | None = SEEN


class EndGiven(Given):
    text: str = Field(examples=["工艺路线调整，暂不需要中试。"], description=_("Why."))
    seen: Id | None = SEEN


@get(
    router, "/my/talks", "my-talks", _("Talks of my cases"), Listed[TalkRow], auth=MINE,
)  # fmt: skip
def mine(
    request: HttpRequest, state: State = "", limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    return _part(queries.applicant_matches(who=request.who), state, limit, offset)


@get(
    router, "/my/talks/{id}", "my-talk", _("One talk, with all that was said"), TalkShape,
    auth=MINE,
)  # fmt: skip
def one_of_mine(request: HttpRequest, id: Id) -> Any:
    return _talk(request, id, "applicant")


@post(
    router, "/my/talks/{id}/messages", "my-talk-messages", _("Say something as the applicant"),
    TalkShape, status=201, creates=True, auth=MINE, about=SAY,
)  # fmt: skip
def say_as_applicant(request: HttpRequest, id: Id, given: ApplicantSays) -> Any:
    return _say(request, id, "applicant", given)


@get(
    router, "/operator/talks", "operator-talks", _("Requests to my facilities"), Listed[TalkRow],
    auth=OPERATOR,
)  # fmt: skip
def inbox(
    request: HttpRequest, state: State = "", limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    return _part(queries.operator_matches(who=request.who), state, limit, offset)


@get(
    router, "/operator/talks/{id}", "operator-talk", _("One request, with all that was said"),
    TalkShape, auth=OPERATOR,
)  # fmt: skip
def one_of_operator(request: HttpRequest, id: Id) -> Any:
    return _talk(request, id, "operator")


@post(
    router, "/operator/talks/{id}/messages", "operator-talk-messages",
    _("Say something as the facility"), TalkShape, status=201, creates=True, auth=OPERATOR,
    about=SAY,
)  # fmt: skip
def say_as_operator(request: HttpRequest, id: Id, given: OperatorSays) -> Any:
    return _say(request, id, "operator", given)


@get(
    router, "/authority/talks", "authority-talks", _("Talks and matches of my region"),
    Listed[TalkRow], auth=REGION,
)  # fmt: skip
def in_region(
    request: HttpRequest, state: State = "", limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    return _part(queries.region_matches(who=request.who), state, limit, offset)


@get(
    router, "/authority/talks/{id}", "authority-talk", _("One talk of my region"), TalkShape,
    auth=REGION,
)  # fmt: skip
def one_in_region(request: HttpRequest, id: Id) -> Any:
    if not queries.region_matches(who=request.who).filter(pk=id).exists():
        raise NotFound
    return talk_of(request.who, queries.match(who=request.who, id=id))


@post(
    router, "/my/talks/{id}/end", "my-talk-end", _("End a match as the applicant"), TalkShape,
    auth=MINE, about=END,
)  # fmt: skip
def end_as_applicant(request: HttpRequest, id: Id, given: EndGiven) -> Any:
    _talk(request, id, "applicant")
    return _end(request, id, "applicant", given)


@post(
    router, "/operator/talks/{id}/end", "operator-talk-end", _("End a match as the facility"),
    TalkShape, auth=OPERATOR, about=END,
)  # fmt: skip
def end_as_operator(request: HttpRequest, id: Id, given: EndGiven) -> Any:
    _talk(request, id, "operator")
    return _end(request, id, "operator", given)


@post(
    router, "/authority/talks/{id}/end", "authority-talk-end", _("End a match as the authority"),
    TalkShape, auth=REGION, about=END,
)  # fmt: skip
def end_as_authority(request: HttpRequest, id: Id, given: EndGiven) -> Any:
    one_in_region(request, id)
    return _end(request, id, "authority", given)


def _end(request: HttpRequest, id: int, side: str, given: EndGiven) -> dict[str, Any]:
    services.end_match(
        who=request.who, match=id, side=side, now=timezone.now(), **given.model_dump()
    )
    return talk_of(request.who, queries.match(who=request.who, id=id))


def _part(rows: Any, state: str, limit: int, offset: int) -> dict[str, Any]:
    found = rows.filter(state=state) if state else rows
    return part_of(found.order_by("-last_at", "-id"), limit, offset, talk_row)


def _talk(request: HttpRequest, id: int, side: str) -> dict[str, Any]:
    """A talk for one of its sides; through another door it is not there."""
    found = queries.match(who=request.who, id=id)
    if side not in queries.speaking_for(who=request.who, match=found):
        raise NotFound
    return talk_of(request.who, found)


def _say(request: HttpRequest, id: int, side: str, given: Given) -> Any:
    _talk(request, id, side)
    services.say(who=request.who, match=id, side=side, now=timezone.now(), **given.model_dump())
    return made(_talk(request, id, side))
