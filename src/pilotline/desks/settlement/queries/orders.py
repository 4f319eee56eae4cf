"""Orders and their texts, for their two sides and their authorities."""

from typing import Any

from django.db.models import Q, QuerySet

from pilotline.desks.settlement.models import Order, OrderVersion
from pilotline.desks.settlement.queries.doors import seen_from
from pilotline.desks.settlement.rules import may_read_order, sides_of
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import NotFound

WITH = ("facility__operator", "applicant", "operator", "case", "match")
REGIONS = ("facility__region", "applicant__region")


def order(*, who: Actor, id: int) -> Order:
    """One order for those who may read it, else NotFound."""
    found = Order.objects.select_related(*WITH).filter(pk=id).first()
    if found is None or not may_read_order(who, found):
        raise NotFound
    return found


def orders(*, who: Actor, door: str) -> QuerySet[Order]:
    """The orders of one door, newest first."""
    rows = Order.objects.select_related(*WITH)
    return seen_from(rows, who, door, payer="applicant", payee="operator", regions=REGIONS)


def match_order(*, who: Actor, match: int) -> Order | None:
    """The living order of a match, for those who may read it."""
    found = (
        Order.objects.select_related(*WITH)
        .filter(match=match, state__in=["draft", "agreed", "completed"])
        .first()
    )
    return found if found is not None and may_read_order(who, found) else None


def booking_order(*, booking: Any, facility: int) -> Order | None:
    """The agreed order that a booking belongs to by its match or case, for machines that bill."""
    belongs = Q(pk=None)
    if booking.match_id is not None:
        belongs |= Q(match=booking.match_id)
    if booking.case_id is not None:
        belongs |= Q(case=booking.case_id, applicant=booking.organisation_id)
    return Order.objects.filter(
        belongs, facility=facility, state__in=["agreed", "completed"]
    ).first()


def version(*, order: Order, number: int | None = None) -> OrderVersion:
    """One text of an order, the newest unless a number is given. The caller fetched the order
    through `order`."""
    wanted = order.version if number is None else number
    found = OrderVersion.objects.filter(order=order, number=wanted).first()
    if found is None:
        raise NotFound
    return found


def latest(*, order: Order) -> OrderVersion:
    """The newest text, agreed or not."""
    return version(order=order)


def speaking_for(*, who: Actor, order: Order) -> frozenset[str]:
    """The sides of this order that the actor may speak for."""
    return sides_of(who, order)


def paper(*, who: Actor, id: int, number: int | None = None) -> dict[str, Any]:
    """What is printed of an order: the content, its hash, and who agreed to it."""
    found = order(who=who, id=id)
    text = version(order=found, number=number)
    return {
        "number": found.number,
        "content": text.content,
        "digest": text.digest,
        "consents": [
            {
                "side": consent.side,
                "organisation": consent.organisation.name,
                "name": consent.author_name,
                "at": consent.at.isoformat(),
                "digest": consent.digest,
            }
            for consent in text.consents.select_related("organisation")
        ],
    }
