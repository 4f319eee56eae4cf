"""Lets the demonstration's matches and bookings go on: orders, bills, vouchers, payments, shares,
disputes."""

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from pilotline.config.demonstration.people import Cast
from pilotline.config.demonstration.progress import told_of
from pilotline.config.words import _
from pilotline.desks.booking import queries as booking
from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.matching import queries as matching
from pilotline.desks.settlement import queries, services
from pilotline.desks.settlement.forms import terms_of
from pilotline.kernel.actor import SYSTEM, Actor

# What becomes of an order, and out of a hundred how many.
FATES = {"none": 12, "draft": 10, "half": 8, "agreed": 14, "billed": 12, "part": 8, "paid": 6}
FATES |= {"settled": 22, "cancelled": 3, "disputed": 5}
BILLED = {"billed", "part", "paid", "settled", "cancelled", "disputed"}
DELIVERABLES = [
    {"title": "中试样品", "amount": "按工作内容", "standard": "符合约定的技术指标"},
    {"title": "中试报告", "amount": "1 份", "standard": "含批记录、物料衡算和数据附件"},
]
NAMES = {0: "平台运营部", 1: "设备出资方", 2: "中试技术团队", 3: "成果完成人", 4: "发展储备金"}
TAX = Decimal(6)


@dataclass(frozen=True)
class Both:
    """The two who deal with one another, and the dice that decide what becomes of it."""

    applicant: Actor
    operator: Actor
    dice: random.Random


def settle_matches(cast: Cast, *, seed: int, now: datetime) -> None:
    """Every agreed match as far as its fate goes, each facility with a rule for sharing."""
    speakers = dict((*cast.applicants, *cast.operators.values()))
    matches = list(matching.region_matches(who=SYSTEM).filter(state="agreed").order_by("pk"))
    ruled: set[int] = set()
    for match in told_of(matches, _("Demonstration: {done} of {all} orders")):
        sides = (match.case.organisation_id, match.facility.operator_id)
        if any(side not in speakers for side in sides):
            continue
        who, operator = (cast.actor(speakers[side]) for side in sides)
        dice = random.Random(f"{seed}:order:{match.pk}")  # noqa: S311 invented data, not secrets
        if match.facility_id not in ruled:
            ruled.add(match.facility_id)
            _rule(operator, match.facility_id, match.closed_at)
        _live(match, Both(who, operator, dice), now)


def bill_bookings(cast: Cast, *, seed: int, now: datetime) -> None:
    """What the year's bookings measured is billed when they closed, and paid in its time; only
    what is fresh still waits for the operator."""
    speakers = dict((*cast.applicants, *cast.operators.values()))
    closed = list(booking.closed_bookings().order_by("ends", "pk"))
    for one in told_of(closed, _("Demonstration: {done} of {all} bills")):
        dice = random.Random(f"{seed}:bill:{one.pk}")  # noqa: S311 invented data, not secrets
        for bill in services.bill_booking(booking=one.pk, now=one.ends):
            if bill.payer_id in speakers and bill.payee_id in speakers and bill.gross > 0:
                sides = (cast.actor(speakers[side]) for side in (bill.payer_id, bill.payee_id))
                _collect(bill, Both(*sides, dice), one.ends, now)


def _collect(bill: Any, both: Both, ended: datetime, now: datetime) -> None:
    issued = ended + timedelta(days=both.dice.uniform(1, 9))
    paid = issued + timedelta(days=both.dice.uniform(4, 40))
    if issued >= now:
        return
    due = timezone.localdate(issued) + timedelta(days=30)
    services.issue_bill(who=both.operator, bill=bill.pk, due=due, now=issued)
    if paid < now:
        bill.refresh_from_db()
        _pay(bill, both, "settled", paid)


