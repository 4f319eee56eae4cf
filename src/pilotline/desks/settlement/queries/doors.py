"""Which rows each door shows: one's own, an operator's, those of an authority's regions."""

from typing import Any

from django.db.models import Q, QuerySet

from pilotline.kernel.actor import Actor, significant
from pilotline.kernel.errors import NotAllowed


def seen_from(
    rows: QuerySet[Any], who: Actor, door: str, *, payer: str, payee: str, regions: tuple[str, ...]
) -> QuerySet[Any]:
    """The rows of a door. `payer` and `payee` are paths to organisations, `regions` paths to
    GB/T 2260 codes of which one must lie in the authority's regions."""
    if who.is_system:
        return rows
    if door == "applicant":  # who belongs nowhere yet sees an empty list
        return rows.filter(**{f"{payer}__in": who.organisations})
    if door == "operator" and who.has("operator"):
        return rows.filter(**{f"{payee}__in": who.organisations})
    if door == "authority" and who.has("authority"):
        wanted = Q(pk__in=[])
        for region in who.regions:
            for path in regions:
                wanted |= Q(**{f"{path}__startswith": significant(region)})
        return rows.filter(wanted)
    raise NotAllowed
