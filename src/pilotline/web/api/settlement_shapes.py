"""How orders, bills, vouchers and revenue are told to programs. Amounts are yuan as text."""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_noop as _
from ninja import Field, Schema

from pilotline.desks.settlement import queries
from pilotline.web.api.route import Id

YUAN = _("Yuan, as text to the fen.")


class OrderRow(Schema):
    """An order between an applicant and a facility's operator."""

    id: Id
    number: str = Field(examples=["DD-2026-000001"])
    title: str
    kind: str = Field(description=_("Of the rulebook's order_kinds."), examples=["service"])
    state: str = Field(
        description=_("draft, agreed, completed, terminated or withdrawn."), examples=["agreed"]
    )
    waiting_for: str = Field(description=_("applicant, operator, both, or empty."))
    applicant: str
    facility: str = Field(description=_("Its code."))
    facility_name: str
    price: str | None = Field(description=YUAN, examples=["120000.00"])
    starts: date | None
    ends: date | None
    version: int = Field(description=_("The newest text."))
    agreed_version: int | None = Field(description=_("The text in force; none before both agree."))
    changed_at: datetime


class ConsentShape(Schema):
    side: str = Field(examples=["applicant"])
    name: str
    organisation: str
    at: datetime
    digest: str = Field(description=_("Hash of the text that was seen."))


class OrderShape(OrderRow):
    """An order with its newest text."""

    digest: str = Field(description=_("SHA-256 of the text; a consent names it."))
    text: dict[str, Any] = Field(description=_("All that is printed, in both languages."))
    consents: list[ConsentShape]


class BillRow(Schema):
    """A bill of a facility's operator."""

    id: Id
    number: str | None = Field(
        description=_("None while it is a draft."), examples=["ZD-2026-000001"]
    )
    title: str
    state: str = Field(
        description=_("draft, issued, paid, settled, cancelled or dropped."), examples=["issued"]
    )
    payer: str
    facility: str = Field(description=_("Its code."))
    order: str | None = Field(description=_("The order's number."))
    booking: str | None = Field(description=_("The booking's number."))
    net: str = Field(description=YUAN, examples=["100000.00"])
    tax: str = Field(description=YUAN, examples=["6000.00"])
    gross: str = Field(description=YUAN, examples=["106000.00"])
    covered: str = Field(description=_("By vouchers, in yuan."), examples=["31800.00"])
    paid: str = Field(description=YUAN, examples=["0.00"])
    due: date | None


class BillLineShape(Schema):
    kind: str = Field(description=_("charge or adjustment."), examples=["charge"])
    words_zh: str
    words_en: str
    quantity: str | None
    unit: str
    net: str
    tax: str
    reason: str = Field(description=_("Why, for an adjustment."))
    source: dict[str, Any] = Field(
        description=_("Tariff, version, entry, quotation, booking or milestone that made it.")
    )


class CoveredShape(Schema):
    """A part of a bill that public money covers."""

    id: Id
    number: str
    voucher: str = Field(description=_("Of the rulebook's vouchers."))
    amount: str = Field(description=YUAN)
    state: str = Field(description=_("spent, reimbursed or returned."), examples=["spent"])


class BillShape(BillRow):
    """A bill with its lines and what covers it."""

    digest: str = Field(description=_("SHA-256 of the issued text; empty for a draft."))
    lines: list[BillLineShape]
    uses: list[CoveredShape]


class FacilityRevenue(Schema):
    facility: str = Field(description=_("Its code."))
    name: str
    bills: int
    billed: str
    covered: str
    income: str


class RevenueShape(Schema):
    """What facilities of the region agreed, billed and earned, in yuan."""

    orders: int
    agreed: int
    billed: str
    vouchers: str
    received: str
    open: str
    settled: str
    income: str = Field(description=_("Net income of settled bills."))
    disputes: int
    facilities: list[FacilityRevenue]


def order_row(row: Any) -> dict[str, Any]:
    return {
        "id": row.pk,
        "applicant": row.applicant.name,
        "facility": row.facility.code,
        "facility_name": row.facility.name,
        "price": None if row.price is None else str(row.price),
        **{
            name: getattr(row, name)
            for name in (
                "number", "title", "kind", "state", "waiting_for", "starts", "ends", "version",
                "agreed_version", "changed_at",
            )
        },
    }  # fmt: skip


def order_of(row: Any) -> dict[str, Any]:
    """An order that was fetched through its query, with its newest text."""
    text = queries.latest(order=row)
    consents = [
        {
            "side": one.side,
            "name": one.author_name,
            "organisation": one.organisation.name,
            "at": one.at,
            "digest": one.digest,
        }
        for one in text.consents.select_related("organisation")
    ]
    return order_row(row) | {"digest": text.digest, "text": text.content, "consents": consents}


def bill_row(row: Any) -> dict[str, Any]:
    return {
        "id": row.pk,
        "payer": row.payer.name,
        "facility": row.facility.code,
        "order": row.order.number if row.order else None,
        "booking": row.booking.number if row.booking else None,
        **{name: str(getattr(row, name)) for name in ("net", "tax", "gross", "covered", "paid")},
        **{name: getattr(row, name) for name in ("number", "title", "state", "due")},
    }


def use_of(row: Any) -> dict[str, Any]:
    return {
        "id": row.pk,
        "number": row.number,
        "voucher": row.account.voucher,
        "amount": str(row.amount),
        "state": row.state,
    }


def bill_of(row: Any) -> dict[str, Any]:
    """A bill that was fetched through its query."""
    lines = [
        {
            **{name: getattr(one, name) for name in ("kind", "words_zh", "words_en", "unit")},
            "quantity": None if one.quantity is None else f"{one.quantity:f}",
            "net": str(one.net),
            "tax": str(one.tax),
            "reason": one.reason,
            "source": one.source,
        }
        for one in row.lines.all()
    ]
    uses = [use_of(one) for one in row.uses.all()]
    return bill_row(row) | {"digest": row.digest, "lines": lines, "uses": uses}


def revenue_of(who: Any) -> dict[str, Any]:
    found = queries.figures(who=who)
    counts = {name: found[name] for name in ("orders", "agreed", "disputes")}
    sums = {name: str(amount) for name, amount in found.items() if name not in counts}
    rows = [
        {
            "facility": row["facility__code"],
            "name": row["facility__name"],
            "bills": row["bills"],
            "billed": str(row["billed"]),
            "covered": str(row["covered_sum"]),
            "income": str(row["income"]),
        }
        for row in queries.by_facility(who=who)
    ]
    return counts | sums | {"facilities": rows}
