"""How prices are told to programs: tariffs, bills, quotations, comparisons. Amounts are yuan."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from django.utils import timezone
from django.utils.translation import gettext_noop as _
from ninja import Field, Schema

from pilotline.desks.booking.rules.tariffs import has_expired
from pilotline.web.api.route import Given, Id

Amount = Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=6)]
Unit = Annotated[str, Field(max_length=20, description=_("hour, half_day, day … kg_day, kwh."))]


class MeterGiven(Given):
    """So much of one kind of charge."""

    kind: str = Field(max_length=20, examples=["use"])
    unit: Unit = Field(examples=["hour"])
    amount: Amount = Field(examples=["6"])
    what: str = Field(default="", max_length=80)


class UseGiven(Given):
    """One use of a resource; none: of the facility as a whole."""

    resource: Id | None = None
    day: date
    meters: list[MeterGiven] = Field(max_length=20)
    urgent: bool = False


class PriceGiven(Given):
    organisation: Id = Field(description=_("Yours; its class of user sets the price."))
    wanted: list[UseGiven] = Field(max_length=40)


class QuoteGiven(PriceGiven):
    facility: str = Field(max_length=24, description=_("Its code."))
    booking: Id | None = None
    case: Id | None = None
    note: str = Field(default="", max_length=500)


class TermShape(Schema):
    word: str
    value: str
    unit: str


class LineShape(Schema):
    """A line, the tariff entry that made it, and the terms it was multiplied from."""

    kind: str
    title: str
    title_en: str
    amount: str
    tariff: Id | None
    version: int | None
    entry: str
    use: str = Field(description=_("The place in wanted; empty for the whole bill."))
    resource: Id | None
    what: str
    unit: str
    quantity: str | None
    terms: list[TermShape]


class ReckonedShape(Schema):
    user_class: str
    net: Decimal
    tax: Decimal
    total: Decimal
    lines: list[LineShape]


class QuotationShape(ReckonedShape):
    """A kept quotation. Nothing of it but its state is ever changed."""

    id: Id
    number: str
    facility: str
    organisation: Id
    booking: Id | None
    case: Id | None
    state: str = Field(description=_("open, accepted, declined, withdrawn or expired."))
    wanted: list[dict[str, Any]]
    note: str
    reason: str
    valid_until: date
    made_at: datetime
    decided_at: datetime | None
    release: int
    digest: str
    is_demo: bool


class QuotationRow(Schema):
    id: Id
    number: str
    facility: str
    organisation: Id
    state: str
    total: Decimal
    valid_until: date


class TariffShape(Schema):
    """One version of a tariff; docs/explain/pricing.md says what its content means."""

    id: Id
    resource: Id | None
    version: int
    valid_from: date
    valid_to: date | None
    content: dict[str, Any]
    note: str
    is_demo: bool


class TariffGiven(Given):
    valid_from: date
    valid_to: date | None = None
    content: dict[str, Any] = Field(description=_("Entries and terms, as a tariff shows them."))
    note: str = Field(default="", max_length=300)
    seen_version: int | None = Field(default=None, ge=0, le=2_000_000_000)


class SampleGiven(Given):
    """A tariff that is still being written, and a use to try it on."""

    content: dict[str, Any] = Field(description=_("Entries and terms, as a tariff shows them."))
    user_class: str = Field(max_length=40, examples=["sme"])
    wanted: list[UseGiven] = Field(max_length=40)


class OwnTariffShape(TariffShape):
    """A version of one of the operator's own tariffs. `code` names a resource where several are
    called alike, as in the list of prices."""

    facility: str
    name: str
    code: str
    made_at: datetime


class CostGiven(Given):
    content: dict[str, Any] = Field(description=_("value, years, hours, maintenance_share …"))
    is_public: bool = False
    seen_version: int | None = Field(default=None, ge=0, le=2_000_000_000)


class CostShape(Schema):
    """What an hour costs, with its parts, beside what is charged."""

    version: int
    price: Decimal
    charged: Decimal | None
    above: Decimal | None
    parts: list[dict[str, Any]]
    is_public: bool


class WithdrawalGiven(Given):
    reason: str = Field(max_length=300)


class ComparedShape(Schema):
    facility: str
    name: str
    region: str
    resource: str
    price: Decimal
    cost: Decimal | None
    lies: str = Field(description=_("high, low, or empty."))
    is_demo: bool


class ComparisonShape(Schema):
    """Prices of like resources by one unit; the ends beyond which a price lies outside."""

    group: str
    unit: str
    median: Decimal | None
    low: Decimal | None
    high: Decimal | None
    rows: list[ComparedShape]


def bill_of(bill: Any) -> dict[str, Any]:
    names = ("user_class", "net", "tax", "total", "lines")
    return {name: getattr(bill, name) for name in names}


def quotation_of(found: Any) -> dict[str, Any]:
    names = ("id", "number", "wanted", "note", "reason", "valid_until", "made_at", "decided_at")
    plain = {name: getattr(found, name) for name in (*names, "release", "digest", "is_demo")}
    return (
        bill_of(found)
        | plain
        | {
            "facility": found.facility.code,
            "organisation": found.organisation_id,
            "booking": found.booking_id,
            "case": found.case_id,
            "state": "expired" if has_expired(found, timezone.localdate()) else found.state,
        }
    )


def quotation_row(found: Any) -> dict[str, Any]:
    return {
        "id": found.pk,
        "number": found.number,
        "facility": found.facility.code,
        "organisation": found.organisation_id,
        "state": found.shown_state,
        "total": found.total,
        "valid_until": found.valid_until,
    }


def tariff_of(row: Any) -> dict[str, Any]:
    names = ("id", "version", "valid_from", "valid_to", "content", "note", "is_demo")
    return {name: getattr(row, name) for name in names} | {"resource": row.resource_id}


def own_tariff(row: Any) -> dict[str, Any]:
    thing = row.resource
    return tariff_of(row) | {
        "facility": row.facility.code,
        "name": thing.name if thing else "",
        "code": thing.code if thing else "",
        "made_at": row.made_at,
    }
