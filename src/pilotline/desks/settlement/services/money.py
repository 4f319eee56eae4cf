"""Payments, credit notes, and the end of a bill. Money is recorded here, not moved."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pilotline.desks.journal.services import emit, record
from pilotline.desks.settlement.events import BillCancelled, BillSettled
from pilotline.desks.settlement.models import Bill, CreditNote, Dispute, Payment
from pilotline.desks.settlement.queries import rule_in_force
from pilotline.desks.settlement.rules import BILL_MOVES, acts_for, may_become
from pilotline.desks.settlement.rules.chart import of_bill, of_payment, reversed_lines
from pilotline.desks.settlement.services.bills import facts_of, mark_paid
from pilotline.desks.settlement.services.ledger import post
from pilotline.desks.settlement.services.locks import locked_bill
from pilotline.desks.settlement.services.numbers import next_number
from pilotline.desks.settlement.services.shares import divide_income, take_back_shares
from pilotline.desks.settlement.services.vouchers import return_vouchers
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import Conflict, NotFound, Problem, refuse
from pilotline.kernel.money import to_fen

LONGEST = {"reference": 80, "reason": 500}


@transaction.atomic
def record_payment(
    *, who: Actor, bill: int, amount: Decimal, day: date, reference: str, now: datetime
) -> Bill:
    """Money came in for an issued bill: all that is open, or a part of it.

    `reference` is the bank's; the same one is recorded once.
    """
    found = _mine(who, bill)
    owed = found.gross - found.covered - found.paid
    if _is_recorded(found, reference, amount):
        return found
    problems = _problems_of_money(amount, day, reference, now)
    if found.state != "issued":
        problems.append(Problem("state", _("Nothing is open in this bill.")))
    elif amount.is_finite() and amount > owed:
        said = _("Only {open} yuan are open.").format(open=owed)
        problems.append(Problem("too-much", said, field="amount"))
    refuse(problems)
    payment = _keep(found, who, amount, day, reference, now)
    found.paid += amount
    lines = of_payment(payer=found.payer_id, amount=amount)
    _book(found, "payment", f"payment:{payment.pk}", lines, reference, now)
    mark_paid(found, now)
    found.save()
    after = {"amount": str(amount), "reference": reference.strip()}
    _record(who, "settlement.record-payment", found, now, after)
    return found


def _is_recorded(found: Bill, reference: str, amount: Decimal) -> bool:
    """True for the same payment sent again; another amount under one reference is a mistake."""
    known = Payment.objects.filter(bill=found, reference=reference.strip()).first()
    if known is None or not reference.strip():
        return False
    if known.amount != amount:
        raise Conflict(_("Another amount is recorded under this reference already."))
    return True


@transaction.atomic
def record_refund(
    *, who: Actor, bill: int, amount: Decimal, day: date, reference: str, now: datetime
) -> Bill:
    """Money went back to the payer of a cancelled bill."""
    found = _mine(who, bill)
    if _is_recorded(found, reference, -amount):
        return found
    problems = _problems_of_money(amount, day, reference, now)
    if found.state != "cancelled":
        problems.append(Problem("state", _("Only a cancelled bill is paid back.")))
    elif amount.is_finite() and amount > found.paid:
        said = _("Only {open} yuan were paid.").format(open=found.paid)
        problems.append(Problem("too-much", said, field="amount"))
    refuse(problems)
    payment = _keep(found, who, -amount, day, reference, now)
    found.paid -= amount
    found.save()
    lines = of_payment(payer=found.payer_id, amount=-amount)
    _book(found, "refund", f"payment:{payment.pk}", lines, reference, now)
    after = {"amount": str(-amount), "reference": reference.strip()}
    _record(who, "settlement.record-refund", found, now, after)
    return found


@transaction.atomic
def settle_bill(*, who: Actor, bill: int, now: datetime) -> Bill:
    """Close a paid bill. Its net income is shared at once when the facility has a rule."""
    found = _mine(who, bill)
    if found.state == "settled":
        return found
    problems = []
    if not may_become(BILL_MOVES, found.state, "settled"):
        problems.append(Problem("not-paid", _("A bill is settled once it is paid.")))
    if found.order_id and Dispute.objects.filter(order=found.order_id, state="open").exists():
        said = _("A dispute about its order is open: the bill waits for its end.")
        problems.append(Problem("dispute", said))
    refuse(problems)
    found.state, found.settled_at = Bill.State.SETTLED, now
    found.save()
    _record(who, "settlement.settle-bill", found, now, {"net": str(found.net)})
    emit(BillSettled(**facts_of(found), net=str(found.net)), now=now)
    rule = rule_in_force(facility=found.facility_id)
    if rule is not None and found.net:
        divide_income(who, found, rule, now)
    return found


@transaction.atomic
def cancel_bill(*, who: Actor, bill: int, reason: str, now: datetime) -> Bill:
    """Take an issued bill back with a credit note: its vouchers return to their accounts, its
    shares are taken back, and what was paid is owed to the payer. Twice is once."""
    found = _mine(who, bill)
    if found.state == "cancelled":
        return found
    problems = []
    if not may_become(BILL_MOVES, found.state, "cancelled"):
        said = _("Only an issued bill is cancelled; a draft is dropped.")
        problems.append(Problem("state", said))
    if not reason.strip():
        problems.append(Problem("reason", _("Give a reason."), field="reason"))
    if len(reason) > LONGEST["reason"]:
        problems.append(Problem("long", _("That is too long: shorten it."), field="reason"))
    refuse(problems)
    note = CreditNote.objects.create(
        number=next_number("credit", now),
        bill=found,
        reason=reason.strip(),
        author=who.id,
        author_name=who.name,
        at=now,
    )
    return_vouchers(found, now)
    take_back_shares(who, found, now)
    lines = reversed_lines(of_bill(payer=found.payer_id, net=found.net, tax=found.tax))
    _book(found, "credit", f"credit:{found.pk}", lines, note.number, now)
    found.state, found.cancelled_at = Bill.State.CANCELLED, now
    found.save()
    after = {"credit": note.number, "reason": reason.strip()}
    _record(who, "settlement.cancel-bill", found, now, after)
    emit(BillCancelled(**facts_of(found), credit=note.number), now=now)
    return found


def _mine(who: Actor, bill: int) -> Bill:
    """The locked bill, for its operator."""
    found = locked_bill(bill)
    if not acts_for(who, found.payee_id):
        raise NotFound
    return found


def _problems_of_money(amount: Decimal, day: date, reference: str, now: datetime) -> list[Problem]:
    problems = []
    if not amount.is_finite() or amount <= 0:
        said = _("The amount must be greater than zero.")
        problems.append(Problem("negative", said, field="amount"))
    elif amount != to_fen(amount):
        problems.append(Problem("fen", _("At most two decimals, please."), field="amount"))
    if day > timezone.localdate(now):
        problems.append(Problem("future", _("This day lies in the future."), field="day"))
    if not reference.strip():
        said = _("Give the bank's reference: it tells two payments apart.")
        problems.append(Problem("reference", said, field="reference"))
    if len(reference) > LONGEST["reference"]:
        problems.append(Problem("long", _("That is too long: shorten it."), field="reference"))
    return problems


def _keep(
    found: Bill, who: Actor, amount: Decimal, day: date, reference: str, now: datetime
) -> Payment:
    try:
        with transaction.atomic():
            return Payment.objects.create(
                bill=found,
                amount=amount,
                day=day,
                reference=reference.strip(),
                author=who.id,
                author_name=who.name,
                at=now,
            )
    except IntegrityError as clash:
        raise Conflict(_("This reference is recorded for this bill already.")) from clash


def _book(found: Bill, kind: str, key: str, lines: Any, words: str, now: datetime) -> None:
    text = f"{found.number} {words.strip()}"
    post(bill=found, kind=kind, key=key, lines=lines, text=text, now=now)


def _record(who: Actor, action: str, bill: Bill, now: datetime, after: Mapping[str, Any]) -> None:
    record(
        who=who,
        action=action,
        subject=("bill", bill.pk),
        case=bill.order.case_id if bill.order else None,
        organisation=bill.payer_id,
        after={"state": bill.state, **after},
        now=now,
    )
