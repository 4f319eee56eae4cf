"""How a tariff and a cost basis are written as plain JSON values, and read back strictly."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from pilotline.engines.pricing.buildup import CostBasis
from pilotline.engines.pricing.problem import ONE, TIMES, ZERO, Cap, Entry, Tariff, Tier
from pilotline.kernel.errors import Problem, refuse
from pilotline.kernel.numerals import tidy
from pilotline.rulebook import Rulebook
from pilotline.rulebook.answers import as_number

MOST_ENTRIES = 60
MOST_PARTS = 12
LONGEST = 80
ENTRY_TEXTS = (
    "id",
    "title",
    "title_en",
    "kind",
    "unit",
    "what",
    "tiers_rule",
    "tiers_over",
    "group",
)
ENTRY_NUMBERS = ("price", "minimum", "step", "further")
ENTRY_LISTS = ("prices", "tiers", "tiers_for", "caps")
ENTRY_FLAGS = ("each_use", "by_class", "when_urgent")
ENTRY_KEYS = frozenset((*ENTRY_TEXTS, *ENTRY_NUMBERS, *ENTRY_LISTS, *ENTRY_FLAGS))
TARIFF_KEYS = frozenset(
    ("entries", "factors", "urgent", "overhead", "overhead_for", "tax", "tax_mode", "hours")
)
BASIS_NUMBERS = (
    "value",
    "years",
    "hours",
    "maintenance_share",
    "maintenance",
    "consumables",
    "labour",
    "management_share",
    "management",
)
BASIS_KEYS = frozenset((*BASIS_NUMBERS, "others"))


class _Reader:
    """Takes values out of untrusted JSON and remembers everything that is wrong with them."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def wrong(self, code: str, text: Any, at: str) -> None:
        self.problems.append(Problem(code, text, at))

    def number(self, raw: Mapping[str, Any], key: str, at: str, default: Decimal) -> Decimal:
        given = raw.get(key)
        if given in (None, ""):
            return default
        found = as_number(given)
        if found is None:
            self.wrong("not-a-number", _("This is not a number."), f"{at}{key}")
            return default
        return found

    def text(self, raw: Mapping[str, Any], key: str, at: str, default: str = "") -> str:
        given = raw.get(key, default)
        if not isinstance(given, str) or len(given) > LONGEST or "\x00" in given:
            self.wrong("not-a-text", _("This is not a short text."), f"{at}{key}")
            return default
        return given

    def listed(self, raw: Mapping[str, Any], key: str, at: str, most: int) -> list[Any]:
        given = raw.get(key) or []
        if not isinstance(given, list) or len(given) > most:
            self.wrong("not-a-list", _("This is not a list, or too long a list."), f"{at}{key}")
            return []
        return given

    def mapped(self, raw: Mapping[str, Any], key: str, at: str) -> dict[str, Decimal]:
        given = raw.get(key) or {}
        if not isinstance(given, Mapping) or len(given) > MOST_PARTS:
            self.wrong("not-a-table", _("This is not a table of numbers."), f"{at}{key}")
            return {}
        return {str(k): self.number(given, k, f"{at}{key}.", ZERO) for k in given}

    def names(self, raw: Mapping[str, Any], key: str, at: str) -> tuple[str, ...]:
        given = self.listed(raw, key, at, MOST_PARTS)
        if all(isinstance(one, str) for one in given):
            return tuple(given)
        self.wrong("not-a-list", _("This is not a list, or too long a list."), f"{at}{key}")
        return ()

    def rows(
        self, raw: Mapping[str, Any], key: str, at: str, read: Callable[[Any, str], Any]
    ) -> tuple[Any, ...]:
        found = []
        for number, one in enumerate(self.listed(raw, key, at, MOST_PARTS)):
            place = f"{at}{key}.{number}."
            if isinstance(one, Mapping):
                found.append(read(one, place))
            else:
                self.wrong("not-a-table", _("This is not a table of numbers."), place[:-1])
        return tuple(found)

    def strangers(self, raw: Mapping[str, Any], known: frozenset[str], at: str) -> None:
        for key in sorted(set(raw) - known, key=str):
            text = _("“{key}” is not known here.").format(key=str(key)[:LONGEST])
            self.wrong("unknown-key", text, f"{at}{key}"[:LONGEST])


