"""What one cell says: numbers, days, prices, entries of the rulebook. Plain texts stay texts."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from pilotline.desks.registry.importing.columns import KIND_NAMES, STATUS_NAMES
from pilotline.desks.registry.importing.headers import key_of
from pilotline.desks.registry.importing.sheets import text_of
from pilotline.kernel.numerals import number, plain
from pilotline.rulebook import Rulebook

_DAY = re.compile(
    r"((?:19|20)\d\d)(?:\s*[-/.年]\s*(\d{1,2})(?:\s*[-/.月]\s*(\d{1,2})\s*日?)?\s*月?|\s*年)?"
    r"(?:[ T]\d\d:\d\d.*)?"
)
_PRICE = re.compile(
    r"[¥￥]?\s*(?P<amount>\d[\d,]*(?:\.\d+)?)\s*(?P<times>万)?\s*(?:元|CNY|RMB|yuan)?"
    r"(?:\s*(?:/|每|per )\s*(?P<unit>.{1,30}))?",
    re.IGNORECASE,
)
_PARTS = re.compile(r"[;；、,，|\n]+")
_MONEY = re.compile(r"^(万)?元\s*(?:/|每)?\s*|^(?:per|CNY|RMB)\s+|^每", re.IGNORECASE)
_INSIDE = re.compile(r"(?<=\S)元\s*/\s*")


class Unclear(Exception):
    """A cell that does not say what its column asks; the text says why."""


@dataclass(frozen=True, slots=True)
class Price:
    """An amount in yuan with what it is for; `note` keeps a price that is no single figure."""

    amount: Decimal | None
    unit: str
    note: str


def read_number(value: Any) -> Decimal:
    text = plain(text_of(value)).strip().rstrip("%台套个人年").strip()
    found = number(text.removeprefix("-")) if text else None
    if found is None:
        raise Unclear(_("“%(text)s” is not a number.") % {"text": text_of(value)})
    return -found if text.startswith("-") else found


def read_whole(value: Any) -> int:
    found = read_number(value)
    if found != found.to_integral_value() or abs(found) > 10**9:
        raise Unclear(_("“%(text)s” is not a whole number.") % {"text": text_of(value)})
    return int(found)


def read_day(value: Any) -> tuple[date, bool]:
    """A day, and whether it is exact: a year alone is its first day."""
    if isinstance(value, datetime):
        return value.date(), True
    if isinstance(value, date):
        return value, True
    found = _DAY.fullmatch(plain(text_of(value)).strip())
    try:
        if found is not None:
            year, month, day = found.groups()
            return date(int(year), int(month or 1), int(day or 1)), bool(day)
    except ValueError:
        pass
    raise Unclear(_("“%(text)s” is not a day. Write 2026-11-22.") % {"text": text_of(value)})


def read_year(value: Any) -> int:
    """`2024`, `2024年`, or the year of a day."""
    return read_day(value)[0].year


def read_price(value: Any, *, unit: str = "") -> Price:
    """`0.35万元/天`, `27000`; what is no single figure (`面议`, `200-400`) becomes a note.

    `unit` is what the column or its heading says: `元/天`, `万元`, `per hour`.
    """
    text = plain(text_of(value)).strip()
    found = _PRICE.fullmatch(text)
    if found is None:
        return Price(None, "", text_of(value))
    amount = Decimal(found["amount"].replace(",", ""))
    if found["times"] or (unit.startswith("万") and "元" not in text):
        amount *= 10_000
    return Price(amount, (found["unit"] or bare_unit(unit)).strip(), "")


def bare_unit(text: str) -> str:
    """`元/天` → `天`, `定性 元/样` → `定性 样`."""
    ordinary = _MONEY.sub("", plain(text).strip())
    return _INSIDE.sub("", re.sub(r"\s元\s*/\s*", " ", ordinary))[:40]


def parts(text: str) -> list[str]:
    """The single words of a listing cell."""
    return [part.strip() for part in _PARTS.split(text) if part.strip()]


def entry_in(rulebook: Rulebook, kind: str, text: str) -> str | None:
    """The id of the rulebook entry that a text names: whole, or the longest name inside it."""
    return _named(((e.id, _names(e)) for e in rulebook.listing(kind)), text)


def _names(entry: Any) -> tuple[str, ...]:
    short = getattr(entry, "short", None)
    more = (short.zh, short.en) if short else ()
    return (entry.id, entry.title.zh, entry.title.en, *more, *getattr(entry, "synonyms", ()))


def _named(entries: Iterable[tuple[str, Iterable[str]]], text: str) -> str | None:
    wanted = key_of(text)
    best, length = None, 0
    for entry_id, names in entries:
        for name in map(key_of, names):
            if name == wanted:
                return entry_id
            if length < len(name) and len(name) >= 2 and name in wanted:
                best, length = entry_id, len(name)
    return best


def entries_in(rulebook: Rulebook, kind: str, text: str) -> tuple[list[str], list[str]]:
    """Ids of all that a listing cell names, and the words that name nothing."""
    found, unknown = [], []
    for part in parts(text):
        entry = entry_in(rulebook, kind, part)
        found += [entry] if entry else []
        unknown += [] if entry else [part]
    return list(dict.fromkeys(found)), unknown


def kind_in(text: str) -> str:
    found = _named(((k, (k, *names)) for k, names in KIND_NAMES.items()), text)
    if found is None:
        offered = "、".join(names[0] for names in KIND_NAMES.values())
        raise Unclear(
            _("“%(text)s” is none of these: %(offered)s") % {"text": text, "offered": offered}
        )
    return found


def status_in(text: str) -> str:
    found = _named(((k, names) for k, names in STATUS_NAMES.items()), text)
    if found is None:
        raise Unclear(_("“%(text)s” is not a status.") % {"text": text})
    return found
