"""Needs and technologies as far as their applicants released them."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Field, Query, Router, Schema

from pilotline.desks.demand import queries
from pilotline.desks.demand.rules import public_fields
from pilotline.kernel.errors import NotFound
from pilotline.rulebook import Form
from pilotline.web.api.route import (
    Choice,
    Limit,
    Listed,
    Offset,
    Words,
    get,
    language,
    part_of,
)

router = Router(tags=[_("Released cases")])
Sort = Literal["-accepted", "accepted", "number", "-number"]
ORDERS = {"accepted": "accepted_at", "number": "number"}
# The columns that a list shows, by the role of the question they repeat.
ROLES = {
    "fields": "field",
    "verifications": "verification",
    "services": "service",
    "scale": "scale",
    "deadline": "end",
}
HIDDEN = {"fields": [], "verifications": [], "services": [], "scale": "", "deadline": None}


class ReleasedRow(Schema):
    """A released case in a list. What was not released is empty."""

    number: str = Field(examples=["XQ-2026-00001"])
    kind: str = Field(examples=["need"])
    title: str = Field(examples=["高镍三元前驱体共沉淀放大"])
    status: str = Field(examples=["accepted"])
    accepted_at: datetime | None
    fields: list[str]
    verifications: list[str]
    services: list[str]
    scale: str
    deadline: date | None
    is_demo: bool


class AnswerShape(Schema):
    """A question and its answer in the reader's language."""

    field: str = Field(examples=["title"])
    title: str
    text: str


class ReleasedShape(Schema):
    """A case as everybody sees it: its title, and what was released."""

    number: str
    kind: str
    title: str
    status: str
    accepted_at: datetime | None
    is_demo: bool
    is_released: bool = Field(description=_("False: only title and state are public."))
    rows: list[AnswerShape]


class Genuine(Schema):
    """What a genuine receipt says."""

    number: str
    at: datetime
    digest: str
    applicant: str
    title: str


@get(router, "/needs", "needs", _("Needs that were released"), Listed[ReleasedRow])
def needs(
    request: HttpRequest,
    text: Words = "",
    field: Choice = "",
    verification: Choice = "",
    scale: Choice = "",
    sort: Sort = "-accepted",
    limit: Limit = 50,
    offset: Offset = 0,
) -> dict[str, Any]:
    rows = queries.public_cases(
        kind="need", text=text, field=field, verification=verification, scale=scale
    )
    return part_of(_sorted(rows, sort), limit, offset, _row())


@get(router, "/needs/{number}", "need", _("One need"), ReleasedShape)
def need(request: HttpRequest, number: str) -> Any:
    return _one("need", number)


@get(
    router, "/technologies", "technologies", _("Technologies that were released"),
    Listed[ReleasedRow],
)  # fmt: skip
def technologies(
    request: HttpRequest,
    text: Words = "",
    field: Choice = "",
    verification: Choice = "",
    scale: Choice = "",
    sort: Sort = "-accepted",
    limit: Limit = 50,
    offset: Offset = 0,
) -> dict[str, Any]:
    rows = queries.public_cases(
        kind="technology", text=text, field=field, verification=verification, scale=scale
    )
    return part_of(_sorted(rows, sort), limit, offset, _row())


@get(router, "/technologies/{number}", "technology", _("One technology"), ReleasedShape)
def technology(request: HttpRequest, number: str) -> Any:
    return _one("technology", number)


@get(
    router, "/receipts/{number}", "receipt-check", _("Is a receipt genuine?"), Genuine,
    about=_("Number and the first characters of the digest must fit together; if not, 404."),
)  # fmt: skip
def receipt(
    request: HttpRequest, number: str, digest: str = Query(..., min_length=12, max_length=64)
) -> dict[str, Any]:
    paper = queries.checked_receipt(number=number, digest=digest)
    if paper is None:
        raise NotFound
    said = {name: paper.content[name] for name in ("applicant", "title")}
    return {"number": paper.number, "at": paper.at, "digest": paper.digest, **said}


def _sorted(rows: Any, sort: str) -> Any:
    down = "-" if sort.startswith("-") else ""
    return rows.order_by(f"{down}{ORDERS[sort.lstrip('-')]}", "-id")


def _row() -> Callable[[Any], dict[str, Any]]:
    """Shows rows of one list; the forms they were handed in by are looked up once each."""
    forms: dict[tuple[str, int | None], Form] = {}

    def shown(case: Any) -> dict[str, Any]:
        form = forms.get((case.kind, case.release))
        if form is None:
            form = forms[case.kind, case.release] = queries.form_of(case)
        open_to_all = public_fields(case, form)
        columns = {
            name: getattr(case, name) if _is_open(form, role, open_to_all) else HIDDEN[name]
            for name, role in ROLES.items()
        }
        return columns | {
            "number": case.number,
            "kind": case.kind,
            "title": queries.case_title(case, language()),
            "status": case.status,
            "accepted_at": case.accepted_at,
            "is_demo": case.is_demo,
        }

    return shown


def _is_open(form: Form, role: str, open_to_all: frozenset[str]) -> bool:
    asked = form.by_role(role)
    return asked is not None and asked.id in open_to_all


def _one(kind: str, number: str) -> Any:
    found = queries.public_case(number=number, language=language())
    if found.kind != kind:
        raise NotFound
    return found
