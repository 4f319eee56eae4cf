"""Voucher accounts and uses, and what a voucher would pay of a bill."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.settlement.models import Bill, VoucherAccount, VoucherUse
from pilotline.desks.settlement.queries.bills import open_amount
from pilotline.desks.settlement.queries.doors import seen_from
from pilotline.kernel.actor import Actor, covers
from pilotline.rulebook import Rulebook
from pilotline.rulebook.vouchers import Payer, Voucher


@dataclass(frozen=True, slots=True)
class Offer:
    """What a voucher would pay of a bill now; `failing` names the conditions that do not hold."""

    voucher: Voucher
    amount: Decimal
    used: Decimal
    spent: Decimal
    failing: tuple[str, ...]
    facts: dict[str, object] = field(default_factory=dict)


def payer_of(found: Bill, rulebook: Rulebook) -> Payer:
    """What the conditions of vouchers ask about this bill."""
    return Payer(
        organisation_kind=found.payer.kind,
        inside=covers(rulebook.region.id, found.payer.region),
        own=found.payer_id == found.payee_id,
        order_kind=found.order.kind if found.order else "",
        bill=found.gross,
    )


def offers(*, bill: Bill, day: date) -> list[Offer]:
    """Every voucher that holds on that day, against this bill. The caller fetched the bill."""
    rulebook = current_rulebook()
    payer = payer_of(bill, rulebook)
    rows = VoucherAccount.objects.filter(year=day.year).values_list(
        "voucher", "organisation", "used"
    )
    used = {(voucher, organisation): amount for voucher, organisation, amount in rows}
    spent_here = set(
        VoucherUse.objects.filter(bill=bill)
        .exclude(state="returned")
        .values_list("account__voucher", flat=True)
    )
    found = []
    for voucher in rulebook.vouchers.valid_on(day):
        if voucher.id in spent_here:
            continue
        mine = used.get((voucher.id, bill.payer_id), Decimal(0))
        spent = used.get((voucher.id, None), Decimal(0))
        failing = tuple(voucher.eligible.failing(payer))
        amount = voucher.amount(bill.gross, open=open_amount(bill), used=mine, spent=spent)
        found.append(Offer(voucher, Decimal(0) if failing else amount, mine, spent, failing))
    return found


def uses(*, who: Actor, door: str) -> QuerySet[VoucherUse]:
    """What was spent, newest first."""
    return seen_from(
        VoucherUse.objects.select_related("account", "bill__payer", "bill__facility"),
        who,
        door,
        payer="bill__payer",
        payee="bill__payee",
        regions=("bill__facility__region", "bill__payer__region"),
    )


def accounts(*, who: Actor, year: int) -> QuerySet[VoucherAccount]:
    """The yearly accounts: budgets and payers for the authority, one's own for others."""
    rows = VoucherAccount.objects.select_related("organisation").filter(year=year)
    if who.is_system or who.has("authority"):
        return rows
    return rows.filter(organisation__in=who.organisations)
