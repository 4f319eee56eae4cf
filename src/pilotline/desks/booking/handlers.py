"""What booking does when news comes from below: what lost its ground is given back."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from pilotline.desks.booking.queries.bookings import (
    case_bookings,
    match_bookings,
    organisation_bookings,
)
from pilotline.desks.booking.queries.waiting import in_line
from pilotline.desks.booking.rules.states import OPEN
from pilotline.desks.booking.services import cancel, leave_line
from pilotline.desks.demand.events import CaseWithdrawn
from pilotline.desks.journal.events import on
from pilotline.desks.matching.events import MatchEnded
from pilotline.desks.people.events import OrganisationRevoked
from pilotline.kernel.actor import SYSTEM


@on(CaseWithdrawn)
def give_back_after_withdrawal(event: CaseWithdrawn, now: datetime) -> None:
    """Bookings that have not begun are given back, under the same rules as by hand."""
    _leave(in_line(case=event.case), now)
    found = case_bookings(who=SYSTEM, case=event.case)
    _give_back(found, _("Its case was withdrawn."), "applicant", now)


@on(MatchEnded)
def give_back_after_match(event: MatchEnded, now: datetime) -> None:
    """What was booked for a match that came to nothing; a fee falls due only when it was the
    applicant who ended it."""
    found = match_bookings(match=event.match)
    _give_back(found, _("Its match has ended."), event.side, now)


@on(OrganisationRevoked)
def give_back_after_revocation(event: OrganisationRevoked, now: datetime) -> None:
    """An organisation that is confirmed no more keeps no time and stands in no line."""
    _leave(in_line(organisation=event.organisation), now)
    found = organisation_bookings(organisation=event.organisation)
    _give_back(found, _("The organisation is confirmed no more."), "authority", now)


def _give_back(found: Iterable[Any], reason: str, by: str, now: datetime) -> None:
    """Those that stand open and have not begun; what is in use runs to its end."""
    for booking in found:
        if booking.state in OPEN and booking.starts > now:
            cancel(who=SYSTEM, booking=booking.pk, reason=reason, by=by, now=now)


def _leave(found: Iterable[Any], now: datetime) -> None:
    """Before anything is given back: else the freed time were offered to them again."""
    for waiting in found:
        leave_line(who=SYSTEM, waiting=waiting.pk, now=now)
