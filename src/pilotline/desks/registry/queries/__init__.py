"""What the registry answers."""

from pilotline.desks.registry.queries.counter import (
    Place,
    facility_for_match,
    facility_versions,
    offers_for,
)
from pilotline.desks.registry.queries.facilities import (
    answering,
    certificates,
    claims,
    counts_by_kind,
    counts_by_region,
    counts_by_tier,
    editable_facility,
    facilities,
    facility,
    governed_facilities,
    known_regions,
    my_facilities,
    operated_count,
    own_facilities,
    public_facility,
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
from pilotline.desks.registry.queries.papers import open_paper, paper_names
from pilotline.desks.registry.queries.resources import (
    editable_resource,
    own_resources,
    resource,
    resources_of,
)
from pilotline.desks.registry.queries.search import Hit, Results, search
from pilotline.desks.registry.queries.standing import standing_of

__all__ = [
    "Hit",
    "Offer",
    "OfferedValue",
    "Place",
    "Results",
    "annotated_file",
    "answering",
    "catalogue_version",
    "certificates",
    "claims",
    "counts_by_kind",
    "counts_by_region",
    "counts_by_tier",
    "editable_facility",
    "editable_resource",
    "export_csv",
    "export_xlsx",
    "facilities",
    "facility",
    "facility_for_match",
    "facility_versions",
    "governed_facilities",
    "import_file",
    "import_files",
    "known_regions",
    "my_facilities",
    "offer",
    "offers",
    "offers_changed_since",
    "offers_for",
    "open_paper",
    "operated_count",
    "own_facilities",
    "own_resources",
    "paper_names",
    "plan_of",
    "public_facility",
    "resource",
    "resources_of",
    "search",
    "standing_of",
]
