"""What the matching desk sees: one frozen `Offer` for each active line of a published facility."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Max, Prefetch, Q, QuerySet
from django.utils import timezone

from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.registry.models import Capability, Certificate, Facility, Resource
from pilotline.desks.registry.rules.vocabulary import certificate_attribute, process_attribute
from pilotline.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class OfferedValue:
    """One thing stated for an attribute, and the record that states it.

    `low` and `high` are in the attribute's own unit, None is an open side; `values` are value
    ids (a flag states `yes` or `no`). `resource` is None for what holds at facility level,
    `capability` is None for a certificate or a resource's process codes. `until` is the last
    day a certificate is valid.
    """

    low: Decimal | None
    high: Decimal | None
    values: tuple[str, ...]
    resource: int | None
    resource_name: str
    resource_name_en: str
    capability: int | None
    written: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """An active line of a published facility; a facility without lines is one offer itself.

    `id` is `<facility id>-<line id or 0>` and never changes hands. `texts` are keyed by the text
    fields of the rulebook's `matching` entry, Chinese and English together. `price` is the
    line's own or else the lowest of its services.
    """

    id: str
    facility: int
    facility_code: str
    facility_name: str
    facility_name_en: str
    operator: int | None
    region: str
    latitude: float | None
    longitude: float | None
    tier: str
    tier_step: str
    chain: str
    line: int | None
    line_name: str
    line_name_en: str
    fields: frozenset[str]
    verifications: frozenset[str]
    processes: frozenset[str]
    services: frozenset[str]
    price: Decimal | None
    price_unit: str
    load: int | None
    load_stated_on: date | None
    available_from: date | None
    is_demo: bool
    attributes: Mapping[str, tuple[OfferedValue, ...]] = field(repr=False)
    texts: Mapping[str, str] = field(repr=False)


def catalogue_version() -> int:
    """The version of the newest change that is committed; 0 for an empty registry."""
    return Facility.objects.aggregate(newest=Max("version"))["newest"] or 0


def offers(since: int | None = None) -> Iterator[Offer]:
    """All offers, or those of facilities changed after version `since`, in a few queries."""
    facilities = Facility.objects.filter(status=Facility.Status.PUBLISHED)
    if since is not None:
        facilities = facilities.filter(version__gt=since)
    rulebook = current_rulebook()
    for facility in with_everything(facilities.order_by("id")):
        yield from offers_of(facility, rulebook)


def offers_changed_since(version: int) -> tuple[list[Offer], list[str]]:
    """Offers of facilities changed after `version`, and the ids that are offers no longer."""
    changed = list(offers(version))
    standing = {offer.id for offer in changed}
    touched = Facility.objects.filter(version__gt=version)
    lines = Resource.objects.filter(facility__in=touched, kind=Resource.Kind.LINE)
    possible = {offer_id(pk, None) for pk in touched.values_list("pk", flat=True)}
    possible |= {offer_id(f, pk) for f, pk in lines.values_list("facility_id", "pk")}
    return changed, sorted(possible - standing)


def offer(offer_id: str) -> Offer | None:
    """One offer by its id, or None when it is none (any more)."""
    facility, _, line = offer_id.partition("-")
    if not (facility.isdecimal() and line.isdecimal()):
        return None
    found = Facility.objects.filter(pk=int(facility), status=Facility.Status.PUBLISHED)
    rulebook = current_rulebook()
    for one in with_everything(found):
        return next((o for o in offers_of(one, rulebook) if o.id == offer_id), None)
    return None


def offer_id(facility: int, line: int | None) -> str:
    return f"{facility}-{line or 0}"


def with_everything(facilities: QuerySet[Facility]) -> QuerySet[Facility]:
    """Facilities with active resources, capabilities and certificates: four queries in all."""
    today = timezone.localdate()
    standing = Q(resource__isnull=True) | Q(resource__status=Resource.Status.ACTIVE)
    valid = Q(valid_to__isnull=True) | Q(valid_to__gte=today)
    begun = Q(valid_from__isnull=True) | Q(valid_from__lte=today)
    return facilities.prefetch_related(
        Prefetch(
            "resources",
            Resource.objects.filter(status=Resource.Status.ACTIVE),
            to_attr="active",
        ),
        Prefetch("capabilities", Capability.objects.filter(standing), to_attr="stated"),
        Prefetch(
            "certificates", Certificate.objects.filter(standing, valid, begun), to_attr="held"
        ),
    )


def offers_of(facility: Facility, rulebook: Rulebook) -> Iterator[Offer]:
    """The offers of one facility fetched by `with_everything`."""
    lines = [r for r in facility.active if r.kind == Resource.Kind.LINE]
    for line in lines or [None]:
        yield _offer(facility, line, rulebook)


def _offer(facility: Facility, line: Resource | None, rulebook: Rulebook) -> Offer:
    # What belongs to no line serves all lines of the facility.
    parts = [r for r in facility.active if r.kind != "line" and r.line_id in (None, _id(line))]
    own = [line, *parts] if line else parts
    price, price_unit = _price(line, parts)
    return Offer(
        id=offer_id(facility.pk, _id(line)),
        facility=facility.pk,
        facility_code=facility.code,
        facility_name=facility.name,
        facility_name_en=facility.name_en,
        operator=facility.operator_id,
        region=facility.region,
        latitude=None if facility.latitude is None else float(facility.latitude),
        longitude=None if facility.longitude is None else float(facility.longitude),
        tier=facility.tier,
        tier_step=facility.tier_step,
        chain=facility.chain,
        line=_id(line),
        line_name=line.name if line else "",
        line_name_en=line.name_en if line else "",
        fields=frozenset((line.fields if line else []) or facility.fields),
        verifications=_union(r.verifications for r in own),
        processes=_union(r.processes for r in own),
        services=frozenset(r.service_kind for r in own if r.service_kind),
        price=price,
        price_unit=price_unit,
        load=line.load if line else None,
        load_stated_on=line.load_stated_on if line else None,
        available_from=line.available_from if line else None,
        is_demo=facility.is_demo,
        attributes=_attributes(facility, own, rulebook),
        texts=_texts(facility, line, own, rulebook),
    )


def _id(line: Resource | None) -> int | None:
    return line.pk if line else None


def _union(lists: Iterable[Iterable[str]]) -> frozenset[str]:
    return frozenset(value for one in lists for value in one)


def _price(line: Resource | None, parts: list[Resource]) -> tuple[Decimal | None, str]:
    if line is not None and line.price is not None:
        return line.price, line.price_unit
    priced = [r for r in parts if r.kind == Resource.Kind.SERVICE and r.price is not None]
    cheapest = min(priced, key=lambda r: r.price, default=None)
    return (cheapest.price, cheapest.price_unit) if cheapest else (None, "")


def _attributes(
    facility: Facility, own: list[Resource], rulebook: Rulebook
) -> dict[str, tuple[OfferedValue, ...]]:
    names: dict[int | None, tuple[str, str]] = {r.pk: (r.name, r.name_en) for r in own}
    names[None] = facility.name, facility.name_en
    found: dict[str, list[OfferedValue]] = defaultdict(list)
    for c in facility.stated:
        if c.resource_id in names:
            found[c.attribute].append(
                OfferedValue(
                    plainly(c.low),
                    plainly(c.high),
                    tuple(c.values),
                    c.resource_id,
                    *names[c.resource_id],
                    c.pk,
                    c.written,
                )
            )
    process, certificate = process_attribute(rulebook), certificate_attribute(rulebook)
    for r in own if process else ():
        if r.processes:
            written = "、".join(process.value_title(v, "zh") for v in r.processes)
            found[process.id].append(
                OfferedValue(None, None, tuple(r.processes), r.pk, *names[r.pk], None, written)
            )
    for held in facility.held if certificate else ():
        if held.resource_id in names:
            written = " ".join(
                filter(None, [rulebook.title("certificate_kinds", held.kind, "zh"), held.number])
            )
            found[certificate.id].append(
                OfferedValue(
                    None,
                    None,
                    (held.kind,),
                    held.resource_id,
                    *names[held.resource_id],
                    None,
                    written,
                    held.valid_to,
                )
            )
    return {attribute: tuple(values) for attribute, values in found.items()}


def plainly(value: Decimal | None) -> Decimal | None:
    """Without the zeros that the column's fixed scale appends."""
    return None if value is None else value.normalize() + 0


