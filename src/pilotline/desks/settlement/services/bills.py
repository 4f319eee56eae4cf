"""Bills: drafted from what was measured or agreed, adjusted with reasons, issued with a number."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pilotline.desks.journal.queries import current_release, current_rulebook
from pilotline.desks.journal.services import emit, record
from pilotline.desks.settlement.events import BillDrafted, BillIssued, BillPaid
from pilotline.desks.settlement.forms import MOST_MONEY
from pilotline.desks.settlement.models import Bill, BillLine
from pilotline.desks.settlement.rules import acts_for, digest_of_content, in_capitals
from pilotline.desks.settlement.rules.chart import of_bill
from pilotline.desks.settlement.services.ledger import post
from pilotline.desks.settlement.services.locks import locked_bill
from pilotline.desks.settlement.services.numbers import next_number
from pilotline.kernel.actor import SYSTEM, Actor
from pilotline.kernel.errors import Conflict, NotFound, Problem, refuse
from pilotline.kernel.money import show_yuan, to_fen

MOST_LINES = 200
LONGEST_REASON = 500
LATEST_DAYS = 730


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """One line of a bill to be. Yuan in whole fen; `price` is for one `unit`; `source` says which
    tariff entry, booking, quotation or milestone it comes from."""

    words_zh: str
    words_en: str
    net: Decimal
    tax: Decimal = Decimal(0)
    tax_percent: Decimal = Decimal(0)
    quantity: Decimal | None = None
    unit: str = ""
    price: Decimal | None = None
    source: Mapping[str, Any] = field(default_factory=dict)


@transaction.atomic
def draft_bill(
    *,
    who: Actor = SYSTEM,
    facility: int,
    payer: int,
    payee: int,
    title: str,
    charges: Iterable[Charge],
    order: int | None = None,
    booking: int | None = None,
    is_demo: bool = False,
    now: datetime,
) -> Bill:
    """Draft a bill; for a booking that has a living bill of this facility, that one is given."""
    if not who.is_system and not acts_for(who, payee):
        raise NotFound
    living = _living(booking, facility)
    if living is not None:
        return living
    bill = Bill(
        title=title[:200],
        order_id=order,
        booking_id=booking,
        facility_id=facility,
        payer_id=payer,
        payee_id=payee,
        drafted_at=now,
        release=current_release()[0],
        is_demo=is_demo,
    )
    try:
        with transaction.atomic():
            bill.save()
    except IntegrityError:
        # The same news was delivered twice at one moment: the other made this very bill.
        other = _living(booking, facility)
        if other is None:
            raise
        return other
    for position, charge in enumerate(charges, start=1):
        _add(bill, position, charge, now)
    _sum_up(bill)
    _record(who, "settlement.draft-bill", bill, now, {"gross": str(bill.gross)})
    emit(BillDrafted(**facts_of(bill)), now=now)
    return bill


def _living(booking: int | None, facility: int) -> Bill | None:
    if booking is None:
        return None
    return (
        Bill.objects.filter(booking=booking, facility=facility)
        .exclude(state__in=["cancelled", "dropped"])
        .first()
    )


def problems_of_tax(percent: Decimal) -> list[Problem]:
    if percent.is_finite() and 0 <= percent <= 100 and percent == round(percent, 2):
        return []
    said = _("The tax is a percentage from 0 to 100.")
    return [Problem("tax", said, field="tax_percent")]


@transaction.atomic
def adjust_bill(
    *,
    who: Actor,
    bill: int,
    net: Decimal,
    reason: str,
    tax_percent: Decimal = Decimal(0),
    now: datetime,
) -> Bill:
    """Add to a draft, or take from it (negative), with a reason that is printed."""
    found = _draft(who, bill)
    problems = [*problems_of_tax(tax_percent)]
    if not net.is_finite() or net != to_fen(net) or not net or abs(net) > MOST_MONEY:
        said = _("An adjustment is an amount in yuan and fen, and not zero.")
        problems.append(Problem("amount", said, field="net"))
    if not reason.strip():
        problems.append(Problem("reason", _("Give a reason."), field="reason"))
    if len(reason) > LONGEST_REASON:
        problems.append(Problem("long", _("That is too long: shorten it."), field="reason"))
    refuse(problems)
    tax = to_fen(net * tax_percent / 100)
    if found.net + net < 0 or found.tax + tax < 0:
        said = _("A bill cannot fall below zero.")
        refuse([Problem("negative", said, field="net")])
    position = (found.lines.aggregate(most=Max("position"))["most"] or 0) + 1
    if position > MOST_LINES:
        refuse([Problem("lines", _("This bill has too many lines."))])
    words = reason.strip()[:300]
    charge = Charge(words_zh=words, words_en=words, net=net, tax=tax, tax_percent=tax_percent)
    _add(found, position, charge, now, who=who, reason=reason.strip())
    _sum_up(found)
    after = {"net": str(net), "reason": reason.strip(), "gross": str(found.gross)}
    _record(who, "settlement.adjust-bill", found, now, after)
    return found


def _add(
    bill: Bill,
    position: int,
    charge: Charge,
    now: datetime,
    *,
    who: Actor = SYSTEM,
    reason: str = "",
) -> None:
    BillLine.objects.create(
        bill=bill,
        position=position,
        kind="adjustment" if reason else "charge",
        words_zh=charge.words_zh[:300],
        words_en=charge.words_en[:300],
        quantity=charge.quantity,
        unit=charge.unit,
        price=charge.price,
        net=charge.net,
        tax=charge.tax,
        tax_percent=charge.tax_percent,
        source=dict(charge.source),
        reason=reason,
        author=who.id,
        author_name=who.name,
        at=now,
    )


def _sum_up(bill: Bill) -> None:
    rows = list(bill.lines.values_list("net", "tax"))
    bill.net = sum((net for net, _tax in rows), Decimal(0))
    bill.tax = sum((tax for _net, tax in rows), Decimal(0))
    bill.gross = bill.net + bill.tax
    bill.save(update_fields=["net", "tax", "gross"])


@transaction.atomic
def drop_bill(*, who: Actor, bill: int, now: datetime) -> Bill:
    """Throw a draft away; it never had a number."""
    found = locked_bill(bill)
    if found.state == "dropped" and acts_for(who, found.payee_id):
        return found
    found = _draft(who, bill)
    found.state = Bill.State.DROPPED
    found.save(update_fields=["state"])
    _record(who, "settlement.drop-bill", found, now, {})
    return found


@transaction.atomic
def issue_bill(*, who: Actor, bill: int, due: date, now: datetime) -> Bill:
    """Give the bill its number, freeze and hash its text, and book what is owed; twice is once."""
    found = locked_bill(bill)
    if found.state == "issued" and acts_for(who, found.payee_id):
        return found
    found = _draft(who, bill)
    today = timezone.localdate(now)
    problems = []
    if found.gross <= 0:
        problems.append(Problem("nothing", _("There is nothing to be paid in this bill.")))
    if not today <= due or (due - today).days > LATEST_DAYS:
        said = _("The day of payment lies between today and two years from now.")
        problems.append(Problem("due", said, field="due"))
    refuse(problems)
    found.number, found.state = next_number("bill", now), Bill.State.ISSUED
    found.issued_at, found.due, found.release = now, due, current_release()[0]
    found.content = _content(found)
    found.save()
    found.refresh_from_db(fields=["content"])
    found.digest = digest_of_content(found.content)
    found.save(update_fields=["digest"])
    post(
        bill=found,
        kind="bill",
        key=f"bill:{found.pk}",
        lines=of_bill(payer=found.payer_id, net=found.net, tax=found.tax),
        text=f"{found.number} {found.title}",
        now=now,
    )
    after = {"number": found.number, "gross": str(found.gross), "digest": found.digest}
    _record(who, "settlement.issue-bill", found, now, after)
    emit(BillIssued(**facts_of(found), due=due.isoformat()), now=now)
    return found


def _content(bill: Bill) -> dict[str, Any]:
    """Everything that is printed of an issued bill."""
    region = current_rulebook().region.title
    return {
        "number": bill.number,
        "title": bill.title,
        "region": {"zh": region.zh, "en": region.en},
        "release": bill.release,
        "is_demo": bill.is_demo,
        "issued": timezone.localdate(bill.issued_at).isoformat(),
        "due": bill.due.isoformat() if bill.due else None,
        "order": bill.order.number if bill.order else None,
        "booking": bill.booking.number if bill.booking else None,
        "facility": {
            "code": bill.facility.code,
            "zh": bill.facility.name,
            "en": bill.facility.name_en or bill.facility.name,
        },
        "payer": {"name": bill.payer.name, "credit_code": bill.payer.credit_code},
        "payee": {"name": bill.payee.name, "credit_code": bill.payee.credit_code},
        "lines": [
            {
                "kind": line.kind,
                "zh": line.words_zh,
                "en": line.words_en,
                "quantity": None if line.quantity is None else f"{line.quantity.normalize():f}",
                "unit": line.unit,
                "price": None if line.price is None else show_yuan(line.price),
                "net": str(line.net),
                "tax": str(line.tax),
                "tax_percent": f"{line.tax_percent.normalize():f}",
                "reason": line.reason,
                "source": line.source,
            }
            for line in bill.lines.order_by("position")
        ],
        "net": str(bill.net),
        "tax": str(bill.tax),
        "gross": str(bill.gross),
        "gross_shown": show_yuan(bill.gross),
        "gross_capitals": in_capitals(bill.gross),
    }


def _draft(who: Actor, bill: int) -> Bill:
    """The locked draft, for its operator."""
    found = locked_bill(bill)
    if not acts_for(who, found.payee_id):
        raise NotFound
    if found.state != "draft":
        raise Conflict(_("This bill is no draft any more: look at it as it stands now."))
    return found


def mark_paid(found: Bill, now: datetime) -> None:
    """An issued bill of which nothing is open becomes paid. The caller saves it."""
    if found.state == "issued" and found.gross == found.covered + found.paid:
        found.state, found.paid_at = Bill.State.PAID, now
        emit(BillPaid(**facts_of(found)), now=now)


def facts_of(bill: Bill) -> dict[str, Any]:
    """What every event of a bill carries."""
    return {
        "bill": bill.pk,
        "number": bill.number or "",
        "payer": bill.payer_id,
        "payee": bill.payee_id,
        "facility": bill.facility_id,
        "gross": str(bill.gross),
    }


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
