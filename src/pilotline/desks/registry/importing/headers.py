"""Finding the header row of a sheet, and what each of its columns is."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pilotline.desks.registry.importing.columns import KINDS, NEEDED
from pilotline.desks.registry.importing.sheets import Sheet, text_of
from pilotline.desks.registry.rules.vocabulary import ELSEWHERE
from pilotline.kernel.numerals import plain
from pilotline.kernel.units import canonical
from pilotline.rulebook import Attribute, Rulebook

# How many filled rows may stand above the header: titles, dates, instructions.
DEEPEST = 25
_BRACKETS = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]|【([^【】]*)】")
_SIGNS = re.compile(r"[\s*:：、,，.。_\-/\\()\[\]【】]+")
_STROKE = re.compile(r"([^/,]*)([/,]?)(.*)", re.DOTALL)
NUMBERING = frozenset({"序号", "编号", "no", "no.", "recordid", "行号", "#", "id"})


@dataclass(frozen=True, slots=True)
class Header:
    """What a sheet's columns are.

    By column number: `columns` the key of columns.py, `headings` what stands there, `attributes`
    the attribute and the unit written in the heading, `unknown` headings that mean nothing here.
    By key: `remarks`, what stands in brackets after the name.
    """

    kind: str
    row: int
    columns: Mapping[int, str]
    headings: Mapping[int, str]
    attributes: Mapping[int, tuple[Attribute, str]]
    remarks: Mapping[str, str]
    unknown: Mapping[int, str]

    def column(self, key: str) -> int | None:
        return next((n for n, k in self.columns.items() if k == key), None)


def find_header(sheet: Sheet, rulebook: Rulebook, *, wanted: str = "") -> Header | None:
    """The row among the first ones of which most is understood; None when none is a header.

    `wanted` narrows to one kind of list.
    """
    best: tuple[int, Header] | None = None
    attributes = _attribute_names(rulebook)
    for row in sorted(sheet.rows)[:DEEPEST]:
        # Values of one merged title count once: a title over all columns is no header.
        cells = {n: text_of(v) for n, v in sheet.widened(row).items()}
        for kind in [wanted] if wanted else KINDS:
            header = _understood(kind, row, cells, attributes)
            if header is None:
                continue
            score = len(header.columns) + len(header.attributes)
            if best is None or score > best[0] or (score == best[0] and _is_lower(row, best[1])):
                best = (score, header)
    return best[1] if best else None


def _is_lower(row: int, header: Header) -> bool:
    """Of two rows of one two-storeyed header the lower one stands directly above the data."""
    return row == header.row + 1


def _understood(
    kind: str, row: int, cells: Mapping[int, str], attributes: Mapping[str, Attribute]
) -> Header | None:
    names = {key_of(n): c.key for c in KINDS[kind] for n in reversed(c.names)}
    columns: dict[int, str] = {}
    stated: dict[int, tuple[Attribute, str]] = {}
    unknown: dict[int, str] = {}
    remarks: dict[str, str] = {}
    for number, text in sorted(cells.items()):
        whole = key_of(text)
        bare, remark = _parted(text)
        key = names.get(whole) or names.get(bare)
        attribute = attributes.get(whole) or attributes.get(bare)
        if key and key not in columns.values():
            columns[number] = key
            remarks[key] = remark
        elif attribute is not None and kind in ("facilities", "resources"):
            stated[number] = (attribute, canonical(remark) or "")
        elif whole not in NUMBERING:
            unknown[number] = text
    if not NEEDED[kind] <= set(columns.values()) or len(columns) + len(stated) < 2:
        return None
    headings = {n: key_of(text) for n, text in cells.items()}
    return Header(kind, row, columns, headings, stated, remarks, unknown)


def _parted(text: str) -> tuple[str, str]:
    """A heading without its unit or remark, and that: `容积(L)`, `温度/℃`, `价格(元/天)`."""
    ordinary = plain(text)
    inside = [part.strip() for found in _BRACKETS.findall(ordinary) for part in found if part]
    if inside:
        return key_of(_BRACKETS.sub("", ordinary)), inside[0]
    head, sign, tail = _STROKE.match(ordinary).groups()
    if sign and canonical(tail.strip()):
        return key_of(head), tail.strip()
    return key_of(ordinary), ""


def key_of(text: str) -> str:
    """A heading reduced to what counts: no blanks, stars, colons, case."""
    return _SIGNS.sub("", plain(text)).lower()


def _attribute_names(rulebook: Rulebook) -> dict[str, Attribute]:
    """The names of attributes; those kept elsewhere (processes, certificates) have own columns."""
    return {
        key_of(name): attribute
        for attribute in rulebook.attributes
        if attribute.id not in ELSEWHERE
        for name in reversed(attribute.names)
    }
