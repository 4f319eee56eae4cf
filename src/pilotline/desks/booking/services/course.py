"""The course of a booking: confirmed, approved, moved, used, measured and closed."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from pilotline.desks.booking.events import (
    BookingAsked,
    BookingChanged,
    BookingClosed,
    BookingConfirmed,
    BookingUsed,
)
from pilotline.desks.booking.models import Bookable, Booking, Occupation
from pilotline.desks.booking.queries.asking import is_owner, problems_of_wishes
from pilotline.desks.booking.queries.rulebook import booking_rules
from pilotline.desks.booking.rules.access import may_follow, operates
from pilotline.desks.booking.rules.fees import fee_of_changing, may_still_change
from pilotline.desks.booking.rules.settings import LONGEST
from pilotline.desks.booking.rules.states import OPEN, move
from pilotline.desks.booking.rules.wishes import Wish, problems_of_shape, show_time
from pilotline.desks.booking.services.ending import asked_of, sweep
from pilotline.desks.booking.services.telling import note
from pilotline.desks.booking.services.waiting import offer_freed, settle
from pilotline.desks.booking.services.writing import (
    change_of_calendar,
    lock_booking,
    lock_resources,
    occupy,
    vacate,
)
from pilotline.desks.journal.queries import current_rulebook
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import Conflict, NotAllowed, NotFound, Problem, Refused, refuse


@change_of_calendar
def confirm(*, who: Actor, booking: int, now: datetime) -> Booking:
    """The applicant takes the time. Where an owner wants to approve, it waits for the owner."""
    found, bookables = lock_booking(booking)
    if not may_follow(who, found):
        raise NotFound
    if found.state in ("asked", "confirmed"):
        return found
    if found.state != "held":
        raise Conflict(_("This booking is held no more: look for another time."))
    if found.held_until is not None and found.held_until <= now:
        raise Refused([Problem("run-out", _("The hold has run out: book the time again."))])
    _ask_or_confirm(found, bookables, who, now)
    settle(found, taken=True)
    return found


def _ask_or_confirm(
    booking: Booking, bookables: dict[int, Bookable], who: Actor, now: datetime
) -> None:
    """To the owners whose approval is wanted, or straight to confirmed. Owners who accepted
    these very times in a plan have approved them already."""
    rows = booking.occupations.filter(living=True)
    given = set(rows.filter(approval="given").values_list("resource", flat=True))
    wanted = [b.pk for b in bookables.values() if b.approval and not is_owner(who, b)]
    wanted = [pk for pk in wanted if pk not in given]
    before = {"state": booking.state}
    booking.version += 1
    if not wanted:
        _confirmed(booking, before, who, now)
        return
    rows.filter(resource__in=wanted).update(approval="asked")
    move(booking, "asked")
    until = now + timedelta(hours=booking_rules().approval_hours)
    booking.held_until = min(until, booking.starts)
    booking.save()
    note(
        booking,
        "ask",
        BookingAsked,
        who=who,
        now=now,
        before=before,
        until=booking.held_until.isoformat(),
    )


def _confirmed(booking: Booking, before: dict[str, str], who: Actor, now: datetime) -> None:
    if booking.state != "confirmed":
        move(booking, "confirmed")
    booking.held_until = None
    booking.save()
    note(booking, "confirm", BookingConfirmed, who=who, now=now, before=before)


@change_of_calendar
def approve(*, who: Actor, booking: int, now: datetime) -> Booking:
    """The owner of resources in it says yes; with the last yes it is confirmed."""
    found, _bookables = lock_booking(booking)
    mine = [
        row
        for row in found.occupations.select_related("resource__facility")
        if operates(who, row.resource.facility.operator_id)
    ]
    if not mine:
        raise NotFound
    if found.state == "confirmed":
        return found
    if found.state != "asked":
        raise Conflict(_("This request is open no more."))
    if found.held_until is not None and found.held_until <= now:
        raise Refused([Problem("run-out", _("This request has run out."))])
    asked = asked_of(who, found)
    if not asked:
        raise NotAllowed(_("Your resources in this booking need no approval."))
    found.occupations.filter(pk__in=[row.pk for row in asked]).update(
        approval="given", approved_by=who.id
    )
    found.version += 1
    if found.occupations.filter(living=True, approval="asked").exists():
        found.save()
        note(found, "approve", BookingAsked, who=who, now=now, until=_iso(found.held_until))
    else:
        _confirmed(found, {"state": "asked"}, who, now)
    return found


def _iso(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def change(
    *,
    who: Actor,
    booking: int,
    wishes: Sequence[Wish],
    percent: int | None = None,
    now: datetime,
) -> Booking:
    """Move a booking to other times or resources, all or none; the old times stay until then.

    `percent` is the fee that was shown: Conflict when it has risen since. Owners who want to
    approve are asked again.
    """
    sweep(resources=[wish.resource for wish in wishes], now=now)
    return _change(who=who, booking=booking, wishes=list(wishes), percent=percent, now=now)


@change_of_calendar
def _change(
    *, who: Actor, booking: int, wishes: list[Wish], percent: int | None, now: datetime
) -> Booking:
    standing = Occupation.objects.filter(booking=booking, living=True)
    both = {*standing.values_list("resource", flat=True), *(w.resource for w in wishes)}
    bookables = lock_resources(both)
    found, _same = lock_booking(booking)
    if not may_follow(who, found):
        raise NotFound
    refuse(_problems_of_change(found, wishes, bookables, who, now))
    fee = fee_of_changing(found, booking_rules(), now).percent
    if percent is not None and fee > percent:
        raise Conflict(
            _("The change costs {now} % of the price by now: look at it again.").format(now=fee),
            percent=fee,
        )
    was = found.starts
    freed = vacate(bookables, found.occupations.filter(living=True).order_by("use"))
    freed_resources = [row.resource_id for row in freed]
    found.occupations.filter(pk__in=[row.pk for row in freed]).delete()
    occupy(bookables, wishes, booking=found, family=found.family)
    found.starts, found.ends = min(w.start for w in wishes), max(w.end for w in wishes)
    found.fee_percent = max(fee, found.fee_percent)
    note_change(found, was, fee, who, now)
    if found.state == "held":
        found.held_until = min(found.held_until or found.starts, found.starts)
        found.version += 1
        found.save()
    else:
        wanted = {w.resource: bookables[w.resource] for w in wishes}
        _ask_or_confirm(found, wanted, who, now)
    offer_freed(bookables, freed_resources, now=now)
    return found


def note_change(booking: Booking, was: datetime, fee: int, who: Actor, now: datetime) -> None:
    note(
        booking,
        "change",
        BookingChanged,
        who=who,
        now=now,
        before={"starts": was},
        after={"percent": fee},
        was=was.isoformat(),
        percent=fee,
    )


def _problems_of_change(
    booking: Booking,
    wishes: list[Wish],
    bookables: dict[int, Bookable],
    who: Actor,
    now: datetime,
) -> list[Problem]:
    if booking.state not in OPEN:
        return [Problem("ended", _("This booking has ended or has been used already."))]
    if not may_still_change(booking, booking_rules(), now):
        hours = booking_rules().change_hours
        text = _("A booking is changed at least {hours} hours before its start.")
        return [Problem("too-late", text.format(hours=hours))]
    problems = list(problems_of_shape(wishes, now))
    if problems:
        return problems
    wanted = {w.resource: bookables[w.resource] for w in wishes}
    return list(
        problems_of_wishes(
            wanted,
            wishes,
            who=who,
            family=booking.family,
            rulebook=current_rulebook(),
            now=now,
            without=booking.pk,
        )
    )


@change_of_calendar
def mark_used(*, who: Actor, booking: int, now: datetime) -> Booking:
    """The operator notes that the use has begun."""
    found, _bookables = lock_booking(booking)
    _operated(who, found)
    if found.state == "used":
        return found
    if found.state == "confirmed" and now < found.starts:
        text = _("This booking begins on {start} only.").format(start=show_time(found.starts))
        raise Refused([Problem("too-early", text)])
    before = {"state": found.state}
    move(found, "used")
    found.version += 1
    found.save()
    note(found, "use", BookingUsed, who=who, now=now, before=before)
    return found


@change_of_calendar
def close(
    *, who: Actor, booking: int, minutes: Mapping[int, int] | None = None, now: datetime
) -> Booking:
    """The operator measures the use: minutes by occupation, the booked ones where none are said.

    A booking at several facilities is closed when all of them have measured.
    """
    found, _bookables = lock_booking(booking)
    mine = _operated(who, found)
    if found.state == "closed":
        return found
    if found.state != "used":
        raise Conflict(_("Only a booking that was used is closed."))
    given = dict(minutes or {})
    refuse(_problems_of_minutes(given, mine))
    for row in mine:
        booked = int((row.use.upper - row.use.lower).total_seconds() // 60)
        row.measured_minutes = given.get(row.pk, booked)
        row.save(update_fields=["measured_minutes"])
    rows = list(found.occupations.filter(living=True))
    measured = {str(r.pk): r.measured_minutes for r in rows if r.measured_minutes is not None}
    found.version += 1
    if len(measured) < len(rows):
        found.save()
        note(found, "measure", BookingUsed, who=who, now=now, after={"minutes": measured})
        return found
    before = {"state": found.state}
    move(found, "closed")
    found.ended_at = now
    found.save()
    note(
        found,
        "close",
        BookingClosed,
        who=who,
        now=now,
        before=before,
        after={"minutes": measured},
        minutes=measured,
    )
    return found


def _operated(who: Actor, booking: Booking) -> list[Occupation]:
    """The living times on the actor's own resources; NotFound when there are none."""
    rows = booking.occupations.select_related("resource__facility").filter(living=True)
    mine = [
        row for row in rows if who.is_system or operates(who, row.resource.facility.operator_id)
    ]
    if not mine:
        raise NotFound
    return mine


def _problems_of_minutes(given: dict[int, int], mine: list[Occupation]) -> list[Problem]:
    known = {row.pk for row in mine}
    problems = []
    if set(given) - known:
        text = _("Measure the times on your own resources only.")
        problems.append(Problem("not-yours", text, "minutes"))
    if any(not 0 <= value <= LONGEST for value in given.values()):
        text = _("Enter a number from {least} to {most}.").format(least=0, most=LONGEST)
        problems.append(Problem("out-of-range", text, "minutes"))
    return problems
