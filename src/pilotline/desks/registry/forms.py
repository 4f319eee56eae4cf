"""How a list is opened and given back, for the lists of this desk and of those above."""

from pilotline.desks.registry.importing.annotating import annotated
from pilotline.desks.registry.importing.headers import DEEPEST, key_of
from pilotline.desks.registry.importing.opening import open_file
from pilotline.desks.registry.importing.plan import (
    CHANGED,
    IGNORED,
    NEW,
    REFUSED,
    SAME,
    Fate,
    Plan,
)
from pilotline.desks.registry.importing.sheets import (
    Book,
    Sheet,
    UnreadableFile,
    cell_name,
    text_of,
)
from pilotline.desks.registry.importing.workbook import Table, workbook

__all__ = [
    "CHANGED",
    "DEEPEST",
    "IGNORED",
    "NEW",
    "REFUSED",
    "SAME",
    "Book",
    "Fate",
    "Plan",
    "Sheet",
    "Table",
    "UnreadableFile",
    "annotated",
    "cell_name",
    "key_of",
    "open_file",
    "text_of",
    "workbook",
]
