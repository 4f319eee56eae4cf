"""What operators set: how a resource is booked, its hours, changeovers, closures, licences."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pilotline.desks.booking.events import ResourceClosed
from pilotline.desks.booking.models import (
    Bookable,
    Changeover,
    Closure,
    Licence,
    Occupation,
    Opening,
)
from pilotline.desks.booking.queries.diaries import with_hours
from pilotline.desks.booking.queries.settings import (
    bookable_of,
    closure_of,
    highest_piece,
    in_the_way,
    resource_of,
)
from pilotline.desks.booking.rules.settings import (
    BOOKED_KINDS,
    SETTINGS,
    problems_of_bookable,
    problems_of_changeovers,
    problems_of_closure,
    problems_of_openings,
    problems_of_pieces,
)
from pilotline.desks.booking.rules.wishes import Wish, show_time
from pilotline.desks.booking.services.ending import sweep
from pilotline.desks.booking.services.waiting import offer_freed
from pilotline.desks.booking.services.writing import (
    change_of_calendar,
    lock_resources,
    occupy,
    vacate,
)
from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.journal.services import emit, record
from pilotline.desks.people import queries as people
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import Conflict, NotFound, Problem, Refused, refuse


@transaction.atomic
def set_bookable(
    *,
    who: Actor,
    resource: int,
    values: Mapping[str, Any] | None = None,
    openings: Sequence[tuple[int, int, int]] | None = None,
    changeovers: Sequence[tuple[str, str, int]] | None = None,
    now: datetime,
) -> Bookable:
    """Open a resource for booking, or change how it is booked. What is not given stays.

    `values`: SETTINGS. `openings`: weekday, first and last minute of the local day. `changeovers`:
    family before, family after, minutes; "" stands for any. Bookings that stand are left alone.
    """
    thing = resource_of(who=who, id=resource)
    Bookable.objects.get_or_create(resource_id=thing.pk, defaults={"updated_at": now})
    found = with_hours(Bookable.objects.select_for_update(of=("self",))).get(pk=thing.pk)
    given = {name: value for name, value in (values or {}).items() if name in SETTINGS}
    whole = {name: getattr(found, name) for name in SETTINGS} | given
    problems = list(problems_of_bookable(whole, current_rulebook()))
    if thing.kind not in BOOKED_KINDS:
        problems.append(
            Problem("kind", _("Lines, equipment, sites and staff skills are booked; not this."))
        )
    problems += problems_of_pieces(given, thing.quantity, highest_piece(thing.pk, after=now))
    problems += problems_of_openings(openings or ())
    problems += problems_of_changeovers(changeovers or (), current_rulebook())
    refuse(problems)
    before = {name: getattr(found, name) for name in given}
    _close_new_pieces(found, whole["pieces"], now)
    for name, value in given.items():
        setattr(found, name, value)
    found.updated_at = now
    found.save()
    if openings is not None:
        found.openings.all().delete()
        Opening.objects.bulk_create(
            Opening(bookable=found, weekday=day, start=start, end=end)
            for day, start, end in openings
        )
    if changeovers is not None:
        found.changeovers.all().delete()
        Changeover.objects.bulk_create(
            Changeover(bookable=found, before=first, after=then, minutes=minutes)
            for first, then, minutes in changeovers
        )
    after = given | {"openings": openings, "changeovers": changeovers}
    _record(who, "set", resource, now, before=before, after=after)
    return bookable_of(who=who, id=resource)


def _close_new_pieces(bookable: Bookable, pieces: int, now: datetime) -> None:
    """What closes the resource closes its new pieces as well."""
    closed = Occupation.objects.filter(
        resource=bookable.pk, living=True, booking=None, use__endswith__gt=now
    )
    known = set(closed.values_list("closure", "piece"))
    Occupation.objects.bulk_create(
        Occupation(
            closure_id=row.closure_id,
            resource_id=bookable.pk,
            piece=piece,
            use=row.use,
            blocked=row.use,
            family=row.family,
        )
        for row in closed.filter(piece=1)
        for piece in range(bookable.pieces + 1, pieces + 1)
        if (row.closure_id, piece) not in known
    )


def close_resources(
    *,
    who: Actor,
    resources: Iterable[int],
    start: datetime,
    end: datetime,
    kind: str,
    reason: str = "",
    now: datetime,
) -> Closure:
    """Close resources of one facility for a while: all of them or none.

    Bookings in the way are named, all at once; they are moved or cancelled first.
    """
    wanted = sorted(set(resources))
    sweep(resources=wanted, now=now)
    return _close_resources(
        who=who, wanted=wanted, start=start, end=end, kind=kind, reason=reason, now=now
    )


@change_of_calendar
def _close_resources(
    *,
    who: Actor,
    wanted: list[int],
    start: datetime,
    end: datetime,
    kind: str,
    reason: str,
    now: datetime,
) -> Closure:
    things = [resource_of(who=who, id=pk) for pk in wanted]
    problems = list(problems_of_closure(start, end, kind=kind, reason=reason, now=now))
    if not things:
        problems.append(Problem("nothing", _("Choose at least one resource."), "resources"))
    if len({thing.facility_id for thing in things}) > 1:
        text = _("Close the resources of one facility at a time.")
        problems.append(Problem("facilities", text, "resources"))
    refuse(problems)
    bookables = lock_resources(wanted)
    refuse(_problem_of(row) for row in in_the_way(wanted, start, end))
    made = Closure.objects.create(
        facility_id=things[0].facility_id,
        kind=kind,
        period=DateTimeTZRange(start, end),
        reason=reason.strip(),
        made_by=who.id,
        made_at=now,
    )
    occupy(bookables, [Wish(pk, start, end) for pk in wanted], closure=made)
    _tell_of_closure(made, wanted, who, now)
    return made


def _problem_of(row: Occupation) -> Problem:
    """What stands in the way of a closure."""
    text = _("{name}: {number} stands from {start} to {end}.").format(
        name=row.resource.name,
        number=row.booking.number if row.booking else _("another closure"),
        start=show_time(row.use.lower),
        end=show_time(row.use.upper),
    )
    data = {"resource": row.resource_id, "booking": row.booking_id}
    return Problem("in-the-way", text, "start", data=data)


def _tell_of_closure(made: Closure, resources: list[int], who: Actor, now: datetime) -> None:
    starts, ends = made.period.lower.isoformat(), made.period.upper.isoformat()
    facts = {"resources": resources, "starts": starts, "ends": ends, "kind": made.kind}
    after = facts | {"reason": made.reason}
    _record(who, "close-resource", made.pk, now, kind="closure", after=after)
    emit(ResourceClosed(closure=made.pk, facility=made.facility_id, **facts), now=now)


@change_of_calendar
def lift_closure(*, who: Actor, closure: int, now: datetime) -> Closure:
    """End a closure before its time; what becomes free is offered to those in line."""
    found = closure_of(who=who, id=closure)
    rows = found.occupations.filter(living=True)
    bookables = lock_resources(rows.values_list("resource", flat=True))
    found = Closure.objects.select_for_update().get(pk=closure)
    if found.lifted_at is not None:
        return found
    if found.period.upper <= now:
        raise Conflict(_("This closure is over already."))
    found.lifted_at = now
    found.save(update_fields=["lifted_at"])
    vacate(bookables, found.occupations.filter(living=True).order_by("pk"))
    _record(who, "lift-closure", found.pk, now, kind="closure")
    offer_freed(bookables, bookables, now=now)
    return found


@transaction.atomic
def give_licence(
    *, who: Actor, resource: int, user: int, until: date, note: str = "", now: datetime
) -> Licence:
    """This person was trained on the resource, or is licensed for it, up to and with that day."""
    resource_of(who=who, id=resource)
    if not people.user_names([user]):
        raise NotFound(_("There is no such user."))
    problems = []
    if until < timezone.localdate(now):
        problems.append(Problem("past", _("This day is over already."), "until"))
    if len(note) > 300:
        problems.append(Problem("too-long", _("That is too long: shorten it."), "note"))
    refuse(problems)
    Licence.objects.filter(resource=resource, user=user, ended_at=None).update(ended_at=now)
    made = Licence.objects.create(
        resource_id=resource,
        user_id=user,
        until=until,
        note=note.strip(),
        given_by=who.id,
        given_at=now,
    )
    _record(who, "give-licence", resource, now, after={"user": user, "until": until})
    return made


def license_person(
    *, who: Actor, resource: int, login: str, until: date, note: str = "", now: datetime
) -> Licence:
    """The same for a person who is known by log-in name or e-mail."""
    found = people.user_by_login(login)
    if found is None:
        resource_of(who=who, id=resource)
        raise Refused([Problem("no-user", _("There is no such user."), "login")])
    return give_licence(who=who, resource=resource, user=found.pk, until=until, note=note, now=now)


@transaction.atomic
def end_licence(*, who: Actor, licence: int, now: datetime) -> None:
    """Take a licence back. Bookings that stand are left alone."""
    found = Licence.objects.select_for_update().filter(pk=licence).first()
    if found is None:
        raise NotFound
    resource_of(who=who, id=found.resource_id)
    if found.ended_at is None:
        found.ended_at = now
        found.save(update_fields=["ended_at"])
        _record(who, "end-licence", found.resource_id, now, before={"user": found.user_id})


def _record(
    who: Actor,
    action: str,
    key: int,
    now: datetime,
    *,
    kind: str = "bookable",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    record(
        who=who,
        action=f"booking.{action}",
        subject=(kind, key),
        before=before,
        after=after,
        now=now,
    )
