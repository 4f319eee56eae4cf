"""The rules of booking in force."""

from django.utils.translation import gettext_lazy as _

from pilotline.desks.journal.queries import current_rulebook
from pilotline.kernel.errors import NotFound
from pilotline.rulebook.booking import BookingRules


class NoBookingRules(NotFound):
    """The rulebook in force has no rules of booking: ask the authority to enter them."""

    code = "no-booking-rules"


def booking_rules() -> BookingRules:
    """Raises NoBookingRules when the release in force, or the region, has none."""
    rules = current_rulebook().booking
    if rules is None:
        raise NoBookingRules(
            _("The rulebook in force has no rules of booking: ask the authority to enter them.")
        )
    return rules
