"""Bookings, fetched by those who may see them."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet

from pilotline.desks.booking.models import Booking, Occupation
from pilotline.desks.booking.rules.access import may_follow, may_see, operates
from pilotline.desks.booking.rules.states import OPEN
from pilotline.desks.people.rules import token_opens
from pilotline.desks.registry import queries as registry
from pilotline.kernel.actor import Actor, significant
from pilotline.kernel.errors import NotAllowed, NotFound


def booking(*, who: Actor, id: int) -> Booking:
    """One booking with its occupations (`times`), for its sides and their authorities."""
    found = with_times(Booking.objects.filter(pk=id)).first()
    if found is None or not may_see(who, found, places_of(found)):
        raise NotFound
    return found


def places_of(found: Booking) -> list[tuple[int | None, str]]:
    """Operator and region of each of its facilities."""
    return [(t.resource.facility.operator_id, t.resource.facility.region) for t in found.times]


def with_times(found: QuerySet[Booking]) -> QuerySet[Booking]:
    """With `times`: occupations in order, with their resources and facilities (two queries)."""
    times = Occupation.objects.select_related("resource__facility").order_by("use", "pk")
    return found.select_related("organisation", "person", "case", "match").prefetch_related(
        Prefetch("occupations", times, to_attr="times")
    )


def own_bookings(*, who: Actor, state: str = "") -> QuerySet[Booking]:
    """Bookings of the actor's organisations, latest first."""
    if not token_opens(who, "applicant", writes=False):
        raise NotAllowed
    found = with_times(Booking.objects.filter(organisation__in=who.organisations))
    return (found.filter(state=state) if state else found).order_by("-starts", "-pk")


def facility_bookings(*, who: Actor, state: str = "") -> QuerySet[Booking]:
    """Bookings on the resources of the facilities that the actor operates, latest first."""
    mine = Occupation.objects.filter(resource__in=registry.own_resources(who=who))
    found = with_times(Booking.objects.filter(pk__in=mine.values("booking")))
    return (found.filter(state=state) if state else found).order_by("-starts", "-pk")


def approvals(*, who: Actor) -> QuerySet[Booking]:
    """Requests that wait for this operator's yes or no, the soonest to run out first."""
    mine = Occupation.objects.filter(
        resource__in=registry.own_resources(who=who), approval="asked", living=True
    )
    found = with_times(Booking.objects.filter(state="asked", pk__in=mine.values("booking")))
    return found.order_by("held_until", "pk")


def region_bookings(*, who: Actor) -> QuerySet[Booking]:
    """Bookings at facilities in the regions that an authority answers for."""
    if who.is_system:
        return with_times(Booking.objects.all())
    if not who.has("authority"):
        raise NotAllowed
    wanted = Q(pk__in=[])
    for region in who.regions:
        wanted |= Q(resource__facility__region__startswith=significant(region))
    rows = Occupation.objects.filter(wanted)
    return with_times(Booking.objects.filter(pk__in=rows.values("booking"))).order_by("-starts")


def closed_bookings(*, ids: Iterable[int] | None = None) -> QuerySet[Booking]:
    """What settlement bills, for machines: closed bookings with their measured times."""
    found = with_times(Booking.objects.filter(state="closed"))
    return found.filter(pk__in=list(ids)) if ids is not None else found


def case_bookings(*, who: Actor, case: int) -> list[Booking]:
    """The bookings of one case that this actor may see."""
    found = with_times(Booking.objects.filter(case=case)).order_by("starts")
    return [one for one in found if may_see(who, one, places_of(one))]


def match_bookings(*, match: int) -> list[Booking]:
    """The bookings that a match led to, for machines."""
    return list(with_times(Booking.objects.filter(match=match)).order_by("starts"))


def organisation_bookings(*, organisation: int) -> list[Booking]:
    """What stands open for an organisation, for machines."""
    found = Booking.objects.filter(organisation=organisation, state__in=OPEN)
    return list(with_times(found).order_by("starts"))


def sides(*, who: Actor, booking: Booking) -> frozenset[str]:
    """For whom the actor may act in this booking: applicant, operator, both or nobody."""
    found = set()
    if not who.is_system and may_follow(who, booking):
        found.add("applicant")
    if any(operates(who, operator) for operator, _region in places_of(booking)):
        found.add("operator")
    return frozenset(found)


def own_times(*, who: Actor, booking: Booking) -> list[Occupation]:
    """The times of a booking on the resources that the actor operates."""
    return [t for t in booking.times if operates(who, t.resource.facility.operator_id)]


def due(now: datetime) -> int:
    """How many holds and requests have run out and are not swept yet."""
    return Booking.objects.filter(state__in=["held", "asked"], held_until__lte=now).count()
