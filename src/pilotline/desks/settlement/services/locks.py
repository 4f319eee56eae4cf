"""Rows locked for a change, always in one order: order, bill, voucher accounts, book."""

from pilotline.desks.settlement.models import Bill, Dispute, Order
from pilotline.kernel.errors import NotFound


def locked_order(id: int) -> Order:
    found = (
        Order.objects.select_for_update(no_key=True, of=("self",))
        .select_related("facility", "applicant", "operator", "case")
        .filter(pk=id)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def locked_bill(id: int) -> Bill:
    found = (
        Bill.objects.select_for_update(no_key=True, of=("self",))
        .select_related("facility", "payer", "payee", "order")
        .filter(pk=id)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def locked_dispute(id: int) -> Dispute:
    found = (
        Dispute.objects.select_for_update(no_key=True, of=("self",))
        .select_related("order__facility", "order__applicant", "order__operator")
        .filter(pk=id)
        .first()
    )
    if found is None:
        raise NotFound
    return found
