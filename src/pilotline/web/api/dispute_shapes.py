"""How disputes and rules of sharing are told to programs, and the terms of an order taken."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from django.utils.translation import gettext_noop as _
from ninja import Field, Schema

from pilotline.web.api.route import Given, Id

Money = Annotated[Decimal, Field(ge=0, le=Decimal("99999999999.99"), examples=["36000.00"])]
Percent = Annotated[Decimal, Field(ge=0, le=100, examples=["12.5"])]


class DisputeRow(Schema):
    """What two sides of an order cannot agree on."""

    id: Id
    number: str = Field(examples=["ZY-2026-000001"])
    order: str = Field(description=_("The order's number."))
    bill: str | None = Field(description=_("The bill's number."))
    subject: str
    side: str = Field(description=_("Who opened it: applicant or operator."))
    state: str = Field(description=_("open, settled or withdrawn."), examples=["open"])
    opened_at: datetime
    last_at: datetime


class DisputeEntryShape(Schema):
    kind: str = Field(description=_("opening, statement, mediation, settlement, withdrawal."))
    side: str
    name: str
    text: str
    at: datetime


class DisputeShape(DisputeRow):
    """A dispute with all that was said."""

    outcome: str
    entries: list[DisputeEntryShape]


class PartyShape(Schema):
    """Somebody who shares in a facility's income."""

    id: Id
    kind: str = Field(description=_("Of the rulebook's share_kinds."), examples=["facility"])
    name: str
    account: str
    percent: str = Field(description=_("By the rule in force."), examples=["40"])


class ShareRuleShape(Schema):
    """Who shares in a facility's net income, and how. `number` is 0 before the first rule."""

    number: int
    parties: list[PartyShape]


class DeliverableGiven(Given):
    title: str = Field(max_length=400)
    amount: str = Field(default="", max_length=400)
    standard: str = Field(default="", max_length=400)


class MilestoneGiven(Given):
    title: str = Field(max_length=400)
    due: date | None = None
    payment: Money | None = None


class TermsGiven(Given):
    """All that both sides agree on; what is left out stays empty in the text."""

    kind: str = Field(description=_("Of the rulebook's order_kinds."), examples=["service"])
    title: str = Field(max_length=2000)
    scope: str = Field(default="", max_length=20000)
    deliverables: list[DeliverableGiven] = Field(default_factory=list, max_length=40)
    milestones: list[MilestoneGiven] = Field(default_factory=list, max_length=40)
    price: Money | None = None
    quotation: str = Field(
        default="", max_length=40, description=_("Number of an accepted quotation.")
    )
    shares: dict[str, Percent] = Field(
        default_factory=dict, description=_("By side, where an order is paid by shares.")
    )
    clauses: dict[str, str] = Field(
        default_factory=dict, description=_("Clause of the rulebook's order_clauses by group.")
    )
    extra: str = Field(default="", max_length=20000)
    starts: date | None = None
    ends: date | None = None


def dispute_row(row: Any) -> dict[str, Any]:
    return {
        "id": row.pk,
        "order": row.order.number,
        "bill": row.bill.number if row.bill else None,
        **{
            name: getattr(row, name)
            for name in ("number", "subject", "side", "state", "opened_at", "last_at")
        },
    }


def dispute_of(row: Any) -> dict[str, Any]:
    """A dispute that was fetched through its query."""
    said = [
        {"name": one.author_name, **{n: getattr(one, n) for n in ("kind", "side", "text", "at")}}
        for one in row.entries.all()
    ]
    return dispute_row(row) | {"outcome": row.outcome, "entries": said}


def share_rule_of(parties: Any, rule: Any) -> dict[str, Any]:
    """Parties and the rule in force, None before the first."""
    percents = {part.party_id: part.percent for part in rule.parts.all()} if rule else {}
    return {
        "number": rule.number if rule else 0,
        "parties": [
            {
                "id": one.pk,
                **{name: getattr(one, name) for name in ("kind", "name", "account")},
                "percent": f"{percents.get(one.pk, Decimal(0)).normalize():f}",
            }
            for one in parties
        ],
    }
