"""Tariffs that hold, their older versions, and the cost behind an hour's price."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet

from pilotline.desks.booking.models import CostBasis, Tariff
from pilotline.desks.registry import queries as registry
from pilotline.desks.registry.rules.access import governs
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import NotAllowed, NotFound


def in_force(on: date, **where: Any) -> QuerySet[Tariff]:
    """The latest versions that have begun by the day and have not ended.

    A later version supersedes from its first day on, even one that has ended meanwhile.
    """
    begun = Tariff.objects.filter(valid_from__lte=on, **where)
    newest = begun.order_by("facility_id", "resource_id", "-version").distinct(
        "facility_id", "resource_id"
    )
    living = Q(valid_to=None) | Q(valid_to__gt=on)
    return Tariff.objects.filter(living, pk__in=newest.values("pk"))


def tariffs_for(facility: int, resources: Iterable[int], on: date) -> list[Tariff]:
    """What may price uses of these resources on that day: their own tariffs and the facility's."""
    own = Q(resource__in=list(resources)) | Q(resource=None)
    return list(in_force(on, facility=facility).filter(own).order_by("id"))


def tariffs_at(
    facilities: Iterable[int], resources: Iterable[int], on: date
) -> dict[int, list[Tariff]]:
    """The same for several facilities at once, by facility (one query)."""
    own = Q(resource__in=list(resources)) | Q(resource=None)
    found: dict[int, list[Tariff]] = {}
    for row in in_force(on, facility__in=list(facilities)).filter(own).order_by("id"):
        found.setdefault(row.facility_id, []).append(row)
    return found


def has_prices(facility: int, on: date) -> bool:
    """True when a facility has a tariff in force."""
    return in_force(on, facility=facility).exists()


def price_list(found: Any, on: date) -> list[Tariff]:
    """The tariffs in force of a facility, which was fetched for its reader with all that is below
    it; the facility's own first."""
    rows = in_force(on, facility=found.pk).select_related("resource").order_by("resource_id", "id")
    active = {r.pk for r in found.active}
    listed = [row for row in rows if row.resource_id is None or row.resource_id in active]
    return sorted(listed, key=lambda row: (row.resource_id is not None, row.resource_id or 0))


def tariff_versions(*, who: Actor, code: str, resource: int | None) -> QuerySet[Tariff]:
    """All versions of one tariff, newest first, for those who may change the facility."""
    return versions_of(registry.editable_by(who, code), resource)


def versions_of(found: Any, resource: int | None) -> QuerySet[Tariff]:
    """The same of a facility that was fetched for who may change it."""
    return Tariff.objects.filter(facility=found.pk, resource=resource).order_by("-version")


def newest_of(*, who: Actor, code: str) -> QuerySet[Tariff]:
    """The newest version of every tariff of one facility, begun or not, for those who may change
    it; the facility's own first."""
    found = registry.editable_by(who, code)
    newest = (
        Tariff.objects.filter(facility=found.pk)
        .order_by("facility_id", "resource_id", "-version")
        .distinct("facility_id", "resource_id")
    )
    rows = Tariff.objects.filter(pk__in=newest.values("pk")).select_related("facility", "resource")
    return rows.order_by(F("resource").asc(nulls_first=True))


def latest_tariff(facility: int, resource: int | None) -> Tariff | None:
    """The newest version, whether it has begun or not."""
    rows = Tariff.objects.filter(facility=facility, resource=resource)
    return rows.order_by("-version").first()


def cost_basis(*, who: Actor, code: str, resource: int) -> CostBasis | None:
    """The cost behind an hour of a resource, for its operator, its authority, or, once the
    operator shows it, for everybody who sees the facility."""
    found = registry.visible_by(who, code)
    if resource not in registry.active_ids(found.pk):
        raise NotFound
    basis = CostBasis.objects.filter(resource=resource).order_by("-version").first()
    if basis is None or basis.is_public or _is_insider(who, found):
        return basis
    return None


def _is_insider(who: Actor, facility: Any) -> bool:
    return (
        who.is_system
        or who.belongs_to(facility.operator_id)
        or governs(who, facility.region, writes=False)
    )


def latest_bases(resources: Iterable[int]) -> dict[int, CostBasis]:
    """The newest cost basis of each of these resources, for this desk's own pages."""
    rows = CostBasis.objects.filter(resource__in=list(resources))
    newest = rows.order_by("resource_id", "-version").distinct("resource_id")
    return {row.resource_id: row for row in newest}


def priced_resources(*, who: Actor, on: date) -> list[Tariff]:
    """Tariffs in force of single resources of published facilities in an authority's regions."""
    if not who.has("authority"):
        raise NotAllowed
    rows = (
        in_force(on, resource__isnull=False)
        .filter(facility__status="published", resource__status="active")
        .select_related("resource", "facility")
        .order_by("facility__code", "resource_id")
    )
    return [row for row in rows if governs(who, row.facility.region, writes=False)]
