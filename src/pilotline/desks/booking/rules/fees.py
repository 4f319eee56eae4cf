"""What a change or a cancellation costs, by the rulebook's steps."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pilotline.desks.booking.models import Booking
from pilotline.desks.booking.rules.states import OPEN
from pilotline.rulebook.booking import BookingRules


@dataclass(frozen=True, slots=True)
class Fee:
    """`percent` of the price, and the hours of notice it rests on. `example`: not official."""

    percent: int
    hours: float
    example: bool


def fee_of_cancelling(booking: Booking, rules: BookingRules, now: datetime) -> Fee:
    """Free before it is confirmed, and always when the operator gives it back."""
    hours = (booking.starts - now) / timedelta(hours=1)
    due = rules.cancellation_percent(hours) if booking.state == "confirmed" else 0
    return Fee(due, hours, rules.example)


def fee_of_changing(booking: Booking, rules: BookingRules, now: datetime) -> Fee:
    """Free before it is confirmed."""
    hours = (booking.starts - now) / timedelta(hours=1)
    due = rules.change_percent(hours) if booking.state == "confirmed" else 0
    return Fee(due, hours, rules.example)


def may_still_change(booking: Booking, rules: BookingRules, now: datetime) -> bool:
    """A confirmed booking moves until some hours before its start, an unconfirmed one always."""
    if booking.state not in OPEN:
        return False
    latest = booking.starts - timedelta(hours=rules.change_hours)
    return booking.state != "confirmed" or now <= latest