def _rule(operator: Actor, facility: int, at: datetime) -> None:
    """The rulebook's own percentages, each for one party."""
    parts = {
        services.keep_party(
            who=operator, facility=facility, kind=kind.id, name=NAMES.get(number, kind.id), now=at
        ).pk: kind.percent
        for number, kind in enumerate(current_rulebook().share_kinds)
    }
    services.set_share_rule(who=operator, facility=facility, parts=parts, now=at)


def _live(match: Any, both: Both, now: datetime) -> None:
    fate = both.dice.choices(list(FATES), weights=list(FATES.values()))[0]
    at = match.closed_at + timedelta(hours=both.dice.randint(5, 60))
    if fate == "none" or at >= now:
        return
    kind = both.dice.choice(current_rulebook().order_kinds.ids[:2])
    order = services.draft_order(
        who=both.applicant, match=match.pk, side="applicant", kind=kind, is_demo=True, now=at
    )
    if fate == "draft":
        return
    at += timedelta(hours=both.dice.randint(5, 40))
    order = _complete(order, both, at)
    digest = queries.latest(order=order).digest
    for who, side in ((both.operator, "operator"), (both.applicant, "applicant")):
        order = services.agree(who=who, order=order.pk, side=side, digest=digest, now=at)
        if fate == "half":
            return
    if fate in BILLED:
        _bill(order, both, fate, min(at + timedelta(days=both.dice.randint(5, 40)), now))


def _complete(order: Any, both: Both, at: datetime) -> Any:
    """What the facility adds to the draft: deliverables, price, milestones, days."""
    price = Decimal(both.dice.randrange(30, 900)) * 1000
    first = (price * both.dice.choice([3, 4, 5]) / 10).quantize(Decimal("0.01"))
    start: date = timezone.localdate(at) + timedelta(days=both.dice.randint(5, 30))
    end = start + timedelta(days=both.dice.randint(20, 90))
    raw = terms_of(queries.latest(order=order).content) | {
        "deliverables": DELIVERABLES,
        "milestones": [
            {"title": "投料前", "due": start.isoformat(), "payment": str(first)},
            {"title": "报告验收后", "due": end.isoformat(), "payment": str(price - first)},
        ],
        "price": str(price),
        "starts": start.isoformat(),
        "ends": end.isoformat(),
    }
    return services.change_order(
        who=both.operator, order=order.pk, side="operator", terms=raw, seen=order.version, now=at
    )


def _bill(order: Any, both: Both, fate: str, at: datetime) -> None:
    bill = services.draft_order_bill(
        who=both.operator, order=order.pk, milestone=0, tax_percent=TAX, now=at
    )
    if fate == "billed" and both.dice.random() < 0.4:
        return
    due = timezone.localdate(at) + timedelta(days=30)
    bill = services.issue_bill(who=both.operator, bill=bill.pk, due=due, now=at)
    if fate == "disputed":
        services.open_dispute(
            who=both.applicant, order=order.pk, side="applicant", subject="样品指标与约定有偏差",
            text="两批样品的粒径高于约定范围，请协调补做。", bill=bill.pk, now=at,
        )  # fmt: skip
    elif fate == "cancelled":
        services.cancel_bill(who=both.operator, bill=bill.pk, reason="付款单位信息有误", now=at)
    elif fate != "billed":
        _pay(bill, both, fate, at)


def _pay(bill: Any, both: Both, fate: str, at: datetime) -> None:
    day = timezone.localdate(at)
    for offer in queries.offers(bill=bill, day=day):
        if offer.amount and both.dice.random() < 0.6:
            services.spend_voucher(
                who=both.applicant, bill=bill.pk, voucher=offer.voucher.id, now=at
            )
            break
    bill.refresh_from_db()
    owed = bill.gross - bill.covered
    amount = (owed / 2).quantize(Decimal("0.01")) if fate == "part" else owed
    services.record_payment(
        who=both.operator, bill=bill.pk, amount=amount, day=day, reference=f"{bill.number}-1",
        now=at,
    )  # fmt: skip
    if fate == "settled":
        services.settle_bill(who=both.operator, bill=bill.pk, now=at)
