"""A sheet of prices read: which rows are one tariff, what each says, what cannot be read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from pilotline.desks.booking.forms.columns import (
    NEEDED,
    NO,
    YES,
    Column,
    by_heading,
    columns,
    words_of,
)
from pilotline.desks.booking.rules.tariff_texts import LIST, Unreadable, read_caps, read_tiers
from pilotline.desks.registry.forms import DEEPEST, Book, Sheet, cell_name, key_of, text_of
from pilotline.rulebook import Rulebook
from pilotline.rulebook.answers import as_number

HUNDRED = Decimal(100)
HALF, WEEK, MONTH = Decimal("0.5"), Decimal(5), Decimal("21.75")


@dataclass(slots=True)
class Row:
    """One filled row. `values` by column key, `cells` its cells' names; `problems` (cell, text)."""

    sheet: str
    number: int
    values: dict[str, Any] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)
    problems: list[tuple[str, str]] = field(default_factory=list)

    def wrong(self, key: str, text: str) -> None:
        self.problems.append((self.cells.get(key, ""), text))


@dataclass(slots=True)
class Draft:
    """The rows of one tariff, of a facility and a resource (both empty: of the whole facility).
    `code` names the resource where several are called alike."""

    facility: str
    resource: str
    code: str
    rows: list[Row]

    def first(self, key: str) -> Any:
        """What the first row that says something of the whole tariff says."""
        return next((r.values[key] for r in self.rows if r.values.get(key) not in (None, "")), None)


class Reader:
    """Reads a book with the words of one rulebook."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.columns = columns(rulebook)
        self.headings = by_heading(self.columns)
        self.words = {kind: words_of(kind) for kind in ("charge", "unit")}
        self.choices = {c.key: words_of(c.key) for c in self.columns if c.kind == "choice"}
        self.classes = [
            (c.id, name) for c in rulebook.user_classes for name in (c.title.zh, c.title.en)
        ]
        self.known = {n: id for id, name in self.classes for n in (name.lower(), id.lower())}

    def drafts(self, book: Book) -> tuple[list[Draft], list[str]]:
        """All tariffs in the order of the file, and remarks on sheets that were passed over."""
        found: dict[tuple[str, ...], Draft] = {}
        remarks = []
        for sheet in book.sheets:
            header = self._header(sheet)
            if header is None:
                if sheet.rows:
                    said = _("Sheet “%(name)s” has no headings of a list of prices.")
                    remarks.append(said % {"name": sheet.name})
                continue
            sheet.filled()
            for row in self._rows(sheet, *header):
                names = ("facility", "resource", "code")
                facility, resource, code = (str(row.values.get(name, "")) for name in names)
                draft = Draft(facility, resource, code, rows=[])
                found.setdefault((facility, resource, code), draft).rows.append(row)
        return list(found.values()), remarks

    def _header(self, sheet: Sheet) -> tuple[int, dict[int, Column]] | None:
        best: tuple[int, dict[int, Column]] | None = None
        for number in sorted(sheet.rows)[:DEEPEST]:
            cells = {n: key_of(text_of(v)) for n, v in sheet.rows[number].items()}
            known = {n: self.headings[key] for n, key in cells.items() if key in self.headings}
            keys = {column.key for column in known.values()}
            if keys >= NEEDED and (best is None or len(known) > len(best[1])):
                best = (number, known)
        return best

    def _rows(self, sheet: Sheet, above: int, known: Mapping[int, Column]) -> Iterator[Row]:
        for number in sorted(n for n in sheet.rows if n > above):
            row = Row(sheet.name, number)
            for column, what in known.items():
                text = text_of(sheet.rows[number].get(column))
                row.cells[what.key] = cell_name(number, column)
                if text:
                    row.values[what.key] = self._value(what, text, row)
            if row.values.get("title") or row.values.get("price") not in (None, ""):
                yield row

    def _value(self, column: Column, text: str, row: Row) -> Any:
        """What a cell says; what cannot be read is noted, or left to the tariff's own checks."""
        match column.kind:
            case "flag":
                if text.lower() in (*YES, *NO):
                    return text.lower() in YES
                row.wrong(column.key, _("Write yes or no."))
            case "charge" | "unit":
                return self.words[column.kind].get(text.lower(), text)
            case "choice":
                chosen = self.choices[column.key].get(text.lower())
                if chosen is None:
                    row.wrong(column.key, _("This word is not known here."))
                return chosen
            case "percent":
                number = as_number(text.rstrip("%％").strip())
                return text if number is None else f"{number / HUNDRED:f}"
            case "number":
                return text.replace(",", "").replace("，", "")
            case "classes":
                named = [one.strip() for one in LIST.split(text) if one.strip()]
                return [self.known.get(one.lower(), one) for one in named]
            case "tiers" | "caps":
                return self._lines(column.key, text, row)
            case "day":
                return self._day(column.key, text, row)
        return text if column.kind == "text" else None

    def _lines(self, key: str, text: str, row: Row) -> Any:
        try:
            return read_tiers(text) if key == "tiers" else read_caps(text, self.classes, {})
        except Unreadable as wrong:
            said = (
                _("Write each tier as 0-500: 100%%, not “%(line)s”.")
                if key == "tiers"
                else _("Write each cap as 600/month, not “%(line)s”.")
            )
            row.wrong(key, said % {"line": wrong})
            return []

    def _day(self, key: str, text: str, row: Row) -> date | None:
        plain = text.replace("/", "-").replace(".", "-")
        parts = plain.split("-")
        try:
            return date(*(int(part) for part in parts))
        except (TypeError, ValueError):
            row.wrong(key, _("There is no such day."))
            return None


