"""Writing down a hold whose times were found free."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from pilotline.desks.booking.events import BookingHeld
from pilotline.desks.booking.models import Bookable, Booking
from pilotline.desks.booking.queries.rulebook import booking_rules
from pilotline.desks.booking.rules.wishes import Wish
from pilotline.desks.booking.services.telling import note
from pilotline.desks.booking.services.writing import occupy
from pilotline.desks.journal.queries import current_release, current_rulebook
from pilotline.desks.journal.services import draw_number
from pilotline.kernel.actor import Actor


def keep(
    bookables: dict[int, Bookable],
    wishes: Sequence[Wish],
    *,
    who: Actor,
    facts: dict[str, Any],
    until: datetime | None = None,
    now: datetime,
) -> Booking:
    """Write a hold whose times were found free, under the locks of its resources."""
    rules = booking_rules()
    starts, ends = min(w.start for w in wishes), max(w.end for w in wishes)
    until = until or now + timedelta(minutes=rules.hold_minutes)
    prefix = current_rulebook().number_prefixes.get("booking", "B")
    booking = Booking.objects.create(
        number=draw_number(series=prefix, year=timezone.localtime(now).year),
        starts=starts,
        ends=ends,
        held_until=min(until, starts),
        release=current_release()[0],
        made_at=now,
        **facts,
    )
    occupy(bookables, wishes, booking=booking, family=facts["family"])
    note(
        booking,
        "hold",
        BookingHeld,
        who=who,
        now=now,
        after={"resources": [wish.resource for wish in wishes]},
        until=booking.held_until.isoformat(),
    )
    return booking
