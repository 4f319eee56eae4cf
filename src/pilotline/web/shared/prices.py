"""Prices in words: a bill whose every line says how it came about, and a tariff as a price list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pilotline.desks.booking.rules.tariffs import CHARGE_WORDS, UNIT_WORDS
from pilotline.web.shared import values

PERIOD_WORDS = {
    "use": gettext_lazy("use"),
    "day": gettext_lazy("day"),
    "week": gettext_lazy("week"),
    "month": gettext_lazy("month"),
    "year": gettext_lazy("year"),
}
# What a factor is for.
FACTOR_WORDS = {
    "tier": gettext_lazy("tier"),
    "class": gettext_lazy("user class"),
    "further": gettext_lazy("further use of the group"),
    "urgent": gettext_lazy("urgent"),
}
PART_WORDS = {
    "depreciation": gettext_lazy("Depreciation"),
    "maintenance": gettext_lazy("Upkeep"),
    "consumables": gettext_lazy("Consumables"),
    "labour": gettext_lazy("Labour"),
    "other": gettext_lazy("Other"),
    "management": gettext_lazy("Management"),
}


@dataclass(frozen=True, slots=True)
class LineShown:
    """One line of a bill in words: what it is, the formula, remarks, the amount."""

    title: str
    kind: str
    formula: str
    notes: list[str]
    amount: Decimal
    entry: str = ""


@dataclass(frozen=True, slots=True)
class UseShown:
    """The lines of one use."""

    title: str
    lines: list[LineShown] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class BillShown:
    """A bill ready to be shown; `whole` are the lines that belong to all of it."""

    uses: list[UseShown]
    whole: list[LineShown]
    net: Decimal
    tax: Decimal
    total: Decimal
    user_class: str


def unit(name: str) -> str:
    return str(UNIT_WORDS.get(name, name))


def number(text: Any) -> str:
    """`1,234.5` from a decimal text, without needless zeros."""
    shown = f"{Decimal(str(text)):,f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def percent(share: Any) -> str:
    return f"{number(Decimal(str(share)) * 100)}%"


def class_words(name: str) -> str:
    return values.title("user_classes", name) if name else _("list price")


def shown_bill(bill: Any, wanted: Sequence[Mapping[str, Any]]) -> BillShown:
    """`bill`: a Quotation or a Priced; `wanted`: the uses as they are kept with it."""
    uses = [UseShown(_use(use)) for use in wanted]
    whole = []
    for line in bill.lines:
        said = shown_line(line)
        if line["use"]:
            uses[int(line["use"])].lines.append(said)
        else:
            whole.append(said)
    words = class_words(bill.user_class)
    return BillShown(uses, whole, bill.net, bill.tax, bill.total, words)


def name_of_use(use: Mapping[str, Any]) -> str:
    """What is used, by the name it had when its price was asked for."""
    name = use.get("name", "") if values.is_chinese() else use.get("name_en") or use.get("name", "")
    return name or _("Facility as a whole")


def _use(use: Mapping[str, Any]) -> str:
    said = f"{name_of_use(use)} · {use['day']}"
    return f"{said} · {_('urgent')}" if use.get("urgent") else said


def shown_line(line: Mapping[str, Any]) -> LineShown:
    """One line of JSON values in the reader's words."""
    chinese = values.is_chinese()
    title = line["title"] if chinese else line["title_en"] or line["title"]
    kind = str(CHARGE_WORDS.get(line["kind"], line["kind"]))
    return LineShown(
        title=title or kind,
        kind=kind,
        formula=formula(line),
        notes=_notes(line),
        amount=Decimal(line["amount"]),
        entry=line["entry"],
    )


def formula(line: Mapping[str, Any]) -> str:
    """`6 hours × ¥300.31 × 0.9 (user class)`; a share as `10% × ¥1,821.67`."""
    terms = {term["word"]: term for term in line["terms"]}
    if "share" in terms:
        return f"{percent(terms['share']['value'])} × {values.money(terms['of']['value'])}"
    if "rounded" in terms:
        return _("rounded to whole %(step)s") % {"step": values.money(terms["rounded"]["value"])}
    said = [f"{number(line['quantity'])} {unit(line['unit'])}"]
    for term in line["terms"]:
        if term["word"] in ("price", "class_price"):
            price = f"{values.money(term['value'])} / {unit(term['unit'])}"
            own = "" if term["word"] == "price" else values.aside(_("price of the class"))
            said.append(f"{price}{own}")
        elif term["word"] in FACTOR_WORDS:
            said.append(f"{number(term['value'])}{values.aside(FACTOR_WORDS[term['word']])}")
    return " × ".join(said)


def _notes(line: Mapping[str, Any]) -> list[str]:
    """How the quantity came about, and what a cap left."""
    said = []
    for term in line["terms"]:
        amount = f"{number(term['value'])} {unit(term['unit'])}"
        match term["word"]:
            case "converted":
                said.append(_("is %(amount)s") % {"amount": amount})
            case "minimum":
                said.append(_("at least %(amount)s are charged") % {"amount": amount})
            case "step":
                said.append(_("rounded up to %(amount)s") % {"amount": amount})
            case "once":
                said.append(_("charged once for a use"))
            case "cap":
                cap = values.money(term["value"])
                said.append(_("the cap leaves %(cap)s") % {"cap": cap})
    if {"converted", "minimum", "step"} & {term["word"] for term in line["terms"]}:
        given = line["terms"][0]
        amount = f"{number(given['value'])} {unit(given['unit'])}"
        said.insert(0, _("given: %(amount)s") % {"amount": amount})
    return said


@dataclass(frozen=True, slots=True)
class EntryShown:
    """One line of a price list."""

    title: str
    kind: str
    price: str
    rules: list[str]