def _texts(
    facility: Facility, line: Resource | None, own: list[Resource], rulebook: Rulebook
) -> dict[str, str]:
    services = [r for r in own if r.kind == Resource.Kind.SERVICE]
    others = [r for r in own if r.kind not in (Resource.Kind.SERVICE, Resource.Kind.LINE)]
    stated = {r.pk for r in own} | {None}
    return {
        "name": _join(facility.name, facility.name_en, *(_names(line) if line else ())),
        "services": _join(
            *(x for r in services for x in (*_names(r), r.description)),
            *_titles(rulebook, "service_kinds", (r.service_kind for r in own)),
            *_titles(rulebook, "verifications", _union(r.verifications for r in own)),
        ),
        "capabilities": _join(
            *(
                x
                for c in facility.stated
                if c.resource_id in stated
                for x in (*_attribute_names(rulebook, c.attribute), c.written)
            ),
            *_process_titles(rulebook, _union(r.processes for r in own)),
        ),
        "resources": _join(*(x for r in others for x in (*_names(r), r.description))),
        "description": _join(
            facility.summary, facility.summary_en, line.description if line else ""
        ),
        "field": _join(
            *_titles(rulebook, "fields", (line.fields if line else []) or facility.fields)
        ),
        "chain": _join(*_titles(rulebook, "chains", [facility.chain])),
    }


def _names(resource: Resource) -> tuple[str, str, str]:
    return resource.name, resource.name_en, str(resource.facts.get("model") or "")


def _join(*pieces: str) -> str:
    return "\n".join(dict.fromkeys(piece for piece in pieces if piece))


def _titles(rulebook: Rulebook, kind: str, ids: Iterable[str]) -> list[str]:
    known = [rulebook.listing(kind).get(i) for i in sorted(set(ids)) if i]
    return [words for entry in known if entry for words in (entry.title.zh, entry.title.en)]


def _attribute_names(rulebook: Rulebook, attribute: str) -> tuple[str, ...]:
    known = rulebook.attributes.get(attribute)
    return (known.title.zh, known.title.en) if known else ()


def _process_titles(rulebook: Rulebook, ids: Iterable[str]) -> list[str]:
    process = process_attribute(rulebook)
    values = [process.value(i) for i in sorted(ids)] if process else []
    return [words for v in values if v for words in (v.title.zh, v.title.en)]
