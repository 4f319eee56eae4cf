"""What the registry does. Every change is one function: guard, write, search words, journal."""

from pilotline.desks.registry.services.capabilities import (
    add_certificate,
    remove_capability,
    remove_certificate,
    set_capability,
    turn_certificates,
)
from pilotline.desks.registry.services.facilities import (
    archive_facility,
    create_facility,
    publish_facility,
    update_facility,
)
from pilotline.desks.registry.services.files import content_digest, keep_content
from pilotline.desks.registry.services.filling import fill_facility
from pilotline.desks.registry.services.importing import (
    CATALOGUE,
    OFFICIAL,
    Upload,
    apply_import,
    forget_old_imports,
    plan_import,
)
from pilotline.desks.registry.services.leaving import release_facilities
from pilotline.desks.registry.services.papers import attach_paper, remove_paper, show_paper
from pilotline.desks.registry.services.resources import (
    add_resource,
    retire_resource,
    update_resource,
)
from pilotline.desks.registry.services.tiers import answer_claim, claim_facility, decide_tier

__all__ = [
    "CATALOGUE",
    "OFFICIAL",
    "Upload",
    "add_certificate",
    "add_resource",
    "answer_claim",
    "apply_import",
    "archive_facility",
    "attach_paper",
    "claim_facility",
    "content_digest",
    "create_facility",
    "decide_tier",
    "fill_facility",
    "forget_old_imports",
    "keep_content",
    "plan_import",
    "publish_facility",
    "release_facilities",
    "remove_capability",
    "remove_certificate",
    "remove_paper",
    "retire_resource",
    "set_capability",
    "show_paper",
    "turn_certificates",
    "update_facility",
    "update_resource",
]
