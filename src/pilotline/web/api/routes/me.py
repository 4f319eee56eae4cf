"""The person behind the token: who they are, their tokens, what they were told."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from ninja import Field, Router, Schema

from pilotline.desks.notices import queries as notices
from pilotline.desks.notices import services
from pilotline.desks.notices.rules import sentence
from pilotline.desks.people import queries as people
from pilotline.web.api.doors import Bearer
from pilotline.web.api.route import Given, Id, Limit, Listed, Offset, get, part_of, post

router = Router(tags=[_("Myself")], auth=Bearer())


class MeShape(Schema):
    id: Id
    name: str
    roles: list[str] = Field(description=_("As far as the token's scopes reach."))
    organisations: list[int] = Field(description=_("Ids of the organisations I belong to."))
    regions: list[str] = Field(description=_("GB/T 2260 codes I answer for as an authority."))
    scopes: list[str] | None = Field(description=_("Of the token; none without a token."))


class TokenShape(Schema):
    id: Id
    name: str
    prefix: str = Field(description=_("How its text begins."), examples=["plt_2fA9cQ1x"])
    scopes: list[str]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None


class NoticeShape(Schema):
    id: Id
    kind: str = Field(examples=["case.accepted"])
    text: str = Field(description=_("In the reader's language."))
    facts: dict[str, Any]
    subject_kind: str
    subject_id: str
    at: datetime
    read_at: datetime | None


class ReadGiven(Given):
    ids: list[Id] | None = Field(
        default=None, max_length=1000, description=_("Which; none: all."), examples=[[12, 13]]
    )


class ReadShape(Schema):
    read: int = Field(description=_("How many were marked by this request."))


@get(router, "/me", "me", _("Who am I, and what may this token do?"), MeShape)
def me(request: HttpRequest) -> dict[str, Any]:
    who = request.who
    return {
        "id": who.id,
        "name": who.name,
        "roles": sorted(who.roles),
        "organisations": sorted(who.organisations),
        "regions": sorted(who.regions),
        "scopes": None if who.scopes is None else sorted(who.scopes),
    }


@get(
    router, "/me/tokens", "tokens", _("My API tokens"), Listed[TokenShape],
    about=_("Tokens are made and ended on the page “API tokens”, never by another token."),
)  # fmt: skip
def tokens(request: HttpRequest, limit: Limit = 50, offset: Offset = 0) -> dict[str, Any]:
    return part_of(people.tokens(request.who), limit, offset, lambda token: token)


@get(router, "/me/notices", "notices", _("What I was told"), Listed[NoticeShape])
def notice_list(
    request: HttpRequest, unread: bool = False, limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    rows = notices.notices(who=request.who)
    if unread:
        rows = rows.filter(read_at=None)
    return part_of(rows, limit, offset, _notice)


@post(router, "/me/notices/read", "notices-read", _("Mark notices as read"), ReadShape)
def mark_read(request: HttpRequest, given: ReadGiven) -> dict[str, int]:
    read = services.mark_read(who=request.who, ids=given.ids, now=timezone.now())
    return {"read": read}


def _notice(notice: Any) -> dict[str, Any]:
    names = ("id", "kind", "facts", "subject_kind", "subject_id", "at", "read_at")
    return {name: getattr(notice, name) for name in names} | {
        "text": sentence(notice.kind, notice.facts)
    }