def read_tariff(content: Mapping[str, Any], *, id: str) -> Tariff:
    """A tariff from its content. Raises Refused with everything that cannot even be read."""
    tariff, problems = half_read(content, id=id)
    refuse(problems)
    return tariff


def half_read(content: Mapping[str, Any], *, id: str) -> tuple[Tariff, list[Problem]]:
    """As much of a tariff as can be read, and everything that cannot."""
    reader = _Reader()
    reader.strangers(content, TARIFF_KEYS, "")
    entries = []
    for number, raw in enumerate(reader.listed(content, "entries", "", MOST_ENTRIES)):
        at = f"entries.{number}."
        if isinstance(raw, Mapping):
            entries.append(_entry(reader, raw, at))
        else:
            reader.wrong("not-a-table", _("This is not a table of numbers."), at[:-1])
            entries.append(_entry(_Reader(), {}, at))
    given: dict[str, Any] = {
        "id": id,
        "entries": tuple(entries),
        "factors": reader.mapped(content, "factors", ""),
        "overhead": reader.number(content, "overhead", "", ZERO),
        "overhead_for": reader.names(content, "overhead_for", ""),
        "tax": reader.number(content, "tax", "", ZERO),
        "tax_mode": reader.text(content, "tax_mode", "", "added"),
    }
    if content.get("urgent") not in (None, ""):
        given["urgent"] = reader.number(content, "urgent", "", ONE)
    if content.get("hours"):
        given["hours"] = reader.mapped(content, "hours", "")
    return Tariff(**given), reader.problems


def _entry(reader: _Reader, raw: Mapping[str, Any], at: str) -> Entry:
    reader.strangers(raw, ENTRY_KEYS, at)
    if not reader.text(raw, "title", at).strip():
        reader.wrong("no-title", _("Say what is charged."), f"{at}title")
    reader.text(raw, "title_en", at)
    if not reader.text(raw, "id", at):
        reader.wrong("no-id", _("An entry needs an id."), f"{at}id")
    if raw.get("price") in (None, ""):
        reader.wrong("no-price", _("The price is missing."), f"{at}price")

    def tier(one: Mapping[str, Any], place: str) -> Tier:
        end = one.get("end")
        return Tier(
            reader.number(one, "start", place, ZERO),
            None if end in (None, "") else reader.number(one, "end", place, ZERO),
            reader.number(one, "factor", place, ONE),
        )

    def cap(one: Mapping[str, Any], place: str) -> Cap:
        amount = reader.number(one, "amount", place, ZERO)
        return Cap(amount, reader.text(one, "period", place), reader.names(one, "classes", place))

    return Entry(
        id=reader.text(raw, "id", at),
        kind=reader.text(raw, "kind", at),
        unit=reader.text(raw, "unit", at),
        price=reader.number(raw, "price", at, ZERO),
        what=reader.text(raw, "what", at),
        minimum=reader.number(raw, "minimum", at, ZERO),
        step=reader.number(raw, "step", at, ZERO),
        each_use=raw.get("each_use") is True,
        prices=reader.mapped(raw, "prices", at),
        tiers=reader.rows(raw, "tiers", at, tier),
        tiers_rule=reader.text(raw, "tiers_rule", at, "whole"),
        tiers_over=reader.text(raw, "tiers_over", at, "use"),
        tiers_for=reader.names(raw, "tiers_for", at),
        caps=reader.rows(raw, "caps", at, cap),
        group=reader.text(raw, "group", at),
        further=reader.number(raw, "further", at, ONE),
        by_class=raw.get("by_class", True) is not False,
        when_urgent=raw.get("when_urgent", True) is not False,
    )


def written(content: Mapping[str, Any]) -> dict[str, Any]:
    """The same tariff in the one way in which it is stored: all keys, numbers as text."""
    tariff = read_tariff(content, id="0")
    raws = content["entries"]
    return {
        "entries": [_written(e, raw) for e, raw in zip(tariff.entries, raws, strict=True)],
        "factors": _texts(tariff.factors),
        "urgent": None if tariff.urgent is None else plain(tariff.urgent),
        "overhead": plain(tariff.overhead),
        "overhead_for": list(tariff.overhead_for),
        "tax": plain(tariff.tax),
        "tax_mode": tariff.tax_mode,
        "hours": _texts(tariff.hours),
    }


