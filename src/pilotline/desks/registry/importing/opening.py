"""From bytes to sheets. What is dangerous, broken or too large is refused with a plain sentence."""

from django.utils.translation import gettext_lazy as _

from pilotline.desks.registry.importing.csv_text import open_csv
from pilotline.desks.registry.importing.sheets import Book, UnreadableFile
from pilotline.desks.registry.importing.xlsx import open_xlsx
from pilotline.rulebook import Rulebook

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"


def open_file(name: str, content: bytes, rulebook: Rulebook) -> Book:
    """Sheets of an xlsx or CSV. The file's beginning decides what it is, not its name.

    Raises UnreadableFile.
    """
    extension = name.rpartition(".")[2].lower()
    if extension not in ("xlsx", "csv", "txt"):
        raise UnreadableFile(_("Lists are taken as xlsx or CSV. Save the list as one of these."))
    limit = rulebook.upload_for(name)
    if limit is not None and len(content) > limit.max_bytes:
        words = _("The file is larger than %(most)d MB.")
        raise UnreadableFile(words % {"most": limit.max_bytes // 1024 // 1024})
    if not content:
        raise UnreadableFile(_("The file is empty."))
    if content.startswith(OLE):
        words = _("This is an old xls file, or a workbook with a password. Save it as plain xlsx.")
        raise UnreadableFile(words)
    if content.startswith(ZIP):
        return open_xlsx(content)
    if extension == "xlsx":
        raise UnreadableFile(_("This is not an xlsx file, whatever its name says."))
    return open_csv(content)