def content_of(draft: Draft, ids: Mapping[tuple[str, ...], str], classes: list[str]) -> Any:
    """The tariff that these rows say, as the service takes it. `ids`: those of the entries of
    before, by what they charge for."""
    taken = {str(row.values["id"]) for row in draft.rows if row.values.get("id")}
    fresh = (f"e{n}" for n in range(1, 10_000) if f"e{n}" not in taken | set(ids.values()))
    entries = []
    for row in draft.rows:
        known = ids.get(place_of(row.values), "")
        name = row.values.get("id") or (known if known not in taken else "") or next(fresh)
        taken.add(str(name))
        entries.append(_entry(row.values, str(name), classes))
    factors = {c: draft.first(f"factor_{c}") for c in classes}
    content: dict[str, Any] = {
        "entries": entries,
        "factors": {c: f for c, f in factors.items() if f is not None},
        "urgent": draft.first("urgent"),
        "overhead": draft.first("overhead") or "0",
        "overhead_for": draft.first("overhead_for") or [],
        "tax": draft.first("tax") or "0",
        "tax_mode": draft.first("tax_mode") or "included",
    }
    day = draft.first("day_hours")
    if day is not None:
        number = as_number(day)
        lengths = {"half_day": HALF, "day": Decimal(1), "week": WEEK, "month": MONTH}
        content["hours"] = {
            name: day if number is None else f"{number * length:f}"
            for name, length in lengths.items()
        }
    return content


def place_of(values: Mapping[str, Any]) -> tuple[str, ...]:
    """What an entry charges for: the same thing is the same entry, whatever its price."""
    return tuple(str(values.get(name) or "") for name in ("kind", "unit", "what", "title"))


def _entry(values: Mapping[str, Any], name: str, classes: list[str]) -> dict[str, Any]:
    texts = {n: values.get(n) or "" for n in ("title", "title_en", "kind", "unit", "what", "group")}
    numbers = {n: values.get(n) or "" for n in ("price", "minimum", "step")}
    own = {c: values.get(f"price_{c}") for c in classes}
    return {
        "id": name,
        **texts,
        **{n: number for n, number in numbers.items() if number != "" or n == "price"},
        "each_use": values.get("each_use") is True,
        "by_class": values.get("by_class") is not False,
        "when_urgent": values.get("when_urgent") is not False,
        "tiers": values.get("tiers") or [],
        "tiers_rule": values.get("tiers_rule") or "whole",
        "tiers_over": values.get("tiers_over") or "use",
        "tiers_for": values.get("tiers_for") or [],
        "caps": values.get("caps") or [],
        "prices": {c: price for c, price in own.items() if price not in (None, "")},
        **({} if values.get("further") is None else {"further": values["further"]}),
    }
