"""What facilities, resources, certificates and tier steps must satisfy."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from pilotline.desks.registry.models import Certificate, Facility, Resource, TierStep
from pilotline.desks.registry.rules.texts import (
    problem_of_emptiness,
    problems_of_choice,
    problems_of_texts,
)
from pilotline.desks.registry.rules.vocabulary import process_attribute
from pilotline.kernel.errors import Problem
from pilotline.rulebook import Rulebook

FACILITY_COLUMNS = (
    "name",
    "name_en",
    "region",
    "address",
    "latitude",
    "longitude",
    "fields",
    "chain",
    "construction_model",
    "summary",
    "summary_en",
    "website",
    "contact",
    "phone",
    "opened_year",
)
RESOURCE_COLUMNS = (
    "kind",
    "line",
    "name",
    "name_en",
    "description",
    "processes",
    "service_kind",
    "verifications",
    "fields",
    "price",
    "price_unit",
    "price_note",
    "load",
    "load_stated_on",
    "available_from",
    "quantity",
    "facts",
    "source_url",
    "position",
)
FACTS = ("model", "maker", "year", "area", "headcount", "title")
OLDEST_YEAR = 1900


def problems_of_facility(
    values: Mapping[str, Any], rulebook: Rulebook, *, today: date, old: Facility | None = None
) -> list[Problem]:
    """All that is wrong with the values of a facility. `old` is the record before the change."""
    found = problems_of_texts(Facility, values)
    for name in ("name", "region"):
        if name in values or old is None:
            found += problem_of_emptiness(name, values.get(name))
    for name, kind in (
        ("region", "cities"),
        ("chain", "chains"),
        ("construction_model", "construction_models"),
    ):
        if values.get(name):
            standing = [getattr(old, name)] if old else []
            known = rulebook.listing(kind).ids
            if name == "region":
                # An official list may name the region as a whole and no city.
                known = (*known, rulebook.region.id)
            found += problems_of_choice(name, [values[name]], known, standing=standing)
    found += problems_of_choice(
        "fields", values.get("fields", ()), rulebook.fields.ids, standing=old.fields if old else ()
    )
    return found + _place(values) + _year("opened_year", values.get("opened_year"), today)


def _place(values: Mapping[str, Any]) -> list[Problem]:
    latitude, longitude = values.get("latitude"), values.get("longitude")
    if (latitude is None) != (longitude is None):
        missing = "latitude" if latitude is None else "longitude"
        return [Problem("half-a-place", _("Give latitude and longitude, or neither."), missing)]
    if latitude is None:
        return []
    found = []
    for name, value, most in (("latitude", latitude, 90), ("longitude", longitude, 180)):
        if not -most <= value <= most:
            words = _("Between -%(most)d and %(most)d degrees.") % {"most": most}
            found.append(Problem("not-on-earth", words, name))
    return found


def _year(field: str, year: Any, today: date) -> list[Problem]:
    if year is None or OLDEST_YEAR <= year <= today.year + 5:
        return []
    words = _("A year from %(first)d to %(last)d.") % {"first": OLDEST_YEAR, "last": today.year + 5}
    return [Problem("impossible-year", words, field)]


def problems_of_operator(organisation: Any) -> list[Problem]:
    """Only a confirmed organisation that says it runs facilities keeps their records."""
    if organisation.status == "confirmed" and organisation.operates:
        return []
    words = _("“%(name)s” is not confirmed as an organisation that runs facilities.")
    return [Problem("no-operator", words % {"name": organisation.name}, "organisation")]


def problems_of_publishing(facility: Facility, *, is_turning: bool = True) -> list[Problem]:
    """What the public page cannot do without; `is_turning` when it is to be published now.

    A public fact is shown with as little as its list says.
    """
    found = problem_of_emptiness("region", facility.region)
    if not facility.is_public_fact:
        found += problem_of_emptiness("fields", facility.fields)
        found += problem_of_emptiness("summary", facility.summary)
    if is_turning and facility.status == Facility.Status.PUBLISHED:
        found.append(Problem("published", _("This facility is published already.")))
    return found


def problems_of_resource(
    values: Mapping[str, Any], rulebook: Rulebook, *, today: date, old: Resource | None = None
) -> list[Problem]:
    """All that is wrong with the values of a resource. `old` is the record before the change."""
    kind = values.get("kind") or (old.kind if old else "")
    found = problems_of_texts(Resource, values)
    found += problems_of_choice("kind", [kind], Resource.Kind.values)
    for name in ("kind", "name"):
        if name in values or old is None:
            found += problem_of_emptiness(name, values.get(name))
    process = process_attribute(rulebook)
    for name, known in (
        ("processes", [v.id for v in process.values] if process else []),
        ("verifications", rulebook.verifications.ids),
        ("fields", rulebook.fields.ids),
    ):
        standing = getattr(old, name) if old else ()
        found += problems_of_choice(name, values.get(name, ()), known, standing=standing)
    if "service_kind" in values:
        standing = [old.service_kind] if old else []
        known = rulebook.service_kinds.ids
        found += problems_of_choice(
            "service_kind", [values["service_kind"]], known, standing=standing
        )
    if kind == "line" and values.get("line"):
        found.append(Problem("line-in-line", _("A line does not belong to a line."), "line"))
    return found + _amounts(values) + _facts(values.get("facts", {}), today)


def _amounts(values: Mapping[str, Any]) -> list[Problem]:
    found = []
    price, load, quantity = (values.get(n) for n in ("price", "load", "quantity"))
    if price is not None and not 0 <= price < Decimal(10) ** 12:
        found.append(Problem("impossible-price", _("A price is zero or more."), "price"))
    if price is not None and not values.get("price_unit"):
        found.append(
            Problem("missing", _("What is the price for? (day, batch, sample …)"), "price_unit")
        )
    if load is not None and not 0 <= load <= 100:
        found.append(Problem("no-percent", _("A share from 0 to 100 percent."), "load"))
    if quantity is not None and not 1 <= quantity <= 1_000_000:
        found.append(Problem("no-quantity", _("At least one piece."), "quantity"))
    return found


def _facts(facts: Mapping[str, Any], today: date) -> list[Problem]:
    found = [
        Problem("unknown-fact", _("“%(value)s” is not on the list.") % {"value": name}, "facts")
        for name in facts
        if name not in FACTS
    ]
    too_long = any(len(str(value)) > 120 for value in facts.values())
    if too_long:
        found.append(Problem("too-long", _("At most 120 characters."), "facts"))
    year = facts.get("year")
    return found + (_year("year", year, today) if isinstance(year, int) else [])


def problems_of_certificate(values: Mapping[str, Any], rulebook: Rulebook) -> list[Problem]:
    texts = {name: value for name, value in values.items() if isinstance(value, str)}
    found = problems_of_texts(Certificate, texts)
    found += problem_of_emptiness("kind", values.get("kind"))
    found += problems_of_choice("kind", [values.get("kind", "")], rulebook.certificate_kinds.ids)
    begins, ends = values.get("valid_from"), values.get("valid_to")
    if begins and ends and begins > ends:
        found.append(Problem("days-reversed", _("It ends before it begins."), "valid_to"))
    return found


def problems_of_tier_step(
    values: Mapping[str, Any], rulebook: Rulebook, *, today: date
) -> list[Problem]:
    """A step names a tier of the rulebook and one of its steps, and lies not in the future."""
    found = problems_of_texts(TierStep, values)
    tier = rulebook.tiers.get(values["tier"])
    found += problem_of_emptiness("decided_by", values["decided_by"])
    if tier is None:
        found.append(Problem("unknown-choice", _("Choose a tier."), "tier"))
    elif values["step"] and values["step"] not in [s.id for s in tier.steps]:
        found.append(Problem("unknown-choice", _("This tier has no such step."), "step"))
    if values["since"] > today:
        found.append(Problem("future", _("A decision cannot lie in the future."), "since"))
    return found
