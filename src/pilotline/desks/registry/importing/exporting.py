"""The catalogue as a file that can be imported again, and that runs nothing when it is opened."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from pilotline.desks.registry.importing.columns import (
    KIND_NAMES,
    KINDS,
    SHEET_NAMES,
    STATUS_NAMES,
    Column,
)
from pilotline.desks.registry.importing.workbook import DANGEROUS, UNWRITABLE, Table, workbook
from pilotline.desks.registry.models import Capability, Certificate, Facility, Resource
from pilotline.desks.registry.rules.vocabulary import process_attribute
from pilotline.rulebook import Rulebook

# What these columns say is exported by others, or only lists from elsewhere have it.
IMPORT_ONLY = {
    "facilities": {"province", "tier_text", "tier_date", "year"},
    "resources": {"spec", "parameters", "price_internal", "currency"},
}
Line = dict[str, Any]


class Exporter:
    """Writes facilities with all that is below them. `language` decides the words."""

    def __init__(self, rulebook: Rulebook, language: str) -> None:
        self.rulebook, self.language = rulebook, language
        self.place = 0 if language.startswith("zh") else 1

    def xlsx(self, facilities: QuerySet[Facility]) -> bytes:
        """A workbook of five sheets: facilities, tiers, resources, capabilities, certificates."""
        found = list(whole(facilities))
        return workbook([self._table(kind, found) for kind in SHEET_NAMES])

    def _table(self, kind: str, facilities: list[Facility]) -> Table:
        columns = self.columns(kind)
        return Table(
            SHEET_NAMES[kind][self.place],
            [c.names[self.place] for c in columns],
            ([line.get(c.key) for c in columns] for line in self.lines(kind, facilities)),
        )

    def csv(self, facilities: QuerySet[Facility], kind: str) -> bytes:
        """One of the lists as CSV in UTF-8 with the mark that Excel needs."""
        columns = self.columns(kind)
        out = io.StringIO(newline="")
        writer = csv.writer(out)
        writer.writerow([c.names[self.place] for c in columns])
        for line in self.lines(kind, list(whole(facilities))):
            writer.writerow([guarded(line.get(c.key)) for c in columns])
        return out.getvalue().encode("utf-8-sig")

    def columns(self, kind: str) -> list[Column]:
        return [c for c in KINDS[kind] if c.key not in IMPORT_ONLY.get(kind, set())]

    def lines(self, kind: str, facilities: list[Facility]) -> Iterator[Line]:
        made: Callable[[Facility], Iterable[Line]] = getattr(self, f"_{kind}")
        for facility in facilities:
            yield from made(facility)

    def _facilities(self, facility: Facility) -> Iterator[Line]:
        line: Line = {c.key: getattr(facility, c.key, None) for c in self.columns("facilities")}
        operator = facility.operator.name if facility.operator else facility.source_operator
        yield line | {
            "operator": operator,
            "region": self._region(facility.region),
            "fields": self._titles("fields", facility.fields),
            "chain": self._titles("chains", [facility.chain]),
            "construction_model": self._titles(
                "construction_models", [facility.construction_model]
            ),
            "status": STATUS_NAMES[facility.status][self.place],
        }

    def _tiers(self, facility: Facility) -> Iterator[Line]:
        for step in facility.steps:
            tier = self.rulebook.tiers.get(step.tier)
            title = next((s.title for s in tier.steps if s.id == step.step), None) if tier else None
            yield self._owner(facility) | {
                "tier": self._titles("tiers", [step.tier]),
                "step": title.say(self.language) if title else step.step,
                "since": step.since,
                "decided_by": step.decided_by,
                "note": step.note,
            }

    def _resources(self, facility: Facility) -> Iterator[Line]:
        process = process_attribute(self.rulebook)
        plain = (
            "name_en description quantity price price_unit price_note load load_stated_on "
            "available_from source_url"
        )
        known = by_id(facility)
        active = (r for r in facility.resources_and_lines if r.status == Resource.Status.ACTIVE)
        for resource in sorted(active, key=lambda r: r.kind != "line"):
            values = [process.value_title(v, self.language) for v in resource.processes if process]
            facts = {
                key: resource.facts.get(key) for key in ("maker", "area", "headcount", "title")
            }
            yield (
                self._owner(facility)
                | self._resource(resource, known)
                | facts
                | {
                    **{key: getattr(resource, key) for key in plain.split()},
                    "made_year": resource.facts.get("year"),
                    "processes": "；".join(values),
                    "service_kind": self._titles("service_kinds", [resource.service_kind]),
                    "verifications": self._titles("verifications", resource.verifications),
                    "fields": self._titles("fields", resource.fields),
                }
            )

    def _capabilities(self, facility: Facility) -> Iterator[Line]:
        known = by_id(facility)
        for stated in facility.stated:
            attribute = self.rulebook.attributes.get(stated.attribute)
            title = attribute.title.say(self.language) if attribute else stated.attribute
            yield (
                self._owner(facility)
                | self._resource(known.get(stated.resource_id), known)
                | {
                    "attribute": title,
                    "written": stated.written,
                    "unit": stated.unit,
                    "measured_on": stated.measured_on,
                    "evidence": stated.evidence,
                }
            )

    def _certificates(self, facility: Facility) -> Iterator[Line]:
        known = by_id(facility)
        for held in facility.held:
            yield (
                self._owner(facility)
                | self._resource(known.get(held.resource_id), known)
                | {
                    "certificate": self._titles("certificate_kinds", [held.kind]),
                    "number": held.number,
                    "issuer": held.issuer,
                    "valid_from": held.valid_from,
                    "valid_to": held.valid_to,
                }
            )

    def _owner(self, facility: Facility) -> Line:
        return {"code": facility.code, "facility": facility.name}

    def _resource(self, resource: Resource | None, known: Mapping[int | None, Resource]) -> Line:
        if resource is None:
            return {}
        return {
            "kind": KIND_NAMES[resource.kind][self.place],
            "line": known[resource.line_id].name if resource.line_id else "",
            "name": resource.name,
            "model": resource.facts.get("model"),
        }

    def _region(self, code: str) -> str:
        city = self.rulebook.cities.get(code)
        whole = self.rulebook.region
        title = city.title if city else whole.title if code == whole.id else None
        return title.say(self.language) if title else code

    def _titles(self, kind: str, ids: Iterable[str]) -> str:
        return "；".join(self.rulebook.title(kind, i, self.language) for i in ids if i)


def whole(facilities: QuerySet[Facility]) -> QuerySet[Facility]:
    """Facilities with everything that is exported, in a few queries."""
    named = Q(status=Resource.Status.ACTIVE) | Q(kind=Resource.Kind.LINE)
    standing = Q(resource__isnull=True) | Q(resource__status=Resource.Status.ACTIVE)
    stated, held = Capability.objects.filter(standing), Certificate.objects.filter(standing)
    return facilities.select_related("operator").prefetch_related(
        Prefetch("resources", Resource.objects.filter(named), to_attr="resources_and_lines"),
        Prefetch("capabilities", stated.order_by("id"), to_attr="stated"),
        Prefetch("certificates", held.order_by("id"), to_attr="held"),
        Prefetch("tier_steps", to_attr="steps"),
    )


def by_id(facility: Facility) -> dict[int | None, Resource]:
    """Resources of a facility of `whole`, each made once however many rows name it."""
    return {resource.pk: resource for resource in facility.resources_and_lines}


def guarded(value: Any) -> str:
    """A CSV cell that no spreadsheet takes for a formula; an import takes the mark away."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    text = value.isoformat() if isinstance(value, date) else UNWRITABLE.sub("", str(value))
    return f"'{text}" if isinstance(value, str) and text.startswith((*DANGEROUS, "'")) else text
