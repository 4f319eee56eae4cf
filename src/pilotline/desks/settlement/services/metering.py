"""What a closed booking measured becomes the draft of a bill, at each of its facilities."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone, translation

from pilotline.desks.booking import queries as booking_queries
from pilotline.desks.booking.queries.quotations import accepted_for
from pilotline.desks.booking.rules.tariffs import CHARGE_WORDS, Meter, Wanted
from pilotline.desks.booking.services.quotations import priced
from pilotline.desks.settlement.models import Bill, Order
from pilotline.desks.settlement.queries import billed_parts, booking_order
from pilotline.desks.settlement.services.bills import Charge, draft_bill
from pilotline.desks.settlement.services.locks import locked_order
from pilotline.kernel.actor import SYSTEM
from pilotline.kernel.errors import NotFound, Refused

HOUR = Decimal(60)


@transaction.atomic
def bill_booking(*, booking: int, now: datetime) -> list[Bill]:
    """Draft the bills of a closed booking from its measured hours; twice is once.

    Each facility's part is priced under its accepted quotation, or by the tariffs of the day.
    What no tariff prices becomes an empty draft, for the operator to look at. Where the order's
    milestones or its price were billed already, they pay for this use and nothing is drafted.
    """
    found = booking_queries.closed_bookings(ids=[booking]).first()
    if found is None:
        raise NotFound
    quoted = {quotation.facility_id: quotation for quotation in accepted_for(booking=booking)}
    places = {row.resource.facility_id: row.resource.facility for row in found.times if row.living}
    bills = []
    for place in places.values():
        if place.operator_id is None:
            continue
        rows = [row for row in found.times if row.resource.facility_id == place.pk and row.living]
        order = booking_order(booking=found, facility=place.pk)
        if order is not None and billed_parts(order=locked_order(order.pk)):
            continue
        charges = list(_charges(found, place, rows, quoted.get(place.pk), order, now))
        bills.append(
            draft_bill(
                facility=place.pk,
                payer=found.organisation_id,
                payee=place.operator_id,
                title=f"{found.number} {found.purpose}",
                charges=charges,
                order=order.pk if order else None,
                booking=found.pk,
                is_demo=found.is_demo,
                now=now,
            )
        )
    return bills


def _charges(
    found: Any, place: Any, rows: Iterable[Any], quotation: Any, order: Order | None, now: datetime
) -> Iterator[Charge]:
    wanted = [
        Wanted(
            row.resource_id,
            timezone.localdate(row.use.lower),
            (Meter("use", "hour", Decimal(row.measured_minutes or 0) / HOUR),),
        )
        for row in rows
        if row.measured_minutes
    ]
    if not wanted:
        return
    try:
        bill = priced(
            who=SYSTEM,
            code=place.code,
            organisation=found.organisation_id,
            wanted=wanted,
            now=now,
            under=quotation,
        )
    except Refused:
        return
    origin = {
        "booking": found.number,
        "quotation": quotation.number if quotation else None,
        "order": order.number if order else None,
    }
    yield from _lines(bill, origin)


def _lines(bill: Any, origin: dict[str, Any]) -> Iterator[Charge]:
    """The priced lines; tax beside them, and what of them is tax taken out where it is inside."""
    beside = Decimal(0)
    for line in bill.lines:
        amount = Decimal(line["amount"])
        is_tax = line["kind"] == "tax"
        beside += amount if is_tax else 0
        quantity = Decimal(line["quantity"]) if line.get("quantity") else None
        yield Charge(
            words_zh=_words(line, "zh-hans"),
            words_en=_words(line, "en"),
            net=Decimal(0) if is_tax else amount,
            tax=amount if is_tax else Decimal(0),
            quantity=None if quantity is None else round(quantity, 4),
            unit=line.get("unit", ""),
            price=_price(line),
            source=origin | {k: line.get(k) for k in ("tariff", "version", "entry", "terms")},
        )
    inside = bill.tax - beside
    if inside:
        yield Charge(
            words_zh="价内税额（自以上金额分出）",
            words_en="Tax inside these prices, taken out",
            net=-inside,
            tax=inside,
            source=dict(origin),
        )


def _words(line: dict[str, Any], language: str) -> str:
    title = line.get("title_en" if language == "en" else "title") or line.get("title")
    if title:
        return str(title)
    with translation.override(language):
        return str(CHARGE_WORDS.get(line["kind"], line["kind"]))


def _price(line: dict[str, Any]) -> Decimal | None:
    found = [term["value"] for term in line.get("terms", ()) if term["word"] == "price"]
    return round(Decimal(found[0]), 4) if found else None
