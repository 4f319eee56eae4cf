"""How a route is declared, so that all of them answer alike and say so."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Annotated, Any, Generic, TypeVar

from django.utils.translation import get_language
from django.utils.translation import gettext_noop as _
from ninja import Field, Query, Router, Schema, Status
from ninja.constants import NOT_SET
from ninja.decorators import decorate_view

from pilotline.web.api.once import HEADER, once

MOST = 200
FURTHEST = 1_000_000
LARGEST = 2**63 - 1

Id = Annotated[int, Field(ge=1, le=LARGEST, examples=[12])]
Limit = Annotated[int, Query(ge=1, le=MOST, description=_("How many at most."))]
Offset = Annotated[int, Query(ge=0, le=FURTHEST, description=_("How many to pass over."))]
Words = Annotated[str, Query(max_length=200, description=_("Words to look for."))]
Choice = Annotated[str, Query(max_length=60)]
T = TypeVar("T")
View = Callable[..., Any]


class Given(Schema, extra="forbid"):
    """What is sent in. A field that is not known is refused, so that no slip goes unseen."""


class Listed(Schema, Generic[T]):
    """A part of a list: `total` is how many there are in all."""

    items: list[T]
    total: int
    limit: int
    offset: int


class ProblemShape(Schema):
    """One reason why not; `field` is the field of the request that it belongs to."""

    code: str = Field(examples=["required"])
    text: str = Field(examples=["请填写“需求名称”。"])
    field: str = Field(examples=["title"])
    data: dict[str, Any] = Field(examples=[{}])


class Trouble(Schema):
    """Every error has this shape; `problems` holds all reasons at once."""

    code: str = Field(examples=["refused"])
    text: str = Field(examples=["请填写“需求名称”。"])
    problems: list[ProblemShape]
    data: dict[str, Any] = Field(examples=[{}])


class Done(Schema):
    """It is so now."""

    done: bool = True


def part_of(rows: Any, limit: int, offset: int, shape: Callable[[Any], Any]) -> dict[str, Any]:
    """A part of a queryset or list, each row in its shape."""
    total = rows.count() if hasattr(rows, "query") else len(rows)
    shown = [shape(row) for row in rows[offset : offset + limit]]
    return {"items": shown, "total": total, "limit": limit, "offset": offset}


def made(value: Any) -> Status[Any]:
    """The answer of a route that created something."""
    return Status(201, value)


def language() -> str:
    """The reader's language."""
    return get_language() or "zh-hans"


def _declare(
    method: str,
    router: Router,
    path: str,
    name: str,
    summary: str,
    shape: Any,
    *,
    status: int = 200,
    about: str = "",
    creates: bool = False,
    auth: Any = NOT_SET,
    extra: dict[str, Any] | None = None,
) -> Callable[[View], View]:
    """Declares one operation. `name` is the view's name in the access table; `creates` lets it
    be repeated safely by an Idempotency-Key."""
    documented = dict(extra or {})
    if creates:
        documented.setdefault("parameters", []).append(KEY_PARAMETER)
    register = router.api_operation(
        [method],
        path,
        url_name=name,
        operation_id=f"{name}-{method.lower()}",
        summary=summary,
        description=about,
        auth=auth,
        response={status: shape},
        openapi_extra=documented,
    )

    def declared(view: View) -> View:
        return register(decorate_view(once)(view) if creates else view)

    return declared


KEY_PARAMETER = {
    "in": "header",
    "name": HEADER,
    "required": False,
    "schema": {"type": "string", "pattern": "^[!-~]{1,100}$"},
    "description": _("A word of your own: the same request with the same key counts once."),
    "example": "4f1c9a52",
}

get = partial(_declare, "GET")
post = partial(_declare, "POST")
patch = partial(_declare, "PATCH")
put = partial(_declare, "PUT")
delete = partial(_declare, "DELETE")


def download(*media_types: str) -> dict[str, Any]:
    """What to declare for a route that answers with a file."""
    content = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in media_types}
    return {"responses": {200: {"content": content}}}


def sent_file(types: Iterable[str]) -> dict[str, Any]:
    """What to declare for a route that takes a file: which kinds it takes."""
    encoding = {"file": {"contentType": ", ".join(types)}}
    return {"requestBody": {"content": {"multipart/form-data": {"encoding": encoding}}}}
