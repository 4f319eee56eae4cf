"""Tariffs, prices tried, quotations, the cost behind a price, and prices compared."""

from typing import Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from ninja import Router

from pilotline.desks.booking.queries import quotations as queries
from pilotline.desks.booking.queries import tariffs as tariff_queries
from pilotline.desks.booking.rules.tariffs import Meter, Wanted
from pilotline.desks.booking.services import comparing, prices, quotations, tariffs
from pilotline.desks.registry import queries as registry
from pilotline.kernel.errors import NotFound
from pilotline.web.api.doors import Bearer
from pilotline.web.api.price_shapes import (
    ComparisonShape,
    CostGiven,
    CostShape,
    OwnTariffShape,
    PriceGiven,
    QuotationRow,
    QuotationShape,
    QuoteGiven,
    ReckonedShape,
    SampleGiven,
    TariffGiven,
    TariffShape,
    UseGiven,
    WithdrawalGiven,
    bill_of,
    own_tariff,
    quotation_of,
    quotation_row,
    tariff_of,
)
from pilotline.web.api.route import (
    Choice,
    Id,
    Limit,
    Listed,
    Offset,
    get,
    made,
    part_of,
    post,
    put,
)

router = Router(tags=[_("Prices and quotations")])
MINE, OPERATOR, REGION = Bearer("applicant"), Bearer("operator"), Bearer("authority")
PLACE = "/operator/facilities/{code}"
State = Literal["", "open", "accepted", "declined", "withdrawn", "expired"]


@get(
    router, "/facilities/{code}/prices", "facility-prices", _("The tariffs of a facility in force"),
    list[TariffShape], auth=None,
)  # fmt: skip
def price_list(request: HttpRequest, code: str) -> Any:
    found = registry.public_facility(code)
    rows = tariff_queries.price_list(found, timezone.localdate())
    return [tariff_of(row) for row in rows]


@post(
    router, "/facilities/{code}/prices/try", "facility-price-try",
    _("What some uses would cost now; nothing is kept"), ReckonedShape, auth=MINE,
)  # fmt: skip
def try_price(request: HttpRequest, code: str, given: PriceGiven) -> Any:
    if not request.who.belongs_to(given.organisation):
        raise NotFound
    bill = prices.priced(
        who=request.who,
        code=code,
        organisation=given.organisation,
        wanted=_wanted(given.wanted),
        now=timezone.now(),
    )
    return bill_of(bill)


def _wanted(rows: list[UseGiven]) -> list[Wanted]:
    return [
        Wanted(
            row.resource,
            row.day,
            tuple(Meter(m.kind, m.unit, m.amount, m.what) for m in row.meters),
            row.urgent,
        )
        for row in rows
    ]


