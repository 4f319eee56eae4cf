"""What booking does when news comes from below: nothing stands for a case that was withdrawn."""

from datetime import datetime

from django.utils.translation import gettext as _

from pilotline.desks.booking.queries.bookings import case_bookings
from pilotline.desks.booking.services import cancel
from pilotline.desks.demand.events import CaseWithdrawn
from pilotline.desks.journal.events import on
from pilotline.kernel.actor import SYSTEM


@on(CaseWithdrawn)
def give_back_after_withdrawal(event: CaseWithdrawn, now: datetime) -> None:
    """Bookings that have not begun are given back, under the same rules as by hand."""
    for found in case_bookings(who=SYSTEM, case=event.case):
        if found.state in ("held", "asked", "confirmed") and found.starts > now:
            cancel(who=SYSTEM, booking=found.pk, reason=_("Its case was withdrawn."), now=now)
