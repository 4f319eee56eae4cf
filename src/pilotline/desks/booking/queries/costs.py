"""What a change or a cancellation would cost now, shown before it is done."""

from dataclasses import dataclass
from datetime import datetime

from pilotline.desks.booking.models import Booking
from pilotline.desks.booking.queries.rulebook import booking_rules
from pilotline.desks.booking.rules.fees import (
    fee_of_cancelling,
    fee_of_changing,
    may_still_change,
)


@dataclass(frozen=True, slots=True)
class Costs:
    """Fees in percent of the price. `may_change`: it is early enough to move it. `example`: the
    rulebook's steps are an example and not official."""

    cancelling: int
    changing: int
    may_change: bool
    example: bool


def costs(*, booking: Booking, now: datetime) -> Costs:
    """The caller has fetched the booking through a check."""
    rules = booking_rules()
    return Costs(
        fee_of_cancelling(booking, rules, now).percent,
        fee_of_changing(booking, rules, now).percent,
        may_still_change(booking, rules, now),
        rules.example,
    )
