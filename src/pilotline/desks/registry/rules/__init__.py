"""Who may do what in the registry, what a record must satisfy, how good a record is."""

from pilotline.desks.registry.rules.access import (
    may_claim,
    may_create,
    may_decide_tier,
    may_edit,
    may_import_official,
    may_see,
)
from pilotline.desks.registry.rules.quality import quality_of
from pilotline.desks.registry.rules.vocabulary import (
    ELSEWHERE,
    Reading,
    process_attribute,
    read_statement,
    show_statement,
)

__all__ = [
    "ELSEWHERE",
    "Reading",
    "may_claim",
    "may_create",
    "may_decide_tier",
    "may_edit",
    "may_import_official",
    "may_see",
    "process_attribute",
    "quality_of",
    "read_statement",
    "show_statement",
]
