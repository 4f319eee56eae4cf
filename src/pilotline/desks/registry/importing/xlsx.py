"""Opening a workbook. Only stored values are read: nothing is calculated, followed or run."""

import io
import re
import zipfile
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring, iterparse
from django.utils.translation import gettext_lazy as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from pilotline.desks.registry.importing.sheets import (
    MOST_COLUMNS,
    MOST_MERGES,
    MOST_ROWS,
    MOST_SHEETS,
    Book,
    Merge,
    Sheet,
    UnreadableFile,
    too_many_columns,
    too_many_rows,
)

# A list of 2,000 rows unpacks to a few megabytes; text packs at most some thirty times.
MOST_UNPACKED = 60 * 1024 * 1024
MOST_RATIO = 200
MOST_PARTS = 2_000
MOST_CELLS = 400_000
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
BROKEN = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    InvalidFileException,
    ParseError,
    DefusedXmlException,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
)


def open_xlsx(content: bytes) -> Book:
    """Visible sheets with values as stored. Raises UnreadableFile."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            _check_package(packed)
            return _read(content, packed)
    except UnreadableFile:
        raise
    except BROKEN as fault:
        words = _("This workbook is damaged or not a workbook. Open it, save it anew, try again.")
        raise UnreadableFile(words, cause=repr(fault)) from fault


def _check_package(packed: zipfile.ZipFile) -> None:
    parts = packed.infolist()
    names = {part.filename.lower() for part in parts}
    unpacked = sum(part.file_size for part in parts)
    squeezed = sum(part.compress_size for part in parts)
    if (
        len(parts) > MOST_PARTS
        or unpacked > MOST_UNPACKED
        or unpacked > MOST_RATIO * (squeezed + 10_000)
    ):
        raise UnreadableFile(_("This file unpacks to far more than a list needs."))
    if "[content_types].xml" not in names:
        raise UnreadableFile(_("This is a zip file, not a workbook."))
    kinds = packed.read("[Content_Types].xml").lower()
    if b"macroenabled" in kinds or any(name.endswith("vbaproject.bin") for name in names):
        raise UnreadableFile(_("This workbook holds macros. Save it as xlsx without macros."))
    if any(name.startswith("xl/externallinks/") for name in names):
        words = _("This workbook takes values from other files. Paste them as values and save.")
        raise UnreadableFile(words)


def _read(content: bytes, packed: zipfile.ZipFile) -> Book:
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    try:
        shown = [s for s in book.worksheets if s.sheet_state == "visible"]
        if len(shown) > MOST_SHEETS:
            words = _("A workbook may have at most %(most)d sheets.") % {"most": MOST_SHEETS}
            raise UnreadableFile(words)
        places = _places(packed)
        return Book(tuple(_sheet(sheet, packed, places.get(sheet.title)) for sheet in shown))
    finally:
        book.close()


def _places(packed: zipfile.ZipFile) -> dict[str, str]:
    """Where in the package each sheet lies."""
    links = fromstring(packed.read("xl/_rels/workbook.xml.rels"))
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    sheets = fromstring(packed.read("xl/workbook.xml")).iter(f"{MAIN}sheet")
    found = {s.get("name", ""): targets.get(s.get(LINK), "") for s in sheets}
    return {
        name: target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        for name, target in found.items()
    }


def _sheet(sheet: Any, packed: zipfile.ZipFile, place: str | None) -> Sheet:
    # The declared size of a sheet is a claim; a million rows may be declared and five be filled.
    sheet.reset_dimensions()
    rows: dict[int, dict[int, Any]] = {}
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        values = {c.column: c.value for c in cells if c.value not in (None, "")}
        if not values:
            continue
        if len(rows) >= MOST_ROWS:
            raise too_many_rows()
        if max(values) > MOST_COLUMNS:
            raise too_many_columns()
        rows[number] = values
    merges, formulas = _marks(packed, place) if place in packed.namelist() else ([], set())
    return Sheet(sheet.title, rows, merges, formulas)


def _marks(packed: zipfile.ZipFile, place: str | None) -> tuple[list[Merge], set[tuple[int, int]]]:
    """Merged ranges, and the cells whose formula has no stored value."""
    merges: list[Merge] = []
    formulas: set[tuple[int, int]] = set()
    cells = 0
    with packed.open(place or "") as part:
        for _event, element in iterparse(part):
            if element.tag == f"{MAIN}mergeCell":
                merges += _merge(element.get("ref", ""))
                if len(merges) > MOST_MERGES:
                    raise UnreadableFile(_("This sheet has too many merged cells."))
            elif element.tag == f"{MAIN}c":
                formulas |= _unknown(element)
                cells += 1
                if cells > MOST_CELLS:
                    words = _("This sheet has too many cells, filled or formatted.")
                    raise UnreadableFile(words)
            if element.tag in (f"{MAIN}row", f"{MAIN}mergeCell"):
                element.clear()
    return merges, formulas


def _merge(ref: str) -> list[Merge]:
    ends = [_at(end) for end in ref.split(":")]
    if len(ends) != 2 or None in ends:
        return []
    (top, left), (bottom, right) = ends
    # A heading merged over a whole column says nothing about a million rows.
    return [Merge(top, left, min(bottom, top + MOST_ROWS), min(right, left + MOST_COLUMNS))]


def _unknown(cell: Element) -> set[tuple[int, int]]:
    value = cell.find(f"{MAIN}v")
    if cell.find(f"{MAIN}f") is None or (value is not None and value.text):
        return set()
    at = _at(cell.get("r", ""))
    return {at} if at else set()


def _at(name: str) -> tuple[int, int] | None:
    found = CELL.fullmatch(name.replace("$", ""))
    if found is None:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]), column