def _written(entry: Entry, raw: Mapping[str, Any]) -> dict[str, Any]:
    names = ("id", "kind", "unit", "what", "each_use", "tiers_rule", "tiers_over", "group")
    known = {name: getattr(entry, name) for name in (*names, "by_class", "when_urgent")}
    numbers = {name: plain(getattr(entry, name)) for name in ENTRY_NUMBERS}
    return {
        **known,
        **numbers,
        "title": raw["title"].strip(),
        "title_en": raw.get("title_en", "").strip(),
        "prices": _texts(entry.prices),
        "tiers": [
            {
                "start": plain(tier.start),
                "end": None if tier.end is None else plain(tier.end),
                "factor": plain(tier.factor),
            }
            for tier in entry.tiers
        ],
        "tiers_for": list(entry.tiers_for),
        "caps": [
            {"amount": plain(c.amount), "period": c.period, "classes": list(c.classes)}
            for c in entry.caps
        ],
    }


def _texts(numbers: Mapping[str, Decimal]) -> dict[str, str]:
    return {name: plain(number) for name, number in numbers.items()}


def written_basis(content: Mapping[str, Any]) -> dict[str, Any]:
    """The same cost basis in the one way in which it is stored."""
    basis = read_basis(content)
    others = [{"name": name, "amount": plain(amount)} for name, amount in basis.others]
    numbers = {name: plain(getattr(basis, name)) for name in BASIS_NUMBERS}
    return numbers | {"others": others}


def problems_of_limits(tariff: Tariff, rulebook: Rulebook) -> list[Problem]:
    """Where a tariff goes beyond what the region's pricing policy allows."""
    policy, found = rulebook.pricing, []
    if policy is None:
        return []
    if tariff.urgent is not None and tariff.urgent > policy.urgent_most:
        text = _("Urgent work may cost at most {most} times the price.")
        found.append(Problem("urgent", text.format(most=plain(policy.urgent_most)), "urgent"))
    if tariff.overhead > policy.overhead_most:
        text = _("Overhead may be at most {most} %.")
        most = plain(policy.overhead_most * 100)
        found.append(Problem("overhead", text.format(most=most), "overhead"))
    if tariff.tax not in policy.tax_rates:
        text = _("The tax rate must be one of: {rates} %.")
        rates = ", ".join(plain(rate * 100) for rate in policy.tax_rates)
        found.append(Problem("tax", text.format(rates=rates), "tax"))
    return found


def read_basis(content: Mapping[str, Any]) -> CostBasis:
    """A cost basis from its content. Raises Refused with everything that cannot be read."""
    reader = _Reader()
    reader.strangers(content, BASIS_KEYS, "")
    numbers = {name: reader.number(content, name, "", ZERO) for name in BASIS_NUMBERS}

    def other(one: Mapping[str, Any], place: str) -> tuple[str, Decimal]:
        return reader.text(one, "name", place), reader.number(one, "amount", place, ZERO)

    others = reader.rows(content, "others", "", other)
    refuse(reader.problems)
    return CostBasis(**numbers, others=others)


def plain(number: Decimal) -> str:
    """A number as text without needless zeros: `714`, `0.06`."""
    return f"{tidy(number):f}"


def use_price(content: Mapping[str, Any], unit: str) -> Decimal | None:
    """The list price of using the resource, in yuan for one `unit`; None when it has none.

    Prices by another unit of time are converted by the tariff's own lengths.
    """
    tariff = read_tariff(content, id="0")
    for kind in ("use", "service"):
        for entry in tariff.entries:
            if entry.kind == kind and not entry.what and entry.unit == unit:
                return entry.price
    for entry in tariff.entries:
        times = {unit, entry.unit} <= set(TIMES)
        if entry.kind == "use" and not entry.what and times:
            return entry.price * tariff.length(unit) / tariff.length(entry.unit)
    return None


def main_entry(content: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The entry whose price stands for the whole tariff: its use, else its service."""
    for kind in ("use", "service"):
        for entry in content["entries"]:
            if entry["kind"] == kind and not entry.get("what"):
                found: Mapping[str, Any] = entry
                return found
    return None


def hours_in(content: Mapping[str, Any], unit: str) -> Decimal | None:
    """How many hours a unit of time has by this tariff; None for a unit that is none of time."""
    return read_tariff(content, id="0").length(unit) if unit in TIMES else None
