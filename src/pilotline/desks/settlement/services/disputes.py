"""Disputes: opened by a side, written in by both, mediated and settled by the authority."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from pilotline.desks.journal.services import emit, record
from pilotline.desks.settlement.events import DisputeMoved, DisputeOpened, OrderClosed
from pilotline.desks.settlement.models import Bill, Dispute, DisputeEntry, Order
from pilotline.desks.settlement.rules import may_mediate, sides_of
from pilotline.desks.settlement.services.locks import locked_dispute, locked_order
from pilotline.desks.settlement.services.numbers import next_number
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import Conflict, NotAllowed, NotFound, Problem, refuse

LONGEST = 4000


@transaction.atomic
def open_dispute(
    *,
    who: Actor,
    order: int,
    side: str,
    subject: str,
    text: str,
    bill: int | None = None,
    now: datetime,
) -> Dispute:
    """Ask the authority of the facility's region to mediate; one at a time for an order."""
    found = locked_order(order)
    mine = sides_of(who, found)
    if not mine:
        raise NotFound
    if side not in mine:
        raise NotAllowed
    problems = [*_words(subject, "subject", 200), *_words(text, "text", LONGEST)]
    if found.state not in ("agreed", "completed"):
        said = _("Only what was agreed can be in dispute.")
        problems.append(Problem("not-agreed", said))
    if bill is not None and not Bill.objects.filter(pk=bill, order=found).exists():
        raise NotFound
    refuse(problems)
    row = Dispute(
        number=next_number("dispute", now),
        order=found,
        bill_id=bill,
        side=side,
        subject=subject.strip(),
        region=found.facility.region,
        opened_at=now,
        last_at=now,
        is_demo=found.is_demo,
    )
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as clash:
        raise Conflict(_("A dispute about this order is open already.")) from clash
    _say(row, who, side, "opening", text, now)
    emit(DisputeOpened(**_facts(row), side=side), now=now)
    return row


@transaction.atomic
def write_in_dispute(
    *, who: Actor, dispute: int, side: str, text: str, now: datetime
) -> DisputeEntry:
    """A side makes a statement, or (side `authority`) the authority mediates."""
    found = _open(dispute, who, side)
    refuse(_words(text, "text", LONGEST))
    kind = "mediation" if side == "authority" else "statement"
    return _say(found, who, side, kind, text, now)


@transaction.atomic
def settle_dispute(
    *, who: Actor, dispute: int, outcome: str, ends_order: bool = False, now: datetime
) -> Dispute:
    """The authority writes down what both sides settled on; the order may end with it."""
    found = _open(dispute, who, "authority")
    refuse(_words(outcome, "outcome", LONGEST))
    found.state, found.outcome, found.closed_at = "settled", outcome.strip(), now
    found.save()
    if ends_order:
        _end(who, found, now)
    _say(found, who, "authority", "settlement", outcome, now)
    return found


@transaction.atomic
def withdraw_dispute(*, who: Actor, dispute: int, text: str, now: datetime) -> Dispute:
    """The side that opened it gives it up."""
    row = locked_dispute(dispute)
    found = _open(dispute, who, row.side)
    refuse(_words(text, "text", LONGEST))
    found.state, found.closed_at = "withdrawn", now
    found.save()
    _say(found, who, row.side, "withdrawal", text, now)
    return found


def _open(dispute: int, who: Actor, side: str) -> Dispute:
    """The locked open dispute, for somebody who speaks for that side or mediates."""
    found = locked_dispute(dispute)
    speaks = may_mediate(who, found) if side == "authority" else side in sides_of(who, found.order)
    if not speaks:
        if not sides_of(who, found.order) and not who.answers_for(found.region):
            raise NotFound
        raise NotAllowed(_("You do not speak for this side of the dispute."))
    if found.state != "open":
        refuse([Problem("closed", _("This dispute has ended."))])
    return found


def _end(who: Actor, found: Dispute, now: datetime) -> None:
    order = locked_order(found.order_id)
    if order.state == Order.State.AGREED:
        order.state, order.closed_at, order.waiting_for = "terminated", now, ""
        order.reason = found.number
        order.save()
        facts = {
            "order": order.pk,
            "number": order.number,
            "applicant": order.applicant_id,
            "operator": order.operator_id,
            "facility": order.facility_id,
        }
        emit(OrderClosed(**facts, state="terminated"), now=now)


def _words(text: str, field: str, most: int) -> list[Problem]:
    if not text.strip():
        return [Problem("no-words", _("Write a few words."), field=field)]
    if len(text) > most:
        said = _("At most {most} characters, please: these are {found}.")
        return [Problem("long", said.format(most=most, found=len(text)), field=field)]
    return []


def _say(
    dispute: Dispute, who: Actor, side: str, kind: str, text: str, now: datetime
) -> DisputeEntry:
    entry = DisputeEntry.objects.create(
        dispute=dispute,
        kind=kind,
        side=side,
        author=who.id,
        author_name=who.name,
        text=text.strip(),
        at=now,
    )
    Dispute.objects.filter(pk=dispute.pk).update(last_at=now)
    record(
        who=who,
        action=f"settlement.dispute-{kind}",
        subject=("dispute", dispute.pk),
        case=dispute.order.case_id,
        organisation=dispute.order.applicant_id,
        after={"state": dispute.state, "side": side, "order": dispute.order_id},
        now=now,
    )
    if kind != "opening":
        emit(DisputeMoved(**_facts(dispute), entry=entry.pk, side=side, move=kind), now=now)
    return entry


def _facts(dispute: Dispute) -> dict[str, Any]:
    order = dispute.order
    return {
        "order": order.pk,
        "number": order.number,
        "applicant": order.applicant_id,
        "operator": order.operator_id,
        "facility": order.facility_id,
        "dispute": dispute.pk,
        "dispute_number": dispute.number,
    }