@dataclass(frozen=True, slots=True)
class TariffShown:
    """A tariff as a price list, with what holds for all of it."""

    row: Any
    title: str
    entries: list[EntryShown]
    terms: list[str]


def shown_tariff(row: Any) -> TariffShown:
    """A stored tariff in words; its resource must be fetched with it."""
    content = row.content
    title = row.resource.name if row.resource_id else _("Facility as a whole")
    if row.resource_id and not values.is_chinese():
        title = row.resource.name_en or title
    entries = [shown_entry(entry) for entry in content["entries"]]
    return TariffShown(row, title, entries, _terms(content))


def shown_entry(entry: Mapping[str, Any]) -> EntryShown:
    """One entry of a tariff in words."""
    chinese = values.is_chinese()
    title = entry["title"] if chinese else entry.get("title_en") or entry["title"]
    price = f"{values.money(entry['price'])} / {unit(entry['unit'])}"
    return EntryShown(title, str(CHARGE_WORDS[entry["kind"]]), price, _rules(entry))


def _rules(entry: Mapping[str, Any]) -> list[str]:
    words = unit(entry["unit"])
    said = []
    if entry.get("each_use"):
        said.append(_("charged once for a use"))
    for name, text in (
        ("minimum", _("at least %(amount)s")),
        ("step", _("in steps of %(amount)s")),
    ):
        if entry.get(name) and Decimal(str(entry[name])):
            said.append(text % {"amount": f"{number(entry[name])} {words}"})
    for name, price in (entry.get("prices") or {}).items():
        said.append(f"{class_words(name)}: {values.money(price)}")
    said += [_tier(tier, entry) for tier in entry.get("tiers") or ()]
    for cap in entry.get("caps") or ():
        period = PERIOD_WORDS.get(cap["period"], cap["period"])
        text = _("at most %(cap)s a %(period)s") % {
            "cap": values.money(cap["amount"]),
            "period": period,
        }
        who = "、".join(class_words(name) for name in cap.get("classes") or ())
        said.append(f"{text}{values.aside(who)}" if who else text)
    further = entry.get("further")
    if entry.get("group") and further not in (None, ""):
        text = _("a further one in the same quotation at %(share)s")
        said.append(text % {"share": percent(further)})
    return said


def _tier(tier: Mapping[str, Any], entry: Mapping[str, Any]) -> str:
    words, end = unit(entry["unit"]), tier.get("end")
    reach = f"{number(tier['start'])}–{number(end)}" if end else f"≥ {number(tier['start'])}"
    who = "、".join(class_words(name) for name in entry.get("tiers_for") or ())
    share = _("included") if not Decimal(str(tier["factor"])) else percent(tier["factor"])
    said = f"{reach} {words}: {share}"
    return f"{said}{values.aside(who)}" if who else said


def _terms(content: Mapping[str, Any]) -> list[str]:
    said = [f"{class_words(name)}: {percent(f)}" for name, f in content.get("factors", {}).items()]
    if content.get("urgent"):
        said.append(_("urgent: %(share)s") % {"share": percent(content["urgent"])})
    if content.get("overhead") and Decimal(str(content["overhead"])):
        text = _("overhead: %(share)s") % {"share": percent(content["overhead"])}
        who = "、".join(class_words(name) for name in content.get("overhead_for") or ())
        said.append(f"{text}{values.aside(who)}" if who else text)
    tax = Decimal(str(content.get("tax") or 0))
    if content.get("tax_mode") == "included":
        said.append(_("prices include %(share)s tax") % {"share": percent(tax)})
    elif tax:
        said.append(_("%(share)s tax is added") % {"share": percent(tax)})
    hours = content.get("hours") or {}
    if hours.get("day"):
        said.append(_("a day is %(hours)s hours") % {"hours": number(hours["day"])})
    return said


@dataclass(frozen=True, slots=True)
class PartShown:
    """A part of an hour's cost, how it came about, and its share (0–1) of the whole."""

    title: str
    formula: str
    amount: Decimal
    share: float


def shown_parts(parts: Sequence[Mapping[str, Any]], price: Decimal) -> list[PartShown]:
    """The parts of a cost build-up in words."""
    return [
        PartShown(
            title=part["name"] or str(PART_WORDS[part["kind"]]),
            formula=_part_formula(part["terms"]),
            amount=Decimal(part["amount"]),
            share=float(Decimal(part["amount"]) / price) if price else 0.0,
        )
        for part in parts
    ]


def _part_formula(terms: Sequence[Mapping[str, str]]) -> str:
    found = {term["word"]: term["value"] for term in terms}
    if "years" in found:
        years = _("%(n)s years") % {"n": number(found["years"])}
        hours = _("%(n)s h a year") % {"n": number(found["hours"])}
        return f"{values.money(found['value'])} ÷ ({years} × {hours})"
    if "hours" in found:
        hours = _("%(n)s h a year") % {"n": number(found["hours"])}
        return f"{values.money(found['value'])} × {percent(found['share'])} ÷ {hours}"
    if "of" in found:
        return f"{percent(found['share'])} × {values.money(found['of'])}"
    return _("by the hour")


def shown_booking(listed: Sequence[Any]) -> dict[str, Any]:
    """What `services.quotations.price_of` answered, for `shared/booking_price.html`.

    `sum` is None while one facility's price is unknown.
    """
    rows = []
    for one in listed:
        bill = one.quotation or one.priced
        wanted = one.quotation.wanted if one.quotation else one.wanted
        rows.append({"price": one, "bill": shown_bill(bill, wanted) if bill else None})
    totals = [one.total for one in listed]
    known = None if None in totals else sum(totals, Decimal(0))
    return {"rows": rows, "sum": known, "several": len(rows) > 1}
