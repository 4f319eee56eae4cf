"""Who may book, see, approve and keep calendars."""

from collections.abc import Iterable

from pilotline.desks.booking.models import Booking
from pilotline.desks.people.rules import token_opens
from pilotline.desks.registry.rules.access import governs, may_edit, operates
from pilotline.kernel.actor import Actor

__all__ = ["governs", "may_book", "may_edit", "may_follow", "may_see", "operates"]


def may_book(who: Actor, organisation: int) -> bool:
    """Members book for their organisation; a token needs the applicant's door for writing."""
    return who.is_system or (
        who.belongs_to(organisation)
        and (
            token_opens(who, "applicant", writes=True) or token_opens(who, "operator", writes=True)
        )
    )


def may_follow(who: Actor, booking: Booking) -> bool:
    """Those for whom the booking was made: they change, cancel and confirm it."""
    return may_book(who, booking.organisation_id)


def may_see(who: Actor, booking: Booking, places: Iterable[tuple[int | None, str]]) -> bool:
    """Its organisation, the operators of its facilities, and the authorities of either's region.

    `places`: operator and region of each facility the booking is at.
    """
    return (
        who.is_system
        or who.belongs_to(booking.organisation_id)
        or governs(who, booking.organisation.region, writes=False)
        or any(
            operates(who, operator, writes=False) or governs(who, region, writes=False)
            for operator, region in places
        )
    )
