"""The words of a record, weighted A (name) to D (where it stands), for the search."""

from collections.abc import Iterator

from pilotline.desks.registry.models import Capability, Facility, Resource
from pilotline.desks.registry.rules.vocabulary import process_attribute
from pilotline.rulebook import Rulebook

Document = list[tuple[str, str]]


def documents_of(
    facility: Facility, rulebook: Rulebook
) -> Iterator[tuple[Resource | None, Document]]:
    """The facility's own document (None), then one for each active resource.

    `facility` comes from `with_everything`, with its operator.
    """
    stated: dict[int | None, list[Capability]] = {}
    for capability in facility.stated:
        stated.setdefault(capability.resource_id, []).append(capability)
    yield None, _of_facility(facility, stated.get(None, []), rulebook)
    for resource in facility.active:
        yield resource, _of_resource(facility, resource, stated.get(resource.pk, []), rulebook)


def _of_facility(facility: Facility, stated: list[Capability], rulebook: Rulebook) -> Document:
    operator = facility.operator.name if facility.operator else facility.source_operator
    listed = [
        *_entries(rulebook, "fields", facility.fields),
        *_entries(rulebook, "chains", [facility.chain]),
        *_entries(rulebook, "tiers", [facility.tier]),
        *_entries(rulebook, "cities", [facility.region]),
        *_entries(rulebook, "certificate_kinds", [c.kind for c in facility.held]),
    ]
    return [
        ("A", facility.code),
        ("A", facility.name),
        ("A", facility.name_en),
        ("B", " ".join(listed)),
        ("B", operator),
        ("C", facility.summary),
        ("C", facility.summary_en),
        ("C", _stated(stated, rulebook)),
        ("D", facility.address),
    ]


def _of_resource(
    facility: Facility, resource: Resource, stated: list[Capability], rulebook: Rulebook
) -> Document:
    process = process_attribute(rulebook)
    values = [process.value(p) for p in resource.processes] if process else []
    listed = [
        *_entries(rulebook, "service_kinds", [resource.service_kind]),
        *_entries(rulebook, "verifications", resource.verifications),
        *_entries(rulebook, "fields", resource.fields),
        *(name for value in values if value for name in (value.title.zh, value.title.en)),
    ]
    return [
        ("A", resource.name),
        ("A", resource.name_en),
        ("B", " ".join(listed)),
        ("B", " ".join(str(resource.facts.get(f) or "") for f in ("model", "maker", "title"))),
        ("C", resource.description),
        ("C", _stated(stated, rulebook)),
        ("D", facility.name),
        ("D", facility.name_en),
    ]


def _stated(stated: list[Capability], rulebook: Rulebook) -> str:
    """Names of what is stated, with the words of sets and levels and the text as typed."""
    words = []
    for capability in stated:
        attribute = rulebook.attributes.get(capability.attribute)
        if attribute is None:
            continue
        titles = [attribute.value(v) for v in capability.values]
        words += [attribute.title.zh, attribute.title.en, capability.written]
        words += [name for v in titles if v for name in (v.title.zh, v.title.en)]
    return " ".join(words)


def _entries(rulebook: Rulebook, kind: str, ids: list[str]) -> list[str]:
    found = [rulebook.listing(kind).get(i) for i in ids if i]
    return [name for entry in found if entry for name in (entry.title.zh, entry.title.en)]
