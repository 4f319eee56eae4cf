"""What settlement does when news comes from below."""

from datetime import datetime

from pilotline.desks.booking.events import BookingClosed
from pilotline.desks.journal.events import on
from pilotline.desks.settlement.services import bill_booking


@on(BookingClosed)
def bill_what_was_measured(event: BookingClosed, now: datetime) -> None:
    """A second delivery finds the bills that the first one drafted."""
    bill_booking(booking=event.booking, now=now)
