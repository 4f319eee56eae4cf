"""Disputes about orders: opened by a side, written in by both, mediated by the authority."""

from typing import Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from ninja import Field, Router

from pilotline.desks.settlement import queries, services
from pilotline.kernel.errors import NotFound
from pilotline.web.api.dispute_shapes import DisputeRow, DisputeShape, dispute_of, dispute_row
from pilotline.web.api.doors import Bearer
from pilotline.web.api.route import Given, Id, Limit, Listed, Offset, get, made, part_of, post

router = Router(tags=[_("Disputes")])
MINE, OPERATOR, REGION = Bearer("applicant"), Bearer("operator"), Bearer("authority")
State = Literal["", "open", "settled", "withdrawn"]


class OpeningGiven(Given):
    subject: str = Field(max_length=1000)
    text: str = Field(max_length=20000)
    bill: Id | None = Field(default=None, description=_("A bill of this order that it is about."))


class StatementGiven(Given):
    text: str = Field(max_length=20000)


class DisputeOutcomeGiven(Given):
    outcome: str = Field(max_length=20000)
    ends_order: bool = Field(default=False, description=_("The order ends with it."))


@get(router, "/my/disputes", "my-disputes", _("Disputes of my orders"), Listed[DisputeRow],
     auth=MINE)  # fmt: skip
def mine(
    request: HttpRequest, state: State = "", limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    return _listed(request, "applicant", state, limit, offset)


@get(router, "/operator/disputes", "operator-disputes", _("Disputes of my facilities' orders"),
     Listed[DisputeRow], auth=OPERATOR)  # fmt: skip
def of_operator(
    request: HttpRequest, state: State = "", limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    return _listed(request, "operator", state, limit, offset)


@get(router, "/authority/disputes", "authority-disputes", _("Disputes of my region"),
     Listed[DisputeRow], auth=REGION)  # fmt: skip
def of_region(
    request: HttpRequest, state: State = "", limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    return _listed(request, "authority", state, limit, offset)


@get(router, "/disputes/{id}", "dispute", _("One dispute with all that was said"), DisputeShape,
     auth=Bearer())  # fmt: skip
def one(request: HttpRequest, id: Id) -> Any:
    return dispute_of(queries.dispute(who=request.who, id=id))


@post(
    router, "/my/orders/{id}/disputes", "my-order-disputes", _("Ask the authority to mediate"),
    DisputeShape, status=201, creates=True, auth=MINE,
)  # fmt: skip
def my_opening(request: HttpRequest, id: Id, given: OpeningGiven) -> Any:
    return _open(request, id, "applicant", given)


@post(
    router, "/operator/orders/{id}/disputes", "operator-order-disputes",
    _("Ask the authority to mediate, as the facility"), DisputeShape, status=201, creates=True,
    auth=OPERATOR,
)  # fmt: skip
def operator_opening(request: HttpRequest, id: Id, given: OpeningGiven) -> Any:
    return _open(request, id, "operator", given)


@post(
    router, "/my/disputes/{id}/entries", "my-dispute-entries", _("Make a statement"),
    DisputeShape, status=201, creates=True, auth=MINE,
)  # fmt: skip
def my_statement(request: HttpRequest, id: Id, given: StatementGiven) -> Any:
    return _say(request, id, "applicant", given)


@post(
    router, "/operator/disputes/{id}/entries", "operator-dispute-entries",
    _("Make a statement, as the facility"), DisputeShape, status=201, creates=True, auth=OPERATOR,
)  # fmt: skip
def operator_statement(request: HttpRequest, id: Id, given: StatementGiven) -> Any:
    return _say(request, id, "operator", given)


@post(
    router, "/authority/disputes/{id}/entries", "authority-dispute-entries", _("Mediate"),
    DisputeShape, status=201, creates=True, auth=REGION,
)  # fmt: skip
def mediation(request: HttpRequest, id: Id, given: StatementGiven) -> Any:
    return _say(request, id, "authority", given)


@post(
    router, "/authority/disputes/{id}/settle", "authority-dispute-settle",
    _("Write down what both sides settled on"), DisputeShape, auth=REGION,
)  # fmt: skip
def settle(request: HttpRequest, id: Id, given: DisputeOutcomeGiven) -> Any:
    services.settle_dispute(who=request.who, dispute=id, now=timezone.now(), **given.model_dump())
    return dispute_of(queries.dispute(who=request.who, id=id))


@post(
    router, "/my/disputes/{id}/withdraw", "my-dispute-withdraw", _("Give a dispute up"),
    DisputeShape, auth=MINE,
)  # fmt: skip
def my_withdrawal(request: HttpRequest, id: Id, given: StatementGiven) -> Any:
    return _withdraw(request, id, "applicant", given)


@post(
    router, "/operator/disputes/{id}/withdraw", "operator-dispute-withdraw",
    _("Give a dispute up, as the facility"), DisputeShape, auth=OPERATOR,
)  # fmt: skip
def operator_withdrawal(request: HttpRequest, id: Id, given: StatementGiven) -> Any:
    return _withdraw(request, id, "operator", given)


def _listed(request: HttpRequest, door: str, state: str, limit: int, offset: int) -> dict[str, Any]:
    rows = queries.disputes(who=request.who, door=door)
    found = rows.filter(state=state) if state else rows
    return part_of(found.order_by("-id"), limit, offset, dispute_row)


def _open(request: HttpRequest, order: int, side: str, given: OpeningGiven) -> Any:
    opened = services.open_dispute(
        who=request.who, order=order, side=side, now=timezone.now(), **given.model_dump()
    )
    return made(dispute_of(queries.dispute(who=request.who, id=opened.pk)))


def _say(request: HttpRequest, id: int, side: str, given: StatementGiven) -> Any:
    services.write_in_dispute(
        who=request.who, dispute=id, side=side, text=given.text, now=timezone.now()
    )
    return made(dispute_of(queries.dispute(who=request.who, id=id)))


def _withdraw(request: HttpRequest, id: int, side: str, given: StatementGiven) -> Any:
    """Through the door of the side that opened it; through the other it is not there."""
    if queries.dispute(who=request.who, id=id).side != side:
        raise NotFound
    services.withdraw_dispute(who=request.who, dispute=id, text=given.text, now=timezone.now())
    return dispute_of(queries.dispute(who=request.who, id=id))
