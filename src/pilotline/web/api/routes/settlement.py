"""Orders, bills, vouchers and revenue, from each side and from above."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from ninja import Field, Router

from pilotline.desks.settlement import queries, services
from pilotline.kernel.errors import NotFound
from pilotline.web.api.doors import Bearer
from pilotline.web.api.route import Given, Id, Limit, Listed, Offset, get, made, part_of, post
from pilotline.web.api.settlement_shapes import (
    BillRow,
    BillShape,
    CoveredShape,
    OrderRow,
    OrderShape,
    RevenueShape,
    bill_of,
    bill_row,
    order_of,
    order_row,
    revenue_of,
    use_of,
)

router = Router(tags=[_("Orders and bills")])
MINE, OPERATOR, REGION = Bearer("applicant"), Bearer("operator"), Bearer("authority")
OrderState = Literal["", "draft", "agreed", "completed", "terminated", "withdrawn"]
BillState = Literal["", "draft", "issued", "paid", "settled", "cancelled", "dropped"]
Yuan = Annotated[Decimal, Field(gt=0, le=Decimal("99999999999.99"), examples=["74200.00"])]
AGREE = _(
    "digest is that of the text as you read it. 409 when the text changed meanwhile, 422 with all "
    "that it still lacks. With both consents to one text the order is agreed."
)


class ConsentGiven(Given):
    digest: str = Field(min_length=64, max_length=64, examples=["ab" * 32])


class VoucherGiven(Given):
    voucher: str = Field(max_length=60, examples=["innovation_voucher"])


class IssueGiven(Given):
    due: date = Field(description=_("To be paid by this day."), examples=["2026-12-31"])


class PaymentGiven(Given):
    amount: Yuan
    day: date = Field(examples=["2026-11-28"])
    reference: str = Field(
        description=_("The bank's; the same one is recorded once."),
        min_length=1,
        max_length=80,
        examples=["20261128-0001"],
    )


@get(router, "/my/orders", "my-orders", _("My orders"), Listed[OrderRow], auth=MINE)
def my_orders(
    request: HttpRequest, state: OrderState = "", limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    return _orders(request, "applicant", state, limit, offset)


@get(router, "/my/orders/{id}", "my-order", _("One order with its text"), OrderShape, auth=MINE)
def my_order(request: HttpRequest, id: Id) -> Any:
    return order_of(_order(request, id, "applicant"))


@post(
    router, "/my/orders/{id}/consents", "my-order-consents", _("Agree as the applicant"),
    OrderShape, status=201, creates=True, auth=MINE, about=AGREE,
)  # fmt: skip
def my_consent(request: HttpRequest, id: Id, given: ConsentGiven) -> Any:
    return _agree(request, id, "applicant", given)


@get(router, "/operator/orders", "operator-orders", _("Orders of my facilities"),
     Listed[OrderRow], auth=OPERATOR)  # fmt: skip
def operator_orders(
    request: HttpRequest, state: OrderState = "", limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    return _orders(request, "operator", state, limit, offset)


@get(router, "/operator/orders/{id}", "operator-order", _("One order of a facility of mine"),
     OrderShape, auth=OPERATOR)  # fmt: skip
def operator_order(request: HttpRequest, id: Id) -> Any:
    return order_of(_order(request, id, "operator"))


@post(
    router, "/operator/orders/{id}/consents", "operator-order-consents",
    _("Agree as the facility"), OrderShape, status=201, creates=True, auth=OPERATOR, about=AGREE,
)  # fmt: skip
def operator_consent(request: HttpRequest, id: Id, given: ConsentGiven) -> Any:
    return _agree(request, id, "operator", given)


@get(router, "/my/bills", "my-bills", _("Bills that I pay"), Listed[BillRow], auth=MINE)
def my_bills(
    request: HttpRequest, state: BillState = "", limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    return _bills(request, "applicant", state, limit, offset)


@get(router, "/my/bills/{id}", "my-bill", _("One bill with its lines"), BillShape, auth=MINE)
def my_bill(request: HttpRequest, id: Id) -> Any:
    return bill_of(_bill(request, id, "applicant"))


@post(
    router, "/my/bills/{id}/vouchers", "my-bill-vouchers", _("Have a voucher cover a part"),
    CoveredShape, status=201, creates=True, auth=MINE,
)  # fmt: skip
def spend(request: HttpRequest, id: Id, given: VoucherGiven) -> Any:
    use = services.spend_voucher(
        who=request.who, bill=id, voucher=given.voucher, now=timezone.now()
    )
    return made(use_of(use))


@get(router, "/operator/bills", "operator-bills", _("Bills of my facilities"),
     Listed[BillRow], auth=OPERATOR)  # fmt: skip
def operator_bills(
    request: HttpRequest, state: BillState = "", limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    return _bills(request, "operator", state, limit, offset)


@get(router, "/operator/bills/{id}", "operator-bill", _("One bill of a facility of mine"),
     BillShape, auth=OPERATOR)  # fmt: skip
def operator_bill(request: HttpRequest, id: Id) -> Any:
    return bill_of(_bill(request, id, "operator"))


@post(router, "/operator/bills/{id}/issue", "operator-bill-issue", _("Issue a draft"),
      BillShape, auth=OPERATOR)  # fmt: skip
def issue(request: HttpRequest, id: Id, given: IssueGiven) -> Any:
    services.issue_bill(who=request.who, bill=id, due=given.due, now=timezone.now())
    return bill_of(_bill(request, id, "operator"))


@post(
    router, "/operator/bills/{id}/payments", "operator-bill-payments", _("Record a payment"),
    BillShape, status=201, creates=True, auth=OPERATOR,
)  # fmt: skip
def pay(request: HttpRequest, id: Id, given: PaymentGiven) -> Any:
    services.record_payment(who=request.who, bill=id, now=timezone.now(), **given.model_dump())
    return made(bill_of(_bill(request, id, "operator")))


@post(router, "/operator/bills/{id}/settle", "operator-bill-settle", _("Settle a paid bill"),
      BillShape, auth=OPERATOR,
      about=_("Its net income is shared at once when the facility has a rule."))  # fmt: skip
def settle(request: HttpRequest, id: Id) -> Any:
    services.settle_bill(who=request.who, bill=id, now=timezone.now())
    return bill_of(_bill(request, id, "operator"))


@get(router, "/authority/orders", "authority-orders", _("Orders of my region"),
     Listed[OrderRow], auth=REGION)  # fmt: skip
def region_orders(
    request: HttpRequest, state: OrderState = "", limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    return _orders(request, "authority", state, limit, offset)


@get(router, "/authority/bills", "authority-bills", _("Bills of my region"),
     Listed[BillRow], auth=REGION)  # fmt: skip
def region_bills(
    request: HttpRequest, state: BillState = "", limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    return _bills(request, "authority", state, limit, offset)


@get(router, "/authority/revenue", "authority-revenue",
     _("What facilities agreed, billed and earned"), RevenueShape, auth=REGION)  # fmt: skip
def revenue(request: HttpRequest) -> Any:
    return revenue_of(request.who)


def _orders(request: HttpRequest, door: str, state: str, limit: int, offset: int) -> dict[str, Any]:
    rows = queries.orders(who=request.who, door=door)
    found = rows.filter(state=state) if state else rows
    return part_of(found.order_by("-id"), limit, offset, order_row)


def _bills(request: HttpRequest, door: str, state: str, limit: int, offset: int) -> dict[str, Any]:
    rows = queries.bills(who=request.who, door=door)
    found = rows.filter(state=state) if state else rows
    return part_of(found.order_by("-id"), limit, offset, bill_row)


def _order(request: HttpRequest, id: int, side: str) -> Any:
    """An order for one of its sides; through another door it is not there."""
    found = queries.order(who=request.who, id=id)
    if side not in queries.speaking_for(who=request.who, order=found):
        raise NotFound
    return found


def _bill(request: HttpRequest, id: int, door: str) -> Any:
    if not queries.bills(who=request.who, door=door).filter(pk=id).exists():
        raise NotFound
    return queries.bill(who=request.who, id=id)


def _agree(request: HttpRequest, id: int, side: str, given: ConsentGiven) -> Any:
    _order(request, id, side)
    services.agree(who=request.who, order=id, side=side, digest=given.digest, now=timezone.now())
    return made(order_of(_order(request, id, side)))
