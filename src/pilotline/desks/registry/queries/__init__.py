"""What the registry answers."""

from pilotline.desks.registry.queries.facilities import (
    claims,
    counts_by_kind,
    counts_by_region,
    counts_by_tier,
    editable_facility,
    facilities,
    facility,
    my_facilities,
    public_facility,
    resource,
)
from pilotline.desks.registry.queries.offers import (
    Offer,
    OfferedValue,
    catalogue_version,
    offer,
    offers,
    offers_changed_since,
)
from pilotline.desks.registry.queries.search import Hit, Results, search

__all__ = [
    "Hit",
    "Offer",
    "OfferedValue",
    "Results",
    "catalogue_version",
    "claims",
    "counts_by_kind",
    "counts_by_region",
    "counts_by_tier",
    "editable_facility",
    "facilities",
    "facility",
    "my_facilities",
    "offer",
    "offers",
    "offers_changed_since",
    "public_facility",
    "resource",
    "search",
]
