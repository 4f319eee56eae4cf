"""What the registry answers."""

from pilotline.desks.registry.queries.counter import (
    Place,
    facility_for_match,
    facility_versions,
    offers_for,
)
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
from pilotline.desks.registry.queries.files import (
    annotated_file,
    export_csv,
    export_xlsx,
    import_file,
    import_files,
    plan_of,
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
    "Place",
    "Results",
    "annotated_file",
    "catalogue_version",
    "claims",
    "counts_by_kind",
    "counts_by_region",
    "counts_by_tier",
    "editable_facility",
    "export_csv",
    "export_xlsx",
    "facilities",
    "facility",
    "facility_for_match",
    "facility_versions",
    "import_file",
    "import_files",
    "my_facilities",
    "offer",
    "offers",
    "offers_changed_since",
    "offers_for",
    "plan_of",
    "public_facility",
    "resource",
    "search",
]
