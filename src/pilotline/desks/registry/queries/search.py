"""Search over what the region has: facilities, lines, equipment, sites, processes, services."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, F, FloatField, Func, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from pilotline.desks.registry.models import Facility, IndexRow
from pilotline.desks.registry.queries.facilities import Holds, synonyms, tier_rank
from pilotline.desks.registry.queries.words import query_of

PAGE = 20
KINDS = ("facility", "line", "equipment", "site", "process", "service", "skill")
FACETS = ("kind", "region", "field", "tier", "verification", "service", "process")
SORTS = ("name", "tier", "updated")
# Facets that look into a list of the resource.
LISTS = {"verification": "resource__verifications", "process": "resource__processes"}
DEEPEST = 500


@dataclass(frozen=True, slots=True)
class Hit:
    """A found facility or resource, with what a list of results shows of it."""

    kind: str
    code: str
    facility: str
    facility_en: str
    resource: int | None
    name: str
    name_en: str
    text: str
    text_en: str
    region: str
    tier: str
    fields: tuple[str, ...]
    price: Decimal | None
    price_unit: str
    is_demo: bool
    is_public_fact: bool


@dataclass(frozen=True, slots=True)
class Results:
    """A page of hits. `facets` counts, for each facet, what each of its values would give."""

    hits: tuple[Hit, ...]
    total: int
    page: int
    pages: int
    facets: Mapping[str, Mapping[str, int]]


class Rank(Func):
    """How well a tsvector answers a tsquery: weights of A to D, long texts toned down."""

    template = "ts_rank('{0.05,0.2,0.4,1}', %(expressions)s::tsquery, 1)"
    output_field = FloatField()


def search(
    text: str = "",
    filters: Mapping[str, str] | None = None,
    kind: str = "",
    page: int = 1,
    sort: str = "",
) -> Results:
    """Published things that answer the text and the filters, best first.

    `filters`: region, field, tier, verification, service (kind of service), process. `sort`: one
    of SORTS (highest tier first, newest first) in place of the best first. The number of queries
    does not depend on how much is found.
    """
    chosen = {k: v for k, v in (filters or {}).items() if k in FACETS and v} | (
        {"kind": kind} if kind else {}
    )
    query = query_of(text, synonyms()) if text.strip() else ""
    if text.strip() and not query:
        return Results((), 0, 1, 1, {facet: {} for facet in FACETS})
    rows = IndexRow.objects.filter(facility__status=Facility.Status.PUBLISHED)
    if query:
        rows = rows.filter(Holds("words", Value(query)))
    found = rows.filter(*(_chosen(facet, value) for facet, value in chosen.items()))
    total = found.count()
    pages = max(1, min(DEEPEST, -(-total // PAGE)))
    page = min(max(page, 1), pages)
    ordered = _sorted(found, sort) if sort in SORTS else _ranked(found, query)
    ranked = ordered.select_related("facility", "resource")
    hits = tuple(map(_hit, ranked[(page - 1) * PAGE : page * PAGE]))
    return Results(hits, total, page, pages, {f: _counts(rows, f, chosen) for f in FACETS})


def _chosen(facet: str, value: str) -> Q:
    if facet == "kind":
        return Q(kind=value)
    if facet == "field":
        return Q(facility__fields__contains=[value]) | Q(resource__fields__contains=[value])
    if facet in LISTS:
        return Q(**{f"{LISTS[facet]}__contains": [value]})
    if facet == "service":
        return Q(resource__service_kind=value)
    return Q(**{f"facility__{facet}": value})


def _ranked(found: QuerySet[IndexRow], query: str) -> QuerySet[IndexRow]:
    tier = tier_rank("facility__tier")
    if query:
        found = found.annotate(rank=Rank("words", Value(query)), height=tier)
        return found.order_by("-rank", "-height", "id")
    # Without a text: facilities first, the highest tier first.
    first = Func(
        Value(list(KINDS)),
        F("kind"),
        function="array_position",
        template="%(function)s(%(expressions)s)",
    )
    return found.annotate(place=first, height=tier).order_by("place", "-height", "facility", "id")


def _sorted(found: QuerySet[IndexRow], sort: str) -> QuerySet[IndexRow]:
    if sort == "tier":
        return found.annotate(height=tier_rank("facility__tier")).order_by("-height", "id")
    if sort == "updated":
        return found.order_by("-facility__updated_at", "id")
    return found.annotate(name=Coalesce("resource__name", "facility__name")).order_by("name", "id")


def _counts(rows: QuerySet[IndexRow], facet: str, chosen: Mapping[str, str]) -> dict[str, int]:
    """How many rows each value of a facet would give, all other choices standing."""
    others = [_chosen(f, value) for f, value in chosen.items() if f != facet]
    rows = rows.filter(*others).order_by()
    if facet == "kind":
        values = rows.values_list("kind")
    elif facet == "field":
        values = rows.annotate(value=Func("facility__fields", function="unnest")).values_list(
            "value"
        )
    elif facet in LISTS:
        values = rows.annotate(value=Func(LISTS[facet], function="unnest")).values_list("value")
    elif facet == "service":
        values = rows.values_list("resource__service_kind")
    else:
        values = rows.values_list(f"facility__{facet}")
    return {value: n for value, n in values.annotate(n=Count("id")) if value}


def _hit(row: IndexRow) -> Hit:
    facility, resource = row.facility, row.resource
    shown = resource or facility
    return Hit(
        kind=row.kind,
        code=facility.code,
        facility=facility.name,
        facility_en=facility.name_en,
        resource=row.resource_id,
        name=shown.name,
        name_en=shown.name_en,
        text=resource.description if resource else facility.summary,
        text_en="" if resource else facility.summary_en,
        region=facility.region,
        tier=facility.tier,
        fields=tuple(facility.fields),
        price=resource.price if resource else None,
        price_unit=resource.price_unit if resource else "",
        is_demo=facility.is_demo,
        is_public_fact=facility.is_public_fact,
    )
