"""How a change of a booking is written down and announced."""

from datetime import datetime
from typing import Any, TypeVar

from pilotline.desks.booking.events import BookingEvent
from pilotline.desks.booking.models import Booking, Occupation
from pilotline.desks.journal.services import emit, record
from pilotline.kernel.actor import Actor

E = TypeVar("E", bound=BookingEvent)


def operators_of(booking: Booking) -> list[int]:
    """The organisations that operate the booking's facilities, whatever its state."""
    rows = Occupation.objects.filter(booking=booking).exclude(resource__facility__operator=None)
    found = rows.order_by().values_list("resource__facility__operator", flat=True)
    return sorted(set(found))


def note(
    booking: Booking,
    action: str,
    kind: type[E],
    *,
    who: Actor,
    now: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    **more: Any,
) -> None:
    """One journal entry and one event for what just became of a booking."""
    facts = {
        "number": booking.number,
        "state": booking.state,
        "starts": booking.starts,
        "ends": booking.ends,
    }
    record(
        who=who,
        action=f"booking.{action}",
        subject=("booking", booking.pk),
        case=booking.case_id,
        organisation=booking.organisation_id,
        before=before,
        after=facts | (after or {}),
        now=now,
    )
    emit(
        kind(
            booking=booking.pk,
            number=booking.number,
            organisation=booking.organisation_id,
            person=booking.person_id,
            operators=operators_of(booking),
            starts=booking.starts.isoformat(),
            ends=booking.ends.isoformat(),
            case=booking.case_id,
            match=booking.match_id,
            **more,
        ),
        now=now,
    )
