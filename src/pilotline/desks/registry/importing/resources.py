"""Rows of lines, equipment, sites, processes, services and skills held against the catalogue."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from pilotline.desks.registry.importing import cells
from pilotline.desks.registry.importing.cells import Unclear
from pilotline.desks.registry.importing.rows import Row
from pilotline.desks.registry.importing.stock import Held, fold
from pilotline.desks.registry.models import Resource
from pilotline.desks.registry.rules.records import problems_of_resource
from pilotline.desks.registry.rules.vocabulary import process_attribute
from pilotline.rulebook import Rulebook

PLAIN = ("name_en", "quantity", "load", "load_stated_on", "available_from", "source_url")
FACTS = {"maker": "maker", "made_year": "year", "area": "area", "headcount": "headcount"}
LONGEST_MODEL = 120
YUAN = ("", "CNY", "RMB", "人民币", "元")


@dataclass(frozen=True, slots=True)
class Setting:
    """What all rows of one plan are understood by."""

    rulebook: Rulebook
    today: date
    default_kind: str
    price_unit: str


def kind_of(row: Row, setting: Setting) -> str:
    text = row.text("kind")
    try:
        return cells.kind_in(text) if text else setting.default_kind
    except Unclear as unclear:
        row.wrong("kind", unclear)
        return setting.default_kind


def find_resource(held: Held, row: Row, kind: str) -> Resource | None:
    """The resource a row speaks of, by kind, name and model, and by line if it names one."""
    line = row.text("line") if row.text("line") else None
    if kind == "line":
        line = ""
    return held.find(kind, line, row.text("name"), model_of(row))


def model_of(row: Row) -> str:
    """Lists without a column for the model tell their reactors apart by the specification."""
    return (row.text("model") or row.text("spec"))[:LONGEST_MODEL]


def plan_resource(held: Held, row: Row, kind: str, setting: Setting) -> tuple[Resource, bool, Any]:
    """The resource as the row would have it, whether it is new, and what changes.

    Problems go to the row, and then nothing is changed.
    """
    found = find_resource(held, row, kind)
    resource = found or Resource(facility=held.facility, kind=kind, position=len(held.resources))
    values = resource_values(row, resource, setting)
    line = row.text("line")
    parent = held.find("line", "", line, "") if line and kind != "line" else None
    if line and parent is None and kind != "line":
        parent = next((r for r in held.resources.values() if _is_line(r, line)), None)
        if parent is None:
            row.wrong("line", _("This facility has no line “%(line)s”.") % {"line": line})
    checked = {"price_unit": resource.price_unit, "kind": kind} | values
    old = resource if found else None
    for problem in problems_of_resource(checked, setting.rulebook, today=setting.today, old=old):
        row.wrong("model" if problem.field == "facts" else problem.field, problem.text)
    changes = [
        (name, show(getattr(resource, name)) if found else "", show(value))
        for name, value in values.items()
        if getattr(resource, name) != value and name != "name"
    ]
    if found is None:
        resource.line = parent
    if not row.problems:
        for name, value in values.items():
            setattr(resource, name, value)
        if found is None:
            held.add(resource)
        if found is None or changes:
            held.write(resource)
    return resource, found is None, changes


def _is_line(resource: Resource, name: str) -> bool:
    return resource.kind == "line" and fold(resource.name) == fold(name)


def resource_values(row: Row, resource: Resource, setting: Setting) -> dict[str, Any]:
    """The columns a row fills; a blank cell changes nothing."""
    values: dict[str, Any] = {k: row.values[k] for k in PLAIN if k in row.values}
    if resource.pk is None:
        values["name"] = row.text("name")
    if "load" in values and resource.load != values["load"]:
        values.setdefault("load_stated_on", setting.today)
    values |= _listed(row, setting)
    values |= _price(row, resource, setting)
    said = dict.fromkeys(
        t for t in (row.text("description"), row.text("parameters"), _long_spec(row)) if t
    )
    if said:
        values["description"] = "\n".join(said)
    facts = {fact: row.text(key) for key, fact in FACTS.items() if key in row.values}
    if row.text("title"):
        facts["title"] = row.text("title")
    if "made_year" in row.values:
        facts["year"] = row.values["made_year"]
    if model_of(row):
        facts["model"] = model_of(row)
    if facts:
        values["facts"] = resource.facts | facts
    return values


def _long_spec(row: Row) -> str:
    spec = row.text("spec")
    return spec if len(spec) > LONGEST_MODEL or (spec and row.text("model")) else ""


def _listed(row: Row, setting: Setting) -> dict[str, Any]:
    """Entries of the rulebook named in a cell; a word that names none is a problem there."""
    values: dict[str, Any] = {}
    for key, kind in (("fields", "fields"), ("verifications", "verifications")):
        if row.text(key):
            values[key], unknown = cells.entries_in(setting.rulebook, kind, row.text(key))
            for word in unknown:
                row.wrong(key, _("“%(value)s” is not on the list.") % {"value": word})
    if row.text("service_kind"):
        entry = cells.entry_in(setting.rulebook, "service_kinds", row.text("service_kind"))
        values["service_kind"] = entry or ""
        if entry is None:
            words = _("“%(value)s” is not on the list.") % {"value": row.text("service_kind")}
            row.wrong("service_kind", words)
    process = process_attribute(setting.rulebook)
    if row.text("processes") and process:
        values["processes"] = list(process.values_in(row.text("processes")))
        if not values["processes"]:
            words = _("“%(value)s” is not on the list.") % {"value": row.text("processes")}
            row.wrong("processes", words)
    return values


def _price(row: Row, resource: Resource, setting: Setting) -> dict[str, Any]:
    notes = [row.text("price_note")]
    values: dict[str, Any] = {}
    currency = row.text("currency").upper()
    unit = row.text("price_unit") or setting.price_unit
    if row.text("price"):
        price = cells.read_price(row.values["price"], unit=unit)
        if currency not in YUAN:
            notes.append(f"{row.text('price')} {currency} {unit}".strip())
        elif price.amount is None:
            notes.append(price.note)
        else:
            values = {"price": price.amount.quantize(Decimal("0.01")), "price_unit": price.unit}
    if row.text("price_internal"):
        # Stored words, so the same in every language: a second import must find no change.
        foreign = "" if currency in YUAN else currency
        internal = " ".join(filter(None, [row.text("price_internal"), foreign, unit]))
        notes.append(f"内部价 internal: {internal}")
    said = "；".join(note for note in notes if note)
    return values | ({"price_note": said} if said else {})


def show(value: Any) -> str:
    """A value as a plan shows it."""
    if isinstance(value, dict):
        return "；".join(f"{k}: {v}" for k, v in sorted(value.items()) if v not in (None, ""))
    if isinstance(value, list):
        return "、".join(map(str, value))
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return "" if value is None else str(value)
