"""Rows of facilities, their tiers and their certificates held against the catalogue."""

import re
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from pilotline.desks.registry.importing import cells
from pilotline.desks.registry.importing.cells import Unclear
from pilotline.desks.registry.importing.resources import show
from pilotline.desks.registry.importing.rows import Row
from pilotline.desks.registry.importing.stock import Held, fold
from pilotline.desks.registry.models import Certificate, Facility, Resource, TierStep
from pilotline.desks.registry.rules.records import (
    problems_of_certificate,
    problems_of_facility,
    problems_of_publishing,
    problems_of_tier_step,
)
from pilotline.kernel.actor import covers
from pilotline.rulebook import Rulebook

PLAIN = (
    "name",
    "name_en",
    "address",
    "latitude",
    "longitude",
    "summary",
    "summary_en",
    "website",
    "contact",
    "phone",
    "opened_year",
)
# A list that only proposes, or shows for objection, decides nothing yet.
_PROPOSED = re.compile(r"拟|公示|proposed", re.IGNORECASE)
_NO_NAME = re.compile(r"[(（].*[)）]")


class Outside(Exception):
    """The row speaks of another region."""


def region_of(row: Row, rulebook: Rulebook) -> str:
    """The GB/T 2260 code; the region as a whole when only that is named. Raises Outside."""
    city, province = row.text("region"), row.text("province")
    if city:
        found = cells.entry_in(rulebook, "cities", city)
        if found:
            return found
    ours = {fold(t) for t in _region_names(rulebook)}
    if province and not any(name in fold(province) or fold(province) in name for name in ours):
        raise Outside
    if city and fold(city) not in ours:
        if re.fullmatch(r"\d{6}", city) and not covers(rulebook.region.id, city):
            raise Outside
        row.wrong("region", _("“%(city)s” is no city of this region.") % {"city": city})
    return rulebook.region.id if province or city else ""


def _region_names(rulebook: Rulebook) -> tuple[str, ...]:
    region = rulebook.region
    return (region.id, region.title.zh, region.title.en, region.short.zh, region.short.en)


def facility_values(row: Row, rulebook: Rulebook, *, official: bool) -> dict[str, Any]:
    """The columns a row fills; a blank cell changes nothing."""
    values: dict[str, Any] = {key: row.values[key] for key in PLAIN if key in row.values}
    if _NO_NAME.fullmatch(row.text("name")):
        row.wrong("name", _("This is a remark, not a name."))
    if row.text("fields"):
        found, unknown = cells.entries_in(rulebook, "fields", row.text("fields"))
        for word in unknown:
            # A narrow field of industry is often the name of a chain, which belongs to fields.
            chain = cells.entry_in(rulebook, "chains", word)
            if chain:
                found += rulebook.chains[chain].fields[:1]
                values.setdefault("chain", chain)
            else:
                _unknown(row, "fields", word, official)
        values["fields"] = list(dict.fromkeys(found))
    for key, kind in (("chain", "chains"), ("construction_model", "construction_models")):
        if row.text(key):
            entry = cells.entry_in(rulebook, kind, row.text(key))
            if entry:
                values[key] = entry
            else:
                _unknown(row, key, row.text(key), official)
    if official:
        values |= {"source_operator": row.text("operator")} if row.text("operator") else {}
        values |= {"source_url": row.text("source_url")} if row.text("source_url") else {}
        note = "；".join(t for t in (row.text("tier_text"), row.text("source_note")) if t)
        values |= {"source_note": note} if note else {}
    return {key: value for key, value in values.items() if value not in ("", [])}


def _unknown(row: Row, key: str, word: str, official: bool) -> None:
    words = _("“%(value)s” is not on the list.") % {"value": word}
    if official:
        row.notes.append(words + _(" It was left out."))
    else:
        row.wrong(key, words)


