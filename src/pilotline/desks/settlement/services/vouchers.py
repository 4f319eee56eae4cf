"""Public money: spent on a bill under locked yearly accounts, reimbursed, or returned."""

from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pilotline.desks.journal.queries import current_release, current_rulebook
from pilotline.desks.journal.services import emit, record
from pilotline.desks.settlement.events import VoucherSpent
from pilotline.desks.settlement.models import Bill, VoucherAccount, VoucherUse
from pilotline.desks.settlement.queries.vouchers import payer_of
from pilotline.desks.settlement.rules import pays
from pilotline.desks.settlement.rules.chart import of_reimbursement, of_voucher, reversed_lines
from pilotline.desks.settlement.services.bills import facts_of, mark_paid
from pilotline.desks.settlement.services.ledger import post
from pilotline.desks.settlement.services.locks import locked_bill
from pilotline.desks.settlement.services.numbers import next_number
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import NotAllowed, NotFound, Problem, refuse
from pilotline.rulebook.vouchers import Voucher

FAILING = {
    "organisation_kinds": _("The rules give it to other kinds of organisation."),
    "inside": _("Your organisation does not lie in the region."),
    "other_owner": _("It pays for nobody's own facility."),
    "order_kinds": _("The rules give it for other kinds of order."),
    "bill_at_least": _("The bill is smaller than the rules ask for."),
}


@transaction.atomic
def spend_voucher(*, who: Actor, bill: int, voucher: str, now: datetime) -> VoucherUse:
    """The payer has a voucher cover what the rules allow of an issued bill; twice is once.

    The payer's yearly account and the year's budget stay locked until the end, so that two
    vouchers spent at one moment can never pass a cap.
    """
    found = locked_bill(bill)
    if not pays(who, found.payer_id) or found.state in ("draft", "dropped"):
        raise NotFound
    known = (
        VoucherUse.objects.filter(bill=found, account__voucher=voucher)
        .exclude(state="returned")
        .first()
    )
    if known is not None:
        return known
    rulebook = current_rulebook()
    rule = rulebook.vouchers.get(voucher)
    day = timezone.localdate(now)
    if rule is None or not rule.is_valid(day):
        raise NotFound
    if found.state != "issued":
        refuse([Problem("state", _("Nothing is open in this bill."))])
    payer = payer_of(found, rulebook)
    refuse([Problem(name, FAILING[name]) for name in rule.eligible.failing(payer)])
    mine, budget = _account(rule, day.year, found.payer_id), _account(rule, day.year, None)
    owed = found.gross - found.covered - found.paid
    amount = rule.amount(found.gross, open=owed, used=mine.used, spent=budget.used)
    if not amount:
        refuse([Problem("used-up", _("Nothing is left of it in this year."))])
    facts = {
        **asdict(payer),
        "bill": str(payer.bill),
        "covers": str(rule.covers),
        "used_before": str(mine.used),
        "spent_before": str(budget.used),
    }
    use = _use(who, found, mine, amount, facts, now)
    for account in (mine, budget):
        account.used += amount
        account.save(update_fields=["used"])
    _cover(who, found, use, now)
    return use


def _use(
    who: Actor,
    found: Bill,
    account: VoucherAccount,
    amount: Decimal,
    facts: dict[str, object],
    now: datetime,
) -> VoucherUse:
    return VoucherUse.objects.create(
        number=next_number("voucher", now),
        account=account,
        bill=found,
        amount=amount,
        facts=facts,
        release=current_release()[0],
        author=who.id,
        author_name=who.name,
        at=now,
    )


def _account(rule: Voucher, year: int, organisation: int | None) -> VoucherAccount:
    """The locked account of a payer or, without one, of the budget; its cap follows the rule."""
    cap = rule.budget if organisation is None else rule.cap
    names = {"voucher": rule.id, "year": year, "organisation_id": organisation}
    VoucherAccount.objects.get_or_create(**names, defaults={"cap": cap})
    account = VoucherAccount.objects.select_for_update().get(**names)
    if account.cap != cap and (cap is None or cap >= account.used):
        account.cap = cap
        account.save(update_fields=["cap"])
    return account


def _cover(who: Actor, found: Bill, use: VoucherUse, now: datetime) -> None:
    found.covered += use.amount
    mark_paid(found, now)
    found.save()
    post(
        bill=found,
        kind="voucher",
        key=f"voucher:{use.pk}",
        lines=of_voucher(payer=found.payer_id, amount=use.amount),
        text=f"{found.number} {use.number}",
        now=now,
    )
    voucher = use.account.voucher
    _record(who, "settlement.spend-voucher", use, now)
    emit(
        VoucherSpent(**facts_of(found), voucher=voucher, use=use.pk, amount=str(use.amount)),
        now=now,
    )


@transaction.atomic
def reimburse_voucher(*, who: Actor, use: int, day: date, now: datetime) -> VoucherUse:
    """The authority of the facility's region has paid a voucher out to the operator."""
    named = VoucherUse.objects.filter(pk=use).values_list("bill_id", flat=True).first()
    if named is None:
        raise NotFound
    bill = locked_bill(named)
    row = VoucherUse.objects.select_for_update(of=("self",)).select_related("account").get(pk=use)
    if not who.answers_for(bill.facility.region):
        raise NotAllowed(_("Only the authority of the facility's region pays vouchers out."))
    if row.state == "reimbursed":
        return row
    if row.state != "spent":
        refuse([Problem("state", _("This voucher was returned."))])
    if day > timezone.localdate(now):
        refuse([Problem("future", _("This day lies in the future."), field="day")])
    row.state, row.ended_at = VoucherUse.State.REIMBURSED, now
    row.save(update_fields=["state", "ended_at"])
    post(
        bill=bill,
        kind="reimbursed",
        key=f"reimbursed:{row.pk}",
        lines=of_reimbursement(payer=bill.payer_id, amount=row.amount),
        text=f"{bill.number} {row.number}",
        now=now,
    )
    _record(who, "settlement.reimburse-voucher", row, now)
    return row


def return_vouchers(found: Bill, now: datetime) -> None:
    """The vouchers of a cancelled bill go back to their accounts. The caller saves the bill.

    All accounts are locked before anything is booked, in the order in which spending locks them.
    """
    uses = list(
        VoucherUse.objects.filter(bill=found)
        .exclude(state="returned")
        .select_related("account")
        .order_by("account__voucher")
    )
    locked = []
    for use in uses:
        names = {"voucher": use.account.voucher, "year": use.account.year}
        accounts = [
            VoucherAccount.objects.select_for_update().get(**names, organisation=organisation)
            for organisation in (use.account.organisation_id, None)
        ]
        locked.append((use, accounts))
    for use, accounts in locked:
        for account in accounts:
            account.used -= use.amount
            account.save(update_fields=["used"])
        use.state, use.ended_at = VoucherUse.State.RETURNED, now
        use.save(update_fields=["state", "ended_at"])
        post(
            bill=found,
            kind="voucher",
            key=f"returned:{use.pk}",
            lines=reversed_lines(of_voucher(payer=found.payer_id, amount=use.amount)),
            text=f"{found.number} {use.number}",
            now=now,
        )
    found.covered = Decimal(0)


def _record(who: Actor, action: str, use: VoucherUse, now: datetime) -> None:
    record(
        who=who,
        action=action,
        subject=("bill", use.bill_id),
        organisation=use.account.organisation_id,
        after={
            "voucher": use.account.voucher,
            "number": use.number,
            "amount": str(use.amount),
            "state": use.state,
        },
        now=now,
    )
