"""Who may do what in the registry, what a record must satisfy, how good a record is."""

from pilotline.desks.registry.rules.access import (
    may_claim,
    may_create,
    may_decide_tier,
    may_edit,
    may_import_official,
    may_open_paper,
    may_see,
)
from pilotline.desks.registry.rules.files import file_name, problems_of_file
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
    "file_name",
    "may_claim",
    "may_create",
    "may_decide_tier",
    "may_edit",
    "may_import_official",
    "may_open_paper",
    "may_see",
    "problems_of_file",
    "process_attribute",
    "quality_of",
    "read_statement",
    "show_statement",
]
