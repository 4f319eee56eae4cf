"""What the registry answers."""

from pilotline.desks.registry.queries.offers import (
    Offer,
    OfferedValue,
    catalogue_version,
    offer,
    offers,
    offers_changed_since,
)

__all__ = [
    "Offer",
    "OfferedValue",
    "catalogue_version",
    "offer",
    "offers",
    "offers_changed_since",
]
