"""Single resources, for the desks that book and price them."""

from collections.abc import Iterable

from django.db.models import QuerySet

from pilotline.desks.registry.models import Facility, Resource
from pilotline.desks.registry.queries.facilities import own_facilities
from pilotline.desks.registry.rules.access import may_edit, may_see
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import NotAllowed, NotFound


def resource(*, who: Actor, id: int) -> Resource:
    """One active resource with its facility, for those who may see the facility."""
    found = _active().filter(pk=id).first()
    if found is None or not may_see(who, found.facility):
        raise NotFound
    return found


def editable_resource(*, who: Actor, id: int) -> Resource:
    """The same for those who may change the facility; NotFound or NotAllowed for others."""
    found = resource(who=who, id=id)
    if not may_edit(who, found.facility):
        raise NotAllowed
    return found


def own_resources(*, who: Actor) -> QuerySet[Resource]:
    """Active resources of the facilities that the actor operates."""
    return _active().filter(facility__in=own_facilities(who)).order_by("facility", "position", "id")


def resources_of(facilities: Iterable[int]) -> QuerySet[Resource]:
    """Active resources of these published facilities."""
    published = {"facility__in": list(facilities), "facility__status": Facility.Status.PUBLISHED}
    return _active().filter(**published).order_by("facility", "position", "id")


def active_ids(facility: int) -> set[int]:
    """The numbers of a facility's active resources."""
    active = Resource.objects.filter(facility=facility, status=Resource.Status.ACTIVE)
    return set(active.values_list("pk", flat=True))


def _active() -> QuerySet[Resource]:
    found = Resource.objects.filter(status=Resource.Status.ACTIVE)
    return found.select_related("facility")