@get(
    router, "/my/quotations", "my-quotations", _("Quotations of my organisations"),
    Listed[QuotationRow], auth=MINE,
)  # fmt: skip
def mine(
    request: HttpRequest, state: State = "", limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    rows = queries.my_quotations(who=request.who, today=timezone.localdate())
    return _part(rows, state, limit, offset)


@post(
    router, "/my/quotations", "my-quotations", _("Ask for a quotation"), QuotationShape,
    status=201, creates=True, auth=MINE,
)  # fmt: skip
def ask(request: HttpRequest, given: QuoteGiven) -> Any:
    found = quotations.quote(
        who=request.who,
        code=given.facility,
        organisation=given.organisation,
        wanted=_wanted(given.wanted),
        booking=given.booking,
        case=given.case,
        note=given.note,
        now=timezone.now(),
    )
    return made(quotation_of(queries.quotation(who=request.who, id=found.pk)))


@get(router, "/quotations/{id}", "quotation", _("One quotation"), QuotationShape, auth=Bearer())
def one(request: HttpRequest, id: Id) -> Any:
    return quotation_of(queries.quotation(who=request.who, id=id))


@post(
    router, "/my/quotations/{id}/accept", "my-quotation-accept", _("Accept a quotation"),
    QuotationShape, auth=MINE,
)  # fmt: skip
def accept(request: HttpRequest, id: Id) -> Any:
    quotations.accept_quotation(who=request.who, quotation=id, now=timezone.now())
    return quotation_of(queries.quotation(who=request.who, id=id))


@post(
    router, "/my/quotations/{id}/decline", "my-quotation-decline", _("Decline a quotation"),
    QuotationShape, auth=MINE,
)  # fmt: skip
def decline(request: HttpRequest, id: Id) -> Any:
    quotations.decline_quotation(who=request.who, quotation=id, now=timezone.now())
    return quotation_of(queries.quotation(who=request.who, id=id))


@get(
    router, "/operator/quotations", "operator-quotations", _("Quotations of my facilities"),
    Listed[QuotationRow], auth=OPERATOR,
)  # fmt: skip
def of_operator(
    request: HttpRequest, state: State = "", limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    rows = queries.operator_quotations(who=request.who, today=timezone.localdate())
    return _part(rows, state, limit, offset)


@post(
    router, "/operator/quotations/{id}/withdraw", "operator-quotation-withdraw",
    _("Take back a quotation that is still open"), QuotationShape, auth=OPERATOR,
)  # fmt: skip
def withdraw(request: HttpRequest, id: Id, given: WithdrawalGiven) -> Any:
    quotations.withdraw_quotation(
        who=request.who, quotation=id, reason=given.reason, now=timezone.now()
    )
    return quotation_of(queries.quotation(who=request.who, id=id))


def _part(rows: Any, state: str, limit: int, offset: int) -> dict[str, Any]:
    found = rows.filter(shown_state=state) if state else rows
    return part_of(found, limit, offset, quotation_row)


@get(
    router, PLACE + "/tariffs", "operator-tariffs",
    _("The newest version of every tariff of my facility, begun or not"), Listed[OwnTariffShape],
    auth=OPERATOR,
)  # fmt: skip
def own_tariffs(
    request: HttpRequest, code: str, limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    rows = tariff_queries.newest_of(who=request.who, code=code)
    return part_of(rows, limit, offset, own_tariff)


@post(
    router, PLACE + "/tariff/try", "operator-tariff-try",
    _("Try prices that are still being written; nothing is kept"), ReckonedShape, auth=OPERATOR,
)  # fmt: skip
def try_tariff(request: HttpRequest, code: str, given: SampleGiven) -> Any:
    registry.editable_facility(request.who, code)
    bill = tariffs.sample_bill(
        content=given.content,
        wanted=_wanted(given.wanted),
        user_class=given.user_class,
        now=timezone.now(),
    )
    # What is not kept yet has no number and no version.
    lines = [{**line, "tariff": None, "version": None} for line in bill.lines]
    return bill_of(bill) | {"lines": lines}


@get(
    router, PLACE + "/tariff", "operator-tariff",
    _("All versions of the prices of the facility as a whole, newest first"),
    Listed[OwnTariffShape], auth=OPERATOR,
)  # fmt: skip
def whole_versions(
    request: HttpRequest, code: str, limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    return _versions(request, code, None, limit, offset)


@get(
    router, PLACE + "/resources/{id}/tariff", "operator-resource-tariff",
    _("All versions of the prices of one resource, newest first"), Listed[OwnTariffShape],
    auth=OPERATOR,
)  # fmt: skip
def versions(
    request: HttpRequest, code: str, id: Id, limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    return _versions(request, code, id, limit, offset)


def _versions(
    request: HttpRequest, code: str, resource: int | None, limit: int, offset: int
) -> dict[str, Any]:
    rows = tariff_queries.tariff_versions(who=request.who, code=code, resource=resource)
    return part_of(rows.select_related("facility", "resource"), limit, offset, own_tariff)


@put(
    router, PLACE + "/tariff", "operator-tariff",
    _("Set the prices of the facility as a whole: a new version"), TariffShape, auth=OPERATOR,
)  # fmt: skip
def set_whole(request: HttpRequest, code: str, given: TariffGiven) -> Any:
    return _set(request, code, None, given)


@put(
    router, PLACE + "/resources/{id}/tariff", "operator-resource-tariff",
    _("Set the prices of one resource: a new version"), TariffShape, auth=OPERATOR,
)  # fmt: skip
def set_one(request: HttpRequest, code: str, id: Id, given: TariffGiven) -> Any:
    return _set(request, code, id, given)


def _set(request: HttpRequest, code: str, resource: int | None, given: TariffGiven) -> Any:
    row = tariffs.set_tariff(
        who=request.who,
        code=code,
        resource=resource,
        now=timezone.now(),
        **given.model_dump(),
    )
    return tariff_of(row)


@put(
    router, PLACE + "/resources/{id}/cost", "operator-resource-cost",
    _("State what stands behind an hour of a resource"), CostShape, auth=OPERATOR,
)  # fmt: skip
def set_cost(request: HttpRequest, code: str, id: Id, given: CostGiven) -> Any:
    basis = tariffs.set_cost_basis(
        who=request.who, code=code, resource=id, now=timezone.now(), **given.model_dump()
    )
    shown = tariffs.shown_cost(basis, on=timezone.localdate())
    return {
        "version": basis.version,
        "price": shown.price,
        "charged": shown.charged,
        "above": shown.above,
        "parts": shown.parts,
        "is_public": basis.is_public,
    }


@get(
    router, "/authority/prices", "authority-prices", _("Prices of like resources compared"),
    ComparisonShape, auth=REGION,
)  # fmt: skip
def compared(request: HttpRequest, group: Choice = "") -> Any:
    found = comparing.compare(who=request.who, group=group, now=timezone.now())
    spread = found.spread
    return {
        "group": found.chosen.id if found.chosen else "",
        "unit": found.chosen.unit if found.chosen else "",
        "median": spread.middle if spread else None,
        "low": spread.low if spread else None,
        "high": spread.high if spread else None,
        "rows": [
            {
                "facility": row.code,
                "name": row.facility,
                "region": row.region,
                "resource": row.resource,
                "price": row.price,
                "cost": row.cost,
                "lies": row.lies,
                "is_demo": row.is_demo,
            }
            for row in found.rows
        ],
    }
