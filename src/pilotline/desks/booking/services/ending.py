"""Giving time back: by the applicant, by the operator, or because nobody answered in time."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeVar

from django.utils.translation import gettext_lazy as _

from pilotline.desks.booking.events import (
    BookingCancelled,
    BookingDeclined,
    BookingEvent,
    BookingExpired,
)
from pilotline.desks.booking.models import Bookable, Booking, Occupation
from pilotline.desks.booking.queries.rulebook import booking_rules
from pilotline.desks.booking.rules.access import may_follow, operates
from pilotline.desks.booking.rules.fees import fee_of_cancelling
from pilotline.desks.booking.rules.states import EXPIRING, OPEN, move
from pilotline.desks.booking.rules.wishes import MOST_WORDS
from pilotline.desks.booking.services.telling import note
from pilotline.desks.booking.services.waiting import offer_freed, settle
from pilotline.desks.booking.services.writing import change_of_calendar, lock_booking, vacate
from pilotline.kernel.actor import SYSTEM, Actor
from pilotline.kernel.errors import Conflict, NotAllowed, NotFound, Problem, refuse

E = TypeVar("E", bound=BookingEvent)


def sweep(*, now: datetime, resources: Iterable[int] | None = None, limit: int = 500) -> int:
    """End holds, offers and requests that nobody answered in time. Returns how many.

    Every hold asks for it on its own resources, and the worker for all of them each minute.
    """
    due = Booking.objects.filter(state__in=EXPIRING, held_until__lte=now)
    if resources is not None:
        standing = Occupation.objects.filter(resource__in=list(resources), living=True)
        due = due.filter(pk__in=standing.values("booking"))
    keys = list(due.order_by("pk").values_list("pk", flat=True)[:limit])
    for pk in keys:
        expire(booking=pk, now=now)
    return len(keys)


@change_of_calendar
def expire(*, booking: int, now: datetime) -> Booking:
    """End one hold or request whose time is over; one that was answered meanwhile stays."""
    found, bookables = lock_booking(booking)
    if found.state not in EXPIRING or found.held_until is None or found.held_until > now:
        return found
    return _end(found, bookables, "expired", "expire", BookingExpired, who=SYSTEM, now=now)


@change_of_calendar
def cancel(
    *,
    who: Actor,
    booking: int,
    reason: str = "",
    percent: int | None = None,
    by: str = "applicant",
    now: datetime,
) -> Booking:
    """Give a booking back. `percent` is the fee the applicant was shown: Conflict when it has
    risen since. The operator of one of its facilities gives it back without a fee and says why.
    `by`: for whom the machine does it; what is not the applicant's doing costs nothing.
    """
    found, bookables = lock_booking(booking)
    mine = may_follow(who, found)
    if not mine and not _operates_one(who, found):
        raise NotFound
    if found.state == "cancelled":
        return found
    refuse(_problems_of_cancelling(found, reason, mine=mine, now=now))
    by = (by if who.is_system else "applicant") if mine else "operator"
    due = fee_of_cancelling(found, booking_rules(), now).percent
    fee = due if by == "applicant" else 0
    if percent is not None and fee > percent:
        raise Conflict(
            _("Cancelling costs {now} % of the price by now: look at it again.").format(now=fee),
            percent=fee,
        )
    found.reason = reason.strip()
    found.fee_percent = max(fee, found.fee_percent)
    return _end(
        found,
        bookables,
        "cancelled",
        "cancel",
        BookingCancelled,
        who=who,
        now=now,
        percent=found.fee_percent,
        by=by,
        reason=found.reason,
    )


@change_of_calendar
def decline(*, who: Actor, booking: int, reason: str, now: datetime) -> Booking:
    """The owner of one of its resources does not approve: the whole booking ends."""
    found, bookables = lock_booking(booking)
    if not _operates_one(who, found):
        raise NotFound
    if found.state != "asked":
        raise Conflict
    if not asked_of(who, found):
        raise NotAllowed(_("Your resources in this booking need no approval."))
    refuse(_problems_of_reason(reason))
    found.reason = reason.strip()
    return _end(
        found,
        bookables,
        "declined",
        "decline",
        BookingDeclined,
        who=who,
        now=now,
        reason=found.reason,
    )


def asked_of(who: Actor, booking: Booking) -> list[Occupation]:
    """The times of a booking that wait for this actor's approval."""
    rows = booking.occupations.select_related("resource__facility").filter(approval="asked")
    return [row for row in rows if operates(who, row.resource.facility.operator_id)]


def _operates_one(who: Actor, booking: Booking) -> bool:
    rows = booking.occupations.values_list("resource__facility__operator", flat=True)
    return any(operates(who, operator) for operator in rows)


def _problems_of_cancelling(
    booking: Booking, reason: str, *, mine: bool, now: datetime
) -> list[Problem]:
    problems = []
    if booking.state not in OPEN:
        problems.append(Problem("ended", _("This booking has ended or has been used already.")))
    elif booking.starts <= now and booking.state == "confirmed":
        problems.append(Problem("begun", _("This booking has begun: it can only be closed.")))
    if not mine:
        problems += _problems_of_reason(reason)
    elif len(reason) > MOST_WORDS:
        problems.append(Problem("too-long", _("That is too long: shorten it."), "reason"))
    return problems


def _problems_of_reason(reason: str) -> list[Problem]:
    if not reason.strip():
        return [Problem("no-reason", _("Say why, for the applicant reads it."), "reason")]
    if len(reason) > MOST_WORDS:
        return [Problem("too-long", _("That is too long: shorten it."), "reason")]
    return []


def _end(
    booking: Booking,
    bookables: dict[int, Bookable],
    state: str,
    action: str,
    kind: type[E],
    *,
    who: Actor,
    now: datetime,
    **more: Any,
) -> Booking:
    """The state, the times given back, the news; then the freed times go to those in line."""
    before = {"state": booking.state}
    move(booking, state)
    booking.ended_at = now
    booking.version += 1
    booking.save()
    freed = vacate(bookables, booking.occupations.filter(living=True).order_by("use"))
    settle(booking, taken=False)
    note(booking, action, kind, who=who, now=now, before=before, **more)
    offer_freed(bookables, [row.resource_id for row in freed if row.use.upper > now], now=now)
    return booking
