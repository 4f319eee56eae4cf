"""Bills, for the operator who writes them, the payer who owes, and their authorities."""

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from pilotline.desks.settlement.models import Bill, BillLine, Order
from pilotline.desks.settlement.queries.doors import seen_from
from pilotline.desks.settlement.rules import may_read_bill
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import NotFound

WITH = ("facility", "payer", "payee", "order", "booking")
REGIONS = ("facility__region", "payer__region")
HIDDEN = ("draft", "dropped")
ENDED = ("cancelled", "dropped")


def bill(*, who: Actor, id: int) -> Bill:
    """One bill with its parts, for those who may read it, else NotFound."""
    found = (
        Bill.objects.select_related(*WITH, "credit")
        .prefetch_related("lines", "payments", "uses__account")
        .filter(pk=id)
        .first()
    )
    if found is None or not may_read_bill(who, found):
        raise NotFound
    return found


def bills(*, who: Actor, door: str) -> QuerySet[Bill]:
    """The bills of one door; drafts are the operator's own business."""
    rows = Bill.objects.select_related(*WITH)
    if door != "operator":
        rows = rows.exclude(state__in=HIDDEN)
    return seen_from(rows, who, door, payer="payer", payee="payee", regions=REGIONS)


def case_bills(*, who: Actor, order: int) -> list[Bill]:
    """The bills of one order that this actor may read, oldest first."""
    found = Bill.objects.select_related(*WITH).filter(order=order).order_by("pk")
    return [one for one in found if may_read_bill(who, one)]


def living_bills(*, order: Order) -> QuerySet[Bill]:
    """The order's bills that were neither dropped nor cancelled. The caller fetched the order."""
    return Bill.objects.filter(order=order).exclude(state__in=ENDED)


def billed_parts(*, order: Order) -> set[int | str]:
    """Which milestones, or "whole", stand in living bills."""
    rows = BillLine.objects.filter(bill__in=living_bills(order=order)).values_list(
        "source", flat=True
    )
    return {row["milestone"] for row in rows if isinstance(row, dict) and "milestone" in row}


def open_amount(found: Bill) -> Decimal:
    """What is still owed of a bill."""
    return found.gross - found.covered - found.paid if found.state == "issued" else Decimal(0)


def frozen_bill(*, who: Actor, id: int) -> dict[str, Any]:
    """What is printed of an issued bill: its frozen text, its hash, and what came of it."""
    found = bill(who=who, id=id)
    if found.content is None:
        raise NotFound
    credit = getattr(found, "credit", None)
    since = {
        "covered": str(found.covered),
        "paid": str(found.paid),
        "open": str(open_amount(found)),
        "credit": None if credit is None else {"number": credit.number, "reason": credit.reason},
    }
    return {
        "number": found.number,
        "content": {**found.content, "since": since},
        "digest": found.digest,
    }
