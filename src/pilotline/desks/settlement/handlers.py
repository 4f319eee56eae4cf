"""What settlement does when news comes from below."""

from datetime import datetime

from django.utils import timezone

from pilotline.desks.booking.events import BookingClosed
from pilotline.desks.journal.events import on
from pilotline.desks.review import services as review
from pilotline.desks.settlement.events import OrderAgreed
from pilotline.desks.settlement.services import bill_booking


@on(BookingClosed)
def bill_what_was_measured(event: BookingClosed, now: datetime) -> None:
    """A second delivery finds the bills that the first one drafted."""
    bill_booking(booking=event.booking, now=now)


@on(OrderAgreed)
def note_dealing(event: OrderAgreed, now: datetime) -> None:
    """Supplier and client of an order have to do with each other: their experts keep away."""
    review.note_dealing(
        supplier=event.operator,
        client=event.applicant,
        on=timezone.localdate(now),
        record_of=("order", event.order),
        now=now,
    )
