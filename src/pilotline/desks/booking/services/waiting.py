"""The waiting list: joining it, leaving it, and offering freed times in order."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext_lazy as _

from pilotline.desks.booking.events import SlotOffered
from pilotline.desks.booking.models import Bookable, Booking, Waiting
from pilotline.desks.booking.queries.diaries import diaries
from pilotline.desks.booking.queries.rulebook import booking_rules
from pilotline.desks.booking.queries.waiting import bookable_for, free_in, problems_of_waiting
from pilotline.desks.booking.rules.access import may_book, operates
from pilotline.desks.booking.rules.free import next_starts
from pilotline.desks.booking.rules.opening import NoCalendar
from pilotline.desks.booking.rules.wishes import Wish
from pilotline.desks.booking.services.keeping import keep
from pilotline.desks.booking.services.telling import note
from pilotline.desks.demand import queries as demand
from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.journal.services import record
from pilotline.kernel.actor import SYSTEM, Actor
from pilotline.kernel.errors import Conflict, NotAllowed, NotFound, refuse
from pilotline.kernel.period import Period
from pilotline.rulebook.calendar import CalendarEnds

MOST_OFFERS = 20


@transaction.atomic
def wait_for(
    *,
    who: Actor,
    organisation: int,
    resource: int,
    minutes: int,
    start: datetime,
    end: datetime,
    purpose: str,
    family: str = "",
    case: int | None = None,
    is_demo: bool = False,
    now: datetime,
) -> Waiting:
    """Stand in line for `minutes` on a resource some time in [start, end).

    Refused when such a time is free already: then it can be booked at once.
    """
    if not may_book(who, organisation):
        raise NotAllowed(_("You can book for your own organisations only."))
    if case is not None and demand.case(who=who, id=case).organisation_id != organisation:
        raise NotAllowed(_("This case belongs to another organisation."))
    bookable = bookable_for(who=who, resource=resource)
    given = {"minutes": minutes, "start": start, "end": end, "purpose": purpose, "family": family}
    refuse(problems_of_waiting(who, bookable, organisation, given, now))
    refuse(free_in(bookable, Period(start, end), minutes, family, now))
    made = Waiting.objects.create(
        resource_id=resource,
        organisation_id=organisation,
        person_id=who.id,
        case_id=case,
        purpose=purpose.strip(),
        family=family,
        minutes=minutes,
        window=DateTimeTZRange(start, end),
        made_at=now,
        is_demo=is_demo,
    )
    note_line(made, "wait", who, now)
    return made


@transaction.atomic
def leave_line(*, who: Actor, waiting: int, now: datetime) -> Waiting:
    """Those who wait go; the operator of the resource may take them out as well, but not
    those who wait for other operators' resources too."""
    found = (
        Waiting.objects.select_for_update(of=("self",))
        .select_related("resource__facility")
        .filter(pk=waiting)
        .first()
    )
    if found is None or not (
        may_book(who, found.organisation_id)
        or (not found.joint and operates(who, found.resource.facility.operator_id))
    ):
        raise NotFound
    if found.state == Waiting.State.LEFT:
        return found
    if found.state != Waiting.State.WAITING:
        raise Conflict(_("A time was offered already: confirm or cancel that booking."))
    found.state = Waiting.State.LEFT
    found.save(update_fields=["state"])
    note_line(found, "leave-line", who, now)
    return found


def settle(booking: Booking, *, taken: bool) -> None:
    """What an offer came to: its place in line is used up either way."""
    state = Waiting.State.TAKEN if taken else Waiting.State.LAPSED
    Waiting.objects.filter(booking=booking, state=Waiting.State.OFFERED).update(state=state)


def offer_freed(bookables: dict[int, Bookable], resources: Iterable[int], *, now: datetime) -> int:
    """Offer what has become free to those in line, first come first. Returns how many offers.

    The resources are locked: nobody can slip in between the freed time and the offer.
    """
    offered = 0
    for resource in sorted(set(resources)):
        line = Waiting.objects.select_for_update(skip_locked=True).filter(
            resource=resource, state=Waiting.State.WAITING, window__endswith__gt=now, in_steps=False
        )
        for waiting in line.order_by("pk")[:MOST_OFFERS]:
            start = _first_free(bookables[resource], waiting, now)
            if start is not None:
                end = start + timedelta(minutes=waiting.minutes)
                offer(bookables, waiting, [Wish(resource, start, end)], now)
                offered += 1
    return offered


def _first_free(bookable: Bookable, waiting: Waiting, now: datetime) -> datetime | None:
    start = max(waiting.window.lower, now + timedelta(minutes=bookable.lead))
    length = timedelta(minutes=waiting.minutes)
    last = waiting.window.upper - length
    if start > last:
        return None
    last += timedelta(seconds=1)
    diary = diaries([bookable], start, last, rulebook=current_rulebook(), now=now)[bookable.pk]
    try:
        return next(iter(next_starts(diary, start, last, length, waiting.family, most=1)), None)
    except (NoCalendar, CalendarEnds):
        return None


def offer(
    bookables: dict[int, Bookable],
    waiting: Waiting,
    wishes: Sequence[Wish],
    now: datetime,
) -> Booking:
    """Keep a time, or all times together, for somebody in line and tell them; the resources are
    locked."""
    until = now + timedelta(minutes=booking_rules().offer_minutes)
    facts = {
        "organisation_id": waiting.organisation_id,
        "person_id": waiting.person_id,
        "purpose": waiting.purpose,
        "family": waiting.family,
        "case_id": waiting.case_id,
        "match_id": waiting.match_id,
        "is_demo": waiting.is_demo,
    }
    booking = keep(bookables, wishes, who=SYSTEM, facts=facts, until=until, now=now)
    waiting.state, waiting.booking, waiting.offered_at = Waiting.State.OFFERED, booking, now
    waiting.save(update_fields=["state", "booking", "offered_at"])
    note(
        booking,
        "offer",
        SlotOffered,
        who=SYSTEM,
        now=now,
        after={"waiting": waiting.pk},
        waiting=waiting.pk,
        until=booking.held_until.isoformat(),
    )
    return booking


def note_line(waiting: Waiting, action: str, who: Actor, now: datetime) -> None:
    """Write what happened in the line into the journal."""
    record(
        who=who,
        action=f"booking.{action}",
        subject=("waiting", waiting.pk),
        case=waiting.case_id,
        organisation=waiting.organisation_id,
        after={"resource": waiting.resource_id, "minutes": waiting.minutes, "state": waiting.state},
        now=now,
    )
