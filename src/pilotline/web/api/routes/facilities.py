"""What is in the catalogue for everybody, and the search over all of it."""

from decimal import Decimal
from typing import Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Field, Router, Schema

from pilotline.desks.registry import queries
from pilotline.web.api.facility_shapes import FacilityRow, FacilityShape, row_of, whole_of
from pilotline.web.api.route import (
    Choice,
    Id,
    Limit,
    Listed,
    Offset,
    Words,
    download,
    get,
    part_of,
)
from pilotline.web.shared import papers

router = Router(tags=[_("Catalogue")])
Kind = Literal["", "facility", "line", "equipment", "site", "process", "service", "skill"]
Sort = Literal["code", "-code", "name", "-name", "tier", "-tier", "updated", "-updated"]


class HitShape(Schema):
    """A found facility, or something that one has."""

    kind: str = Field(examples=["line"])
    code: str = Field(description=_("Code of the facility."))
    facility: str
    facility_en: str
    resource: Id | None
    name: str
    name_en: str
    text: str
    region: str
    tier: str
    fields: list[str]
    price: Decimal | None
    price_unit: str
    is_demo: bool
    is_public_fact: bool


class Found(Schema):
    items: list[HitShape]
    total: int
    page: int
    pages: int
    facets: dict[str, dict[str, int]] = Field(
        description=_("For each facet, how many each of its values would give.")
    )


@get(
    router, "/facilities", "facilities", _("Published facilities"), Listed[FacilityRow],
    about=_("Filtered by ids of the rulebook; region may be a city or the province."),
)  # fmt: skip
def facilities(
    request: HttpRequest,
    text: Words = "",
    region: Choice = "",
    field: Choice = "",
    chain: Choice = "",
    tier: Choice = "",
    sort: Sort = "code",
    limit: Limit = 50,
    offset: Offset = 0,
) -> dict[str, Any]:
    wanted = {"region": region, "field": field, "chain": chain, "tier": tier}
    rows = queries.facilities(
        request.who, text=text, filters=wanted | {"status": "published"}, sort=sort
    )
    return part_of(rows, limit, offset, row_of)


@get(
    router, "/facilities/{code}", "facility",
    _("One published facility with lines, equipment, capabilities and certificates"),
    FacilityShape,
)  # fmt: skip
def facility(request: HttpRequest, code: str) -> dict[str, Any]:
    return whole_of(queries.public_facility(code))


@get(
    router, "/papers/{id}", "paper", _("Download a certificate’s file"), None,
    extra=download("*/*"),
    about=_("For everybody when it is public; else for its operator and the region’s authority."),
)  # fmt: skip
def paper(request: HttpRequest, id: Id) -> Any:
    return papers.paper(request, id)


@get(
    router, "/search", "search",
    _("Search over facilities and everything they have"), Found,
    about=_("Best first, 20 a page, with counts for narrowing it down."),
)  # fmt: skip
def search(
    request: HttpRequest,
    text: Words = "",
    kind: Kind = "",
    region: Choice = "",
    field: Choice = "",
    tier: Choice = "",
    verification: Choice = "",
    page: int = 1,
) -> Any:
    filters = {"region": region, "field": field, "tier": tier, "verification": verification}
    found = queries.search(text, filters, kind, page)
    names = ("total", "page", "pages", "facets")
    return {name: getattr(found, name) for name in names} | {"items": found.hits}
