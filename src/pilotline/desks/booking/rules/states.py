"""What a booking may become, and what it means for its times."""

from pilotline.desks.booking.models import Booking
from pilotline.kernel.errors import Conflict

# held → confirmed → used → closed; `asked` waits for the owner of a resource.
NEXT: dict[str, frozenset[str]] = {
    "held": frozenset({"asked", "confirmed", "expired", "cancelled"}),
    "asked": frozenset({"confirmed", "declined", "expired", "cancelled"}),
    "confirmed": frozenset({"asked", "used", "cancelled"}),  # asked again when it moves
    "used": frozenset({"closed"}),
    "closed": frozenset(),
    "expired": frozenset(),
    "cancelled": frozenset(),
    "declined": frozenset(),
}
LIVING = frozenset({"held", "asked", "confirmed", "used", "closed"})
OPEN = frozenset({"held", "asked", "confirmed"})
EXPIRING = frozenset({"held", "asked"})


def move(booking: Booking, state: str) -> None:
    """Give the booking its next state; Conflict when the table does not lead there."""
    if state not in NEXT[booking.state]:
        raise Conflict(state=booking.state, wanted=state)
    booking.state = state
