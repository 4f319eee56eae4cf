"""Bookable resources and their settings, fetched by who may see or keep them."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Max, Q, QuerySet

from pilotline.desks.booking.models import Bookable, Closure, Licence, Occupation
from pilotline.desks.booking.queries.diaries import with_hours
from pilotline.desks.booking.rules.access import may_edit
from pilotline.desks.booking.rules.settings import BOOKED_KINDS
from pilotline.desks.registry import queries as registry
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import NotFound

MOST_WORDS_SOUGHT = 6


def resource_of(*, who: Actor, id: int) -> Any:
    """One active resource of a facility that the actor may change."""
    return registry.editable_resource(who=who, id=id)


def bookable_of(*, who: Actor, id: int) -> Bookable:
    """The settings of one resource, for those who may see its facility. NotFound before it was
    opened for booking."""
    registry.resource(who=who, id=id)
    found = with_hours(Bookable.objects.filter(pk=id)).first()
    if found is None:
        raise NotFound
    return found


def settings_of(*, who: Actor, id: int) -> Bookable | None:
    """The settings of one of the actor's resources; None while it is not booked at all."""
    resource_of(who=who, id=id)
    return with_hours(Bookable.objects.filter(pk=id)).first()


def bookables_at(*, facility: int) -> QuerySet[Bookable]:
    """What can be booked at one published facility, in the order of its catalogue."""
    found = with_hours(Bookable.objects.filter(is_open=True)).filter(
        resource__in=registry.resources_of([facility])
    )
    return found.order_by("resource__position", "pk")


def bookables_found(words: str, *, most: int) -> list[Bookable]:
    """Bookables of published facilities in whose name, or their facility's, every word stands."""
    found = with_hours(Bookable.objects.filter(is_open=True, resource__status="active"))
    found = found.filter(resource__facility__status="published")
    for word in words.split()[:MOST_WORDS_SOUGHT]:
        named = Q(resource__name__icontains=word) | Q(resource__name_en__icontains=word)
        placed = Q(resource__facility__name__icontains=word) | Q(
            resource__facility__name_en__icontains=word
        )
        found = found.filter(named | placed)
    return list(found.order_by("resource__facility__name", "resource__position", "pk")[:most])


def own_bookables(*, who: Actor) -> QuerySet[Bookable]:
    """What can be booked at the facilities that the actor operates."""
    found = with_hours(Bookable.objects.all())
    return found.filter(resource__in=registry.own_resources(who=who)).order_by(
        "resource__facility", "resource__position", "pk"
    )


def bookable_things(*, who: Actor) -> QuerySet[Any]:
    """The actor's lines, equipment, sites and skills, opened for booking or not yet."""
    return registry.own_resources(who=who).filter(kind__in=BOOKED_KINDS)


def settings_by_resource(resources: Iterable[int]) -> dict[int, Bookable]:
    """Settings of those resources that have some. The caller has fetched them through a check."""
    return {b.pk: b for b in with_hours(Bookable.objects.filter(pk__in=list(resources)))}


def in_the_way(resources: Iterable[int], start: datetime, end: datetime) -> QuerySet[Occupation]:
    """What stands on these resources in [start, end), bookings and closures."""
    return (
        Occupation.objects.select_related("resource", "booking")
        .filter(resource__in=list(resources), living=True, use__overlap=(start, end))
        .order_by("use")
    )


def highest_piece(resource: int, *, after: datetime) -> int:
    """The highest piece of a resource that a booking still takes after then; 0 for none."""
    rows = Occupation.objects.filter(resource=resource, living=True, closure=None)
    found = rows.filter(use__endswith__gt=after).aggregate(most=Max("piece"))
    return int(found["most"] or 0)


def closures(*, who: Actor, over: datetime | None = None) -> QuerySet[Closure]:
    """Closures at the actor's own facilities; with `over` those only that end after it."""
    own = registry.own_facilities(who)
    found = Closure.objects.select_related("facility").filter(facility__in=own)
    found = found.prefetch_related("occupations__resource")
    if over is not None:
        found = found.filter(lifted_at=None, period__endswith__gt=over)
    return found.order_by("-period", "-pk")


def closure_of(*, who: Actor, id: int) -> Closure:
    """One closure for those who keep the facility's calendar."""
    found = Closure.objects.select_related("facility").filter(pk=id).first()
    if found is None or not may_edit(who, found.facility):
        raise NotFound
    return found


def licences(*, who: Actor) -> QuerySet[Licence]:
    """Licences that stand on the actor's own resources, soonest to end first."""
    found = Licence.objects.select_related("resource__facility", "user").filter(
        ended_at=None, resource__in=registry.own_resources(who=who)
    )
    return found.order_by("until", "pk")


def own_licences(*, who: Actor, today: date) -> QuerySet[Licence]:
    """What this person is licensed for."""
    found = Licence.objects.select_related("resource__facility")
    return found.filter(user=who.id, ended_at=None, until__gte=today).order_by("until", "pk")