def plan_facility(
    held: Held, row: Row, values: dict[str, Any], rulebook: Rulebook, today: date
) -> list[tuple[str, str, str]]:
    """Set the values on the facility; problems go to the row. Gives back what changes."""
    facility = held.facility
    place = {name: getattr(facility, name) for name in ("latitude", "longitude")}
    known = {k: v for k, v in values.items() if not k.startswith("source_")}
    old = None if held.is_new else facility
    for problem in problems_of_facility(place | known, rulebook, today=today, old=old):
        row.wrong(problem.field, problem.text)
    if row.text("status") and held.is_new:
        try:
            facility.status = cells.status_in(row.text("status"))
        except Unclear as unclear:
            row.wrong("status", unclear)
    changes = [
        (name, show(getattr(facility, name)), show(value))
        for name, value in values.items()
        if getattr(facility, name) != value
    ]
    if row.problems and not held.is_new:
        return []
    for name, value in values.items():
        setattr(facility, name, value)
    if held.is_new and facility.status == Facility.Status.PUBLISHED:
        for problem in problems_of_publishing(facility, is_turning=False):
            words = _("For a published facility: %(text)s") % {"text": problem.text}
            row.wrong(problem.field, words)
    if changes:
        held.write(facility)
    return changes


def tier_in(row: Row, rulebook: Rulebook) -> TierStep | None:
    """The tier that an official list gives, if it decides one and says when."""
    text = row.text("tier_text")
    if not text:
        return None
    tier = cells.entry_in(rulebook, "tiers", text)
    if tier is None or _PROPOSED.search(text):
        row.notes.append(_("No tier was read from “%(text)s”.") % {"text": text})
        return None
    day, is_exact = row.values.get("tier_date") or (None, False)
    if day is None and row.values.get("year"):
        day = date(row.values["year"], 1, 1)
    if day is None:
        row.notes.append(_("The tier was left out: no day or year of the decision."))
        return None
    note = "" if is_exact else "仅知年份 only the year is known"
    step = next((s.id for s in rulebook.tiers[tier].steps if s.title.zh in text), "")
    return TierStep(tier=tier, step=step, since=day, decided_by=text[:120], note=note)


def tier_of_row(row: Row, rulebook: Rulebook, today: date) -> TierStep | None:
    """A row of a list of tier decisions; problems go to the row."""
    tier = cells.entry_in(rulebook, "tiers", row.text("tier")) or ""
    steps = rulebook.tiers[tier].steps if tier else ()
    wanted = fold(row.text("step"))
    names = {fold(name): s.id for s in steps for name in (s.id, s.title.zh, s.title.en)}
    values = {
        "tier": tier,
        "step": names.get(wanted, wanted),
        "since": row.values.get("since"),
        "decided_by": row.text("decided_by"),
        "note": row.text("note"),
    }
    if values["since"] is None:
        row.wrong("since", _("This is missing."))
        return None
    for problem in problems_of_tier_step(values, rulebook, today=today):
        row.wrong(problem.field, problem.text)
    return TierStep(**values)


def put_tier(held: Held, step: TierStep) -> list[tuple[str, str, str]]:
    """Add a step unless it stands there; the facility's own columns follow the latest."""
    same = [
        s for s in held.steps if (s.tier, s.step, s.since) == (step.tier, step.step, step.since)
    ]
    if same:
        return []
    step.facility = held.facility
    held.steps.append(step)
    latest = max(held.steps, key=lambda s: (s.since, s.pk or float("inf")))
    held.facility.tier, held.facility.tier_step = latest.tier, latest.step
    held.write(held.facility)
    held.write(step)
    return [("tier", "", " ".join(filter(None, [step.tier, step.step, step.since.isoformat()])))]


def put_certificate(
    held: Held, resource: Resource | None, row: Row, rulebook: Rulebook
) -> tuple[bool, list[tuple[str, str, str]]]:
    """Add or correct a certificate; (is new, changes). Problems go to the row."""
    kind = cells.entry_in(rulebook, "certificate_kinds", row.text("certificate"))
    values = {k: row.values[k] for k in ("issuer", "valid_from", "valid_to") if k in row.values}
    values |= {"kind": kind or "", "number": row.text("number")}
    for problem in problems_of_certificate(values, rulebook):
        row.wrong("certificate" if problem.field == "kind" else problem.field, problem.text)
    if row.problems:
        return False, []
    key = (values["kind"], values["number"])
    found = next(
        (c for c in held.certificates if c.resource is resource and (c.kind, c.number) == key), None
    )
    certificate = found or Certificate(facility=held.facility, resource=resource)
    changes = [
        (name, show(getattr(certificate, name)), show(value))
        for name, value in values.items()
        if getattr(certificate, name) != value
    ]
    for name, value in values.items():
        setattr(certificate, name, value)
    if found is None:
        held.certificates.append(certificate)
    if changes:
        held.write(certificate)
    return found is None, changes
