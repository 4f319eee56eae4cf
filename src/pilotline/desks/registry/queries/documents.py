"""The words of a record, weighted A (name) to D (where it stands), for the search."""

from pilotline.desks.registry.models import Facility, Resource
from pilotline.desks.registry.rules.vocabulary import process_attribute
from pilotline.rulebook import Rulebook

Document = list[tuple[str, str]]


def document_of_facility(facility: Facility, rulebook: Rulebook) -> Document:
    """`facility` comes from `with_everything`, with its operator."""
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
        ("C", _stated(facility, None, rulebook)),
        ("D", facility.address),
    ]


def document_of_resource(facility: Facility, resource: Resource, rulebook: Rulebook) -> Document:
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
        ("C", _stated(facility, resource.pk, rulebook)),
        ("D", facility.name),
        ("D", facility.name_en),
    ]


def _stated(facility: Facility, resource: int | None, rulebook: Rulebook) -> str:
    """Names of what is stated, with the words of sets and levels and the text as typed."""
    words = []
    for capability in facility.stated:
        attribute = rulebook.attributes.get(capability.attribute)
        if capability.resource_id != resource or attribute is None:
            continue
        titles = [attribute.value(v) for v in capability.values]
        words += [attribute.title.zh, attribute.title.en, capability.written]
        words += [name for v in titles if v for name in (v.title.zh, v.title.en)]
    return " ".join(words)


def _entries(rulebook: Rulebook, kind: str, ids: list[str]) -> list[str]:
    found = [rulebook.listing(kind).get(i) for i in ids if i]
    return [name for entry in found if entry for name in (entry.title.zh, entry.title.en)]
