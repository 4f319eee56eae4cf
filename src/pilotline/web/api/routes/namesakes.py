"""Conflicts of interest of a panel, and those that two officials set aside as a namesake's."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from ninja import Field, Router

from pilotline.desks.review import queries, services
from pilotline.web.api.doors import Bearer
from pilotline.web.api.review_shapes import ConflictShape, NamesakeShape, ReasonShape
from pilotline.web.api.route import Given, Id, Limit, Listed, Offset, get, made, part_of, post

router = Router(tags=[_("Expert review")])
REGION = Bearer("authority")


class NamesakeGiven(Given):
    item: Id = Field(description=_("Of /authority/panels/{id}/conflicts."))
    expert: Id = Field(description=_("Of /authority/panels/{id}/conflicts."))
    words: str = Field(
        max_length=500,
        description=_("How this is known."),
        examples=["两人单位不同，ORCID 不同，已电话核对"],
    )


class NamesakeEndGiven(Given):
    words: str = Field(max_length=500, description=_("Why the conflict counts."))


@get(
    router, "/authority/panels/{id}/conflicts", "authority-panel-conflicts",
    _("Who must keep away from what, and by which record"), Listed[ConflictShape], auth=REGION,
)  # fmt: skip
def conflicts(
    request: HttpRequest, id: Id, limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    found = queries.panel(who=request.who, id=id)
    pairs = queries.panel_conflicts(panel=found, now=timezone.now())
    return part_of(pairs, limit, offset, _conflict)


@get(
    router, "/authority/panels/{id}/namesakes", "authority-panel-namesakes",
    _("What was told of namesakes, the newest first"), Listed[NamesakeShape], auth=REGION,
)  # fmt: skip
def told(request: HttpRequest, id: Id, limit: Limit = 50, offset: Offset = 0) -> dict[str, Any]:
    found = queries.panel(who=request.who, id=id)
    return part_of(queries.namesakes(panel=found), limit, offset, _namesake)


@post(
    router, "/authority/namesakes", "authority-namesakes",
    _("State that a name is another person's"), NamesakeShape, auth=REGION,
    status=201, creates=True,
    about=_("Only where a name alone bars the expert. Counts when somebody else confirms it."),
)  # fmt: skip
def stated(request: HttpRequest, given: NamesakeGiven) -> Any:
    return made(
        _namesake(services.state_namesake(who=request.who, now=timezone.now(), **given.dict()))
    )


@post(
    router, "/authority/namesakes/{id}/confirm", "authority-namesake-confirm",
    _("Confirm what somebody else stated: the conflict bars no longer"), NamesakeShape,
    auth=REGION,
)  # fmt: skip
def confirmed(request: HttpRequest, id: Id) -> Any:
    return _namesake(services.confirm_namesake(who=request.who, namesake=id, now=timezone.now()))


@post(
    router, "/authority/namesakes/{id}/end", "authority-namesake-end",
    _("Refuse or revoke: the conflict counts"), NamesakeShape, auth=REGION,
)  # fmt: skip
def ended(request: HttpRequest, id: Id, given: NamesakeEndGiven) -> Any:
    return _namesake(
        services.end_namesake(who=request.who, namesake=id, words=given.words, now=timezone.now())
    )


def _conflict(row: Any) -> dict[str, Any]:
    (expert, item), reasons = row
    return _pair(item, expert) | {"reasons": [_reason(one) for one in reasons]}


def _namesake(one: Any) -> dict[str, Any]:
    return _pair(one.item, one.expert) | {
        "id": one.pk,
        "state": one.state,
        "reasons": [_reason(reason) for reason in one.reasons],
        "words": one.words,
        "stated_by": one.stated_by_name,
        "stated_at": one.stated_at,
        "confirmed_by": one.confirmed_by_name,
        "confirmed_at": one.confirmed_at,
        "ended_by": one.ended_by_name,
        "ended_at": one.ended_at,
        "end_words": one.end_words,
    }


def _pair(item: Any, expert: Any) -> dict[str, Any]:
    return {
        "item": item.pk,
        "title": item.title,
        "number": item.number,
        "expert": expert.pk,
        "expert_name": expert.name,
    }


def _reason(found: dict[str, Any]) -> ReasonShape:
    return ReasonShape(
        rule=found["rule"],
        bars=found["bars"],
        by_name=found["by_name"],
        other=found["with"],
        words=found.get("words", ""),
        set_aside=found.get("set_aside"),
    )
