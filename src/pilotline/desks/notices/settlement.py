"""News of orders, bills, vouchers and disputes, told to whoever it waits for."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pilotline.desks.journal.events import on
from pilotline.desks.notices.services import tell
from pilotline.desks.people import queries as people
from pilotline.desks.settlement import events
from pilotline.desks.settlement import queries as settlement
from pilotline.kernel.actor import SYSTEM


def _side(event: events.OrderEvent, side: str) -> list[int]:
    """The users of one side of an order."""
    if side == "applicant":
        return people.users_of(event.applicant)
    return people.operators_of(event.operator)


def _other(side: str) -> str:
    return "operator" if side == "applicant" else "applicant"


def _of_order(
    event: events.OrderEvent, users: Iterable[int], kind: str, key: str, now: datetime, **more: Any
) -> None:
    tell(
        users=users,
        kind=kind,
        facts={"number": event.number, **more},
        subject=("order", event.order),
        key=f"{kind}:{event.order}:{key}",
        now=now,
    )


def _of_bill(event: events.BillEvent, users: Iterable[int], kind: str, now: datetime) -> None:
    facts = {"number": event.number, "gross": event.gross}
    if isinstance(event, events.BillIssued):
        facts["due"] = event.due
    if isinstance(event, events.VoucherSpent):
        facts["amount"] = event.amount
    key = event.use if isinstance(event, events.VoucherSpent) else event.bill
    tell(
        users=users,
        kind=kind,
        facts=facts,
        subject=("bill", event.bill),
        key=f"{kind}:{key}",
        now=now,
    )


@on(events.OrderDrafted)
def tell_of_draft(event: events.OrderDrafted, now: datetime) -> None:
    _of_order(event, _side(event, _other(event.side)), "order.drafted", "", now)


@on(events.OrderChanged)
def tell_of_change(event: events.OrderChanged, now: datetime) -> None:
    users = _side(event, _other(event.side))
    _of_order(event, users, "order.changed", str(event.version), now, version=event.version)


@on(events.OrderConsented)
def tell_of_consent(event: events.OrderConsented, now: datetime) -> None:
    users = _side(event, _other(event.side))
    _of_order(event, users, "order.consented", str(event.version), now)


@on(events.OrderAgreed)
def tell_of_agreed_order(event: events.OrderAgreed, now: datetime) -> None:
    kind = "order.amended" if event.amendment else "order.agreed"
    users = [*_side(event, "applicant"), *_side(event, "operator")]
    _of_order(event, users, kind, str(event.version), now)


@on(events.OrderClosed)
def tell_of_closed_order(event: events.OrderClosed, now: datetime) -> None:
    users = [*_side(event, "applicant"), *_side(event, "operator")]
    _of_order(event, users, f"order.{event.state}", "", now)


@on(events.DisputeOpened)
def tell_of_dispute(event: events.DisputeOpened, now: datetime) -> None:
    dispute = settlement.dispute(who=SYSTEM, id=event.dispute)
    tell(
        users=[*_side(event, _other(event.side)), *people.authorities_of(dispute.region)],
        kind="dispute.opened",
        facts={"number": event.dispute_number, "order": event.number, "subject": dispute.subject},
        subject=("dispute", event.dispute),
        key=f"dispute.opened:{event.dispute}",
        now=now,
    )


@on(events.DisputeMoved)
def tell_of_dispute_word(event: events.DisputeMoved, now: datetime) -> None:
    dispute = settlement.dispute(who=SYSTEM, id=event.dispute)
    users = [user for side in ("applicant", "operator") if side != event.side
             for user in _side(event, side)]  # fmt: skip
    if event.side != "authority":
        users += people.authorities_of(dispute.region)
    ended = event.move in ("settlement", "withdrawal")
    tell(
        users=users,
        kind="dispute.ended" if ended else "dispute.message",
        facts={"number": event.dispute_number, "order": event.number},
        subject=("dispute", event.dispute),
        key=f"dispute:{event.entry}",
        now=now,
    )


@on(events.BillDrafted)
def tell_of_bill_draft(event: events.BillDrafted, now: datetime) -> None:
    _of_bill(event, people.operators_of(event.payee), "bill.drafted", now)


@on(events.BillIssued)
def tell_of_bill(event: events.BillIssued, now: datetime) -> None:
    _of_bill(event, people.users_of(event.payer), "bill.issued", now)


@on(events.BillPaid)
def tell_of_payment(event: events.BillPaid, now: datetime) -> None:
    _of_bill(event, people.operators_of(event.payee), "bill.paid", now)


@on(events.BillCancelled)
def tell_of_credit_note(event: events.BillCancelled, now: datetime) -> None:
    _of_bill(event, people.users_of(event.payer), "bill.cancelled", now)


@on(events.BillSettled)
def tell_of_settled_bill(event: events.BillSettled, now: datetime) -> None:
    _of_bill(event, people.users_of(event.payer), "bill.settled", now)


@on(events.VoucherSpent)
def tell_of_voucher(event: events.VoucherSpent, now: datetime) -> None:
    bill = settlement.bill(who=SYSTEM, id=event.bill)
    users = [*people.operators_of(event.payee), *people.authorities_of(bill.facility.region)]
    _of_bill(event, users, "voucher.spent", now)


@on(events.RevenueShared)
def tell_of_shares(event: events.RevenueShared, now: datetime) -> None:
    _of_bill(event, people.operators_of(event.payee), "revenue.shared", now)
