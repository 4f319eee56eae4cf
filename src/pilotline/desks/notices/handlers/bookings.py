"""News of bookings: each side is told what the other did, and whose turn it is."""

from datetime import datetime

from django.utils import timezone

from pilotline.desks.booking.events import (
    BookingAsked,
    BookingCancelled,
    BookingChanged,
    BookingClosed,
    BookingConfirmed,
    BookingDeclined,
    BookingEvent,
    BookingExpired,
    SlotOffered,
    TimesLost,
    TimesProposed,
)
from pilotline.desks.journal.events import on
from pilotline.desks.notices.services import tell
from pilotline.desks.people import queries as people


@on(BookingAsked)
def tell_of_request(event: BookingAsked, now: datetime) -> None:
    _tell(event, "booking.asked", _operators(event), event.until, now)


@on(BookingConfirmed)
def tell_of_booking(event: BookingConfirmed, now: datetime) -> None:
    _tell(event, "booking.confirmed", _applicant(event), event.starts, now)
    _tell(event, "booking.taken", _operators(event), event.starts, now)


@on(BookingDeclined)
def tell_of_refused_request(event: BookingDeclined, now: datetime) -> None:
    _tell(event, "booking.declined", _applicant(event), "", now, reason=event.reason)


@on(BookingChanged)
def tell_of_moved_booking(event: BookingChanged, now: datetime) -> None:
    _tell(event, "booking.moved", _operators(event), event.starts, now)


@on(BookingCancelled)
def tell_of_cancelled_booking(event: BookingCancelled, now: datetime) -> None:
    if event.by != "applicant":
        _tell(event, "booking.withdrawn", _applicant(event), "", now, reason=event.reason)
    if event.by != "operator":
        _tell(event, "booking.cancelled", _operators(event), "", now)


@on(BookingExpired)
def tell_of_expired_hold(event: BookingExpired, now: datetime) -> None:
    _tell(event, "booking.expired", _applicant(event), "", now)


@on(BookingClosed)
def tell_of_closed_booking(event: BookingClosed, now: datetime) -> None:
    _tell(event, "booking.closed", _applicant(event), "", now)


@on(SlotOffered)
def tell_of_offer(event: SlotOffered, now: datetime) -> None:
    _tell(event, "booking.offered", _applicant(event), event.until, now)


@on(TimesProposed)
def tell_of_proposed_times(event: TimesProposed, now: datetime) -> None:
    tell(
        users=sorted({user for pk in event.operators for user in people.operators_of(pk)}),
        kind="times.proposed",
        facts={"name": _name(event.organisation), "until": _clock(event.until)},
        subject=("joint-plan", event.proposal),
        key=f"times.proposed:{event.proposal}:{event.waiting}",
        now=now,
    )


@on(TimesLost)
def tell_of_lost_times(event: TimesLost, now: datetime) -> None:
    if event.why == "gone":
        return
    kind = "times.declined" if event.why == "declined" else "times.lost"
    members = people.users_of(event.organisation)
    tell(
        users=[event.person] if event.person in members else members,
        kind=kind,
        facts={"name": _name(event.organisation), "reason": event.reason},
        subject=("waiting", event.waiting),
        key=f"{kind}:{event.proposal}:{event.waiting}",
        now=now,
    )


def _tell(
    event: BookingEvent, kind: str, users: list[int], once: str, now: datetime, reason: str = ""
) -> None:
    tell(
        users=users,
        kind=kind,
        facts={
            "number": event.number,
            "start": _clock(event.starts),
            "end": _clock(event.ends),
            "until": _clock(getattr(event, "until", "")),
            "reason": reason,
        },
        subject=("booking", event.booking),
        key=f"{kind}:{event.booking}:{once}",
        now=now,
    )


def _applicant(event: BookingEvent) -> list[int]:
    """The one who booked, or everybody of the organisation when that is not known."""
    members = people.users_of(event.organisation)
    return [event.person] if event.person in members else members


def _operators(event: BookingEvent) -> list[int]:
    return sorted({user for pk in event.operators for user in people.operators_of(pk)})


def _name(organisation: int) -> str:
    return people.names([organisation]).get(organisation, "")


def _clock(text: str) -> str:
    """`2026-12-01 09:00` in the time of the place; empty for nothing."""
    if not text:
        return ""
    return f"{timezone.localtime(datetime.fromisoformat(text)):%Y-%m-%d %H:%M}"
