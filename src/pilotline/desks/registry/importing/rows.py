"""From a sheet to rows: which are data, which are titles, totals and remarks, what each says."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from pilotline.desks.registry.importing import cells
from pilotline.desks.registry.importing.cells import Unclear
from pilotline.desks.registry.importing.headers import Header, key_of
from pilotline.desks.registry.importing.sheets import Sheet, cell_name, text_of

_TOTAL = re.compile(r"(合计|总计|小计|共计|总数|total|subtotal|sum)[\s:：]*\d*", re.IGNORECASE)
_REMARK = re.compile(r"(注|备注|说明|填表|填报|制表|审核|联系人|note|remark)", re.IGNORECASE)
_SEVERAL = re.compile(r"[;；\n]+")

READERS: dict[str, Callable[[Any], Any]] = {
    "latitude": cells.read_number,
    "longitude": cells.read_number,
    "quantity": cells.read_whole,
    "headcount": text_of,
    "opened_year": cells.read_year,
    "year": cells.read_year,
    "made_year": cells.read_year,
    "load": cells.read_whole,
    "tier_date": cells.read_day,
    "since": lambda value: cells.read_day(value)[0],
    "load_stated_on": lambda value: cells.read_day(value)[0],
    "available_from": lambda value: cells.read_day(value)[0],
    "measured_on": lambda value: cells.read_day(value)[0],
    "valid_from": lambda value: cells.read_day(value)[0],
    "valid_to": lambda value: cells.read_day(value)[0],
}


@dataclass(frozen=True, slots=True)
class Statement:
    """A text stated for an attribute in one cell; `unit` is what the heading says."""

    attribute: str
    written: str
    unit: str
    cell: str


@dataclass(slots=True)
class Row:
    """One data row. `values` by column key; `problems` are pairs of cell and text."""

    sheet: str
    number: int
    kind: str
    values: dict[str, Any] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    statements: list[Statement] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    ignored: str = ""

    def text(self, key: str) -> str:
        return text_of(self.values.get(key))

    def wrong(self, key: str, text: Any) -> None:
        """A problem at the column's cell, or at the row when there is no such column."""
        self.problems.append((self.places.get(key, ""), str(text)))


def rows_of(sheet: Sheet, header: Header) -> Iterator[Row]:
    """All filled rows below the header, those that are no data with the reason why."""
    sheet.filled()
    facility = ""
    for number in sorted(n for n in sheet.rows if n > header.row):
        given = sheet.rows[number]
        row = Row(sheet.name, number, header.kind)
        row.ignored = _why_no_data(given, header)
        if not row.ignored:
            _read(row, given, header, sheet)
            facility = _carry(row, facility)
        yield row


def _why_no_data(given: dict[int, Any], header: Header) -> str:
    texts = [t for t in (text_of(given[n]) for n in sorted(given)) if t]
    if not texts:
        return _("empty")
    known = [n for n in given if n in header.columns or n in header.attributes]
    if _TOTAL.match(texts[0]) or _TOTAL.fullmatch(text_of(given.get(header.column("name") or 0))):
        return _("a total, not a record")
    if len(texts) == 1 and _REMARK.match(texts[0]):
        return _("a remark")
    name = header.column("name") or header.column("facility") or 0
    if len(texts) == 1 and len(header.columns) > 2 and (name not in given or len(texts[0]) > 40):
        return _("a heading")
    if _repeats_header(given, header):
        return _("the heading once more")
    return "" if known else _("nothing in the known columns")


def _repeats_header(given: dict[int, Any], header: Header) -> bool:
    """A list printed over several pages repeats its heading."""
    names = [key_of(text_of(given[n])) for n in header.columns if n in given]
    return len(names) > 1 and names == [header.headings[n] for n in header.columns if n in given]


def _carry(row: Row, facility: str) -> str:
    """A blank cell below a facility's name means the same facility."""
    if row.kind == "facilities":
        return ""
    if not row.text("facility") and not row.text("code") and facility:
        row.values["facility"] = facility
    return row.text("facility") or facility


def _read(row: Row, given: dict[int, Any], header: Header, sheet: Sheet) -> None:
    for column, value in sorted(given.items()):
        place = cell_name(row.number, column)
        if isinstance(value, str) and re.fullmatch(r"#[A-Z/0!?]{2,8}[!?]?", value):
            row.problems.append((place, _("The formula in this cell ends in an error.")))
        elif column in header.columns:
            key = header.columns[column]
            row.places[key] = place
            _value(row, key, value)
        elif column in header.attributes:
            attribute, unit = header.attributes[column]
            row.statements += (
                Statement(attribute.id, part.strip(), unit, place)
                for part in _SEVERAL.split(text_of(value))
                if part.strip() not in ("", "-", "/", "—", "无")
            )
    for number, column in sheet.formulas:
        if number == row.number and (column in header.columns or column in header.attributes):
            words = _(
                "This cell holds a formula without a stored value. Open the file and save it."
            )
            row.problems.append((cell_name(number, column), words))


def _value(row: Row, key: str, value: Any) -> None:
    if text_of(value) in ("", "-", "/", "—", "——"):
        return
    try:
        row.values[key] = READERS.get(key, text_of)(value)
    except Unclear as unclear:
        row.wrong(key, unclear)
