"""Bills: drafted, adjusted with reasons, issued, covered, paid, settled, shared, taken back."""

from datetime import timedelta
from decimal import Decimal

import pytest

from pilotline.desks.booking.models import Booking, Occupation
from pilotline.desks.journal.models import Happening
from pilotline.desks.people.models import Membership, Organisation
from pilotline.desks.people.queries import actor_for
from pilotline.desks.settlement import queries, services
from pilotline.desks.settlement.models import Bill, Distribution, Share, VoucherAccount
from pilotline.kernel.errors import Conflict, NotAllowed, NotFound, Refused
from tests.factories import NOW, OTHER_CITY, actor, organisation
from tests.factories_settlement import DUE, Stage

pytestmark = pytest.mark.usefixtures("rulebook")
TODAY = NOW.date()


@pytest.fixture
def stage() -> Stage:
    return Stage()


def codes(error: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [problem.code for problem in error.value.problems]


def amounts(bill: Bill) -> tuple[str, ...]:
    bill.refresh_from_db()
    return tuple(str(getattr(bill, name)) for name in ("net", "tax", "gross", "covered", "paid"))


def test_a_draft_is_adjusted_with_a_reason_and_issued(stage):
    bill = stage.bill("100000.00")
    services.adjust_bill(
        who=stage.operator,
        bill=bill.pk,
        net=Decimal("-5000.00"),
        tax_percent=Decimal(6),
        reason="设备停机两小时",
        now=NOW,
    )
    bill = services.issue_bill(who=stage.operator, bill=bill.pk, due=DUE, now=NOW)
    assert amounts(bill) == ("95000.00", "5700.00", "100700.00", "0.00", "0.00")
    assert bill.number == "ZD-2026-000001"
    lines = queries.frozen_bill(who=stage.applicant, id=bill.pk)["content"]["lines"]
    assert [(line["kind"], line["reason"]) for line in lines] == [
        ("charge", ""),
        ("adjustment", "设备停机两小时"),
    ]
    assert bill.content["gross_capitals"] == "壹拾万零柒佰元整"
    assert queries.balances(who=stage.operator) == {
        "receivable": Decimal("100700.00"),
        "income": Decimal("-95000.00"),
        "tax": Decimal("-5700.00"),
    }
    with pytest.raises(Conflict):
        services.adjust_bill(
            who=stage.operator, bill=bill.pk, net=Decimal(1), reason="晚了", now=NOW
        )
    again = services.issue_bill(who=stage.operator, bill=bill.pk, due=DUE, now=NOW)
    assert again.number == bill.number


@pytest.mark.parametrize(
    ("net", "reason", "code"),
    [
        ("0", "x", "amount"),
        ("0.001", "x", "amount"),
        ("NaN", "x", "amount"),
        ("-5", " ", "reason"),
        ("-200000", "x", "negative"),
        ("5", "x" * 501, "long"),
    ],
)
def test_a_bad_adjustment_is_refused(stage, net, reason, code):
    bill = stage.bill()
    with pytest.raises(Refused) as refused:
        services.adjust_bill(
            who=stage.operator, bill=bill.pk, net=Decimal(net), reason=reason, now=NOW
        )
    assert codes(refused) == [code]
    assert bill.lines.count() == 1


@pytest.mark.parametrize("days", [-1, 800])
def test_the_day_of_payment_is_sensible(stage, days):
    with pytest.raises(Refused) as refused:
        services.issue_bill(
            who=stage.operator, bill=stage.bill().pk, due=TODAY + timedelta(days), now=NOW
        )
    assert codes(refused) == ["due"]


def test_it_is_paid_in_parts_and_never_too_much(stage):
    bill = stage.issued("100.00")
    stage.pay(bill, Decimal("6.00"), "T1")
    stage.pay(bill, Decimal("6.00"), "T1")
    with pytest.raises(Conflict):
        stage.pay(bill, Decimal("7.00"), "T1")
    for amount, code in (("100.01", "too-much"), ("-1", "negative"), ("0.001", "fen")):
        with pytest.raises(Refused) as refused:
            stage.pay(bill, Decimal(amount), "T2")
        assert codes(refused) == [code]
    with pytest.raises(Refused) as refused:
        services.record_payment(
            who=stage.operator, bill=bill.pk, amount=Decimal(1), day=DUE, reference=" ", now=NOW
        )
    assert codes(refused) == ["future", "reference"]
    with pytest.raises(Refused):
        services.settle_bill(who=stage.operator, bill=bill.pk, now=NOW)
    bill = stage.pay(bill, None, "T2")
    assert (bill.state, str(bill.paid)) == ("paid", "106.00")
    assert services.settle_bill(who=stage.operator, bill=bill.pk, now=NOW).state == "settled"
    assert Happening.objects.filter(name="BillSettled").count() == 1


def test_milestones_are_billed_once(stage):
    order = stage.agreed()
    first = services.draft_order_bill(
        who=stage.operator, order=order.pk, milestone=0, tax_percent=Decimal(6), now=NOW
    )
    assert amounts(first)[:3] == ("33962.26", "2037.74", "36000.00")
    for milestone in (0, None):
        with pytest.raises(Refused) as refused:
            services.draft_order_bill(
                who=stage.operator, order=order.pk, milestone=milestone, now=NOW
            )
        assert codes(refused) == ["billed"]
    services.drop_bill(who=stage.operator, bill=first.pk, now=NOW)
    services.draft_order_bill(who=stage.operator, order=order.pk, milestone=None, now=NOW)
    with pytest.raises(NotFound):
        services.draft_order_bill(who=stage.applicant, order=order.pk, milestone=0, now=NOW)
    with pytest.raises(Refused):
        services.draft_order_bill(who=stage.operator, order=stage.draft().pk, now=NOW)


def test_an_open_dispute_holds_the_bill(stage):
    order = stage.agreed()
    bill = stage.pay(stage.issued(order=order))
    services.open_dispute(
        who=stage.applicant,
        order=order.pk,
        side="applicant",
        subject="x",
        text="y",
        bill=bill.pk,
        now=NOW,
    )
    with pytest.raises(Refused) as refused:
        services.settle_bill(who=stage.operator, bill=bill.pk, now=NOW)
    assert codes(refused) == ["dispute"]


def test_a_voucher_covers_what_the_rule_says(stage):
    bill = stage.issued("100000.00", order=stage.agreed())
    (offer, other) = queries.offers(bill=bill, day=TODAY)
    assert (offer.voucher.id, str(offer.amount)) == ("innovation_voucher", "31800.00")
    use = services.spend_voucher(
        who=stage.applicant, bill=bill.pk, voucher=offer.voucher.id, now=NOW
    )
    again = services.spend_voucher(
        who=stage.applicant, bill=bill.pk, voucher=offer.voucher.id, now=NOW
    )
    assert use == again
    assert amounts(bill)[3:] == ("31800.00", "0.00")
    assert use.facts["organisation_kind"] == "sme"
    used = dict(VoucherAccount.objects.values_list("organisation", "used"))
    assert used == {stage.payer: Decimal("31800.00"), None: Decimal("31800.00")}
    assert [o.voucher.id for o in queries.offers(bill=bill, day=TODAY)] == [other.voucher.id]
    with pytest.raises(NotAllowed):
        services.reimburse_voucher(who=stage.operator, use=use.pk, day=TODAY, now=NOW)
    services.reimburse_voucher(who=stage.authority, use=use.pk, day=TODAY, now=NOW)
    services.reimburse_voucher(who=stage.authority, use=use.pk, day=TODAY, now=NOW)
    assert queries.balances(who=stage.operator)["bank"] == Decimal("31800.00")


def test_the_yearly_cap_ends_it(stage):
    order = stage.agreed()
    for net, covered in (("1500000.00", "477000.00"), ("1000000.00", "23000.00")):
        bill = stage.issued(net, order=order)
        use = services.spend_voucher(
            who=stage.applicant, bill=bill.pk, voucher="innovation_voucher", now=NOW
        )
        assert str(use.amount) == covered
    with pytest.raises(Refused) as refused:
        services.spend_voucher(
            who=stage.applicant,
            bill=stage.issued(order=order).pk,
            voucher="innovation_voucher",
            now=NOW,
        )
    assert codes(refused) == ["used-up"]
    services.cancel_bill(who=stage.operator, bill=bill.pk, reason="重开", now=NOW)
    assert VoucherAccount.objects.get(organisation=stage.payer).used == Decimal("477000.00")
    later = NOW.replace(year=2027)
    again = stage.issued(order=order)
    use = services.spend_voucher(
        who=stage.applicant, bill=again.pk, voucher="innovation_voucher", now=later
    )
    assert (use.account.year, str(use.amount)) == (2027, "31800.00")


def test_who_is_not_eligible_is_told_every_reason(stage):
    far = organisation(kind="university")
    Organisation.objects.filter(pk=far.pk).update(region="991000")
    bill = stage.issued(payer=far.pk)
    payer = actor_for(Membership.objects.get(organisation=far).user)
    with pytest.raises(Refused) as refused:
        services.spend_voucher(who=payer, bill=bill.pk, voucher="innovation_voucher", now=NOW)
    assert codes(refused) == ["organisation_kinds", "inside", "order_kinds"]
    with pytest.raises(NotFound):
        services.spend_voucher(who=payer, bill=bill.pk, voucher="unheard", now=NOW)
    with pytest.raises(NotFound):
        services.spend_voucher(
            who=stage.applicant, bill=bill.pk, voucher="innovation_voucher", now=NOW
        )


def test_income_is_shared_to_the_fen(stage):
    stage.rule(facility="44.99", reserve="5.01")
    bill = stage.settled("333.33")
    made = queries.distribution_of(bill=bill)
    shares = {share.party.kind: str(share.amount) for share in made.shares.all()}
    assert shares == {
        "facility": "149.96",
        "equipment_owner": "66.67",
        "technical_staff": "66.67",
        "inventors": "33.33",
        "reserve": "16.70",
    }
    assert sum(share.amount for share in made.shares.all()) == bill.net
    again = services.share_income(who=stage.operator, bill=bill.pk, now=NOW)
    assert again == made
    statement = {p.kind: str(p.total) for p in queries.statements(who=stage.operator)}
    assert statement == shares
    assert queries.balances(who=stage.operator)["shared"] == bill.net


def test_a_bill_settled_before_there_was_a_rule_is_shared_later(stage):
    bill = stage.settled()
    assert Distribution.objects.count() == 0
    with pytest.raises(Refused) as refused:
        services.share_income(who=stage.operator, bill=bill.pk, now=NOW)
    assert codes(refused) == ["no-rule"]
    stage.rule()
    made = services.share_income(who=stage.operator, bill=bill.pk, now=NOW)
    assert sum(made.shares.values_list("amount", flat=True)) == bill.net


@pytest.mark.parametrize(
    ("percents", "codes_wanted"),
    [
        ({"facility": "44"}, ["total"]),
        ({"facility": "46"}, ["total"]),
        ({"facility": "10", "equipment_owner": "55"}, ["limit"]),
        ({"facility": "-45"}, ["share"]),
        ({"facility": "145"}, ["share"]),
        ({"facility": "44.99999"}, ["share"]),
        ({"technical_staff": "0", "inventors": "10"}, ["total", "limit"]),
    ],
)
def test_a_rule_that_does_not_add_up_is_refused(stage, percents, codes_wanted):
    with pytest.raises(Refused) as refused:
        stage.rule(**percents)
    assert codes(refused) == codes_wanted


def test_two_who_set_a_rule_do_not_overwrite_each_other(stage):
    stage.rule()
    with pytest.raises(Conflict):
        stage.rule()
    with pytest.raises(NotFound):
        services.keep_party(
            who=stage.applicant, facility=stage.facility.pk, kind="facility", name="x", now=NOW
        )


def test_a_credit_note_takes_everything_back(stage):
    stage.rule()
    bill = stage.issued("1000.00", order=stage.agreed())
    services.spend_voucher(who=stage.applicant, bill=bill.pk, voucher="innovation_voucher", now=NOW)
    bill = stage.pay(bill)
    bill = services.settle_bill(who=stage.operator, bill=bill.pk, now=NOW)
    with pytest.raises(Refused) as refused:
        services.cancel_bill(who=stage.operator, bill=bill.pk, reason="", now=NOW)
    assert codes(refused) == ["reason"]
    bill = services.cancel_bill(who=stage.operator, bill=bill.pk, reason="数据有误", now=NOW)
    services.cancel_bill(who=stage.operator, bill=bill.pk, reason="数据有误", now=NOW)
    assert (bill.state, bill.credit.number) == ("cancelled", "HZ-2026-000001")
    assert sum(Share.objects.values_list("amount", flat=True)) == 0
    balances = queries.balances(who=stage.operator)
    assert {k: v for k, v in balances.items() if v} == {
        "bank": Decimal("742.00"),
        "receivable": Decimal("-742.00"),
    }
    with pytest.raises(Refused):
        services.record_refund(
            who=stage.operator,
            bill=bill.pk,
            amount=Decimal("742.01"),
            day=TODAY,
            reference="R1",
            now=NOW,
        )
    services.record_refund(
        who=stage.operator,
        bill=bill.pk,
        amount=Decimal("742.00"),
        day=TODAY,
        reference="R1",
        now=NOW,
    )
    assert not any(queries.balances(who=stage.operator).values())


def test_drafts_are_the_operators_own(stage):
    bill = stage.bill()
    for who in (stage.applicant, stage.authority, actor(), actor("operator")):
        with pytest.raises(NotFound):
            queries.bill(who=who, id=bill.pk)
    assert list(queries.bills(who=stage.applicant, door="applicant")) == []
    issued = services.issue_bill(who=stage.operator, bill=bill.pk, due=DUE, now=NOW)
    for who in (stage.applicant, stage.authority):
        assert queries.bill(who=who, id=bill.pk) == issued
    with pytest.raises(NotFound):
        queries.bill(who=actor("authority", region=OTHER_CITY), id=bill.pk)
    for stranger in (stage.applicant, actor("operator")):
        with pytest.raises(NotFound):
            services.settle_bill(who=stranger, bill=bill.pk, now=NOW)


def test_figures_are_counted_from_rows(stage):
    stage.settled("1000.00", order=stage.agreed())
    stage.issued("500.00")
    found = queries.figures(who=stage.authority)
    assert {k: str(v) for k, v in found.items()} == {
        "orders": "1",
        "agreed": "1",
        "billed": "1590.00",
        "vouchers": "0.00",
        "received": "1060.00",
        "open": "530.00",
        "settled": "1060.00",
        "income": "1000.00",
        "disputes": "0",
    }
    (row,) = queries.by_facility(who=stage.authority)
    assert (row["bills"], str(row["income"])) == (2, "1000.00")
    assert queries.figures(who=actor("authority", region=OTHER_CITY))["billed"] == 0


def test_the_same_work_is_not_billed_by_milestone_and_by_use(stage):
    order = stage.agreed()
    used = Booking.objects.create(
        number="YY-T", organisation_id=stage.payer, match_id=order.match_id, case_id=order.case_id,
        purpose="三批", state="closed", starts=NOW, ends=NOW + timedelta(hours=2), release=1,
        made_at=NOW,
    )  # fmt: skip
    Occupation.objects.create(
        booking=used, resource_id=stage.line, measured_minutes=120,
        use=(NOW, NOW + timedelta(hours=2)), blocked=(NOW, NOW + timedelta(hours=2)),
    )  # fmt: skip
    milestone = services.draft_order_bill(who=stage.operator, order=order.pk, milestone=0, now=NOW)
    assert services.bill_booking(booking=used.pk, now=NOW) == []
    services.drop_bill(who=stage.operator, bill=milestone.pk, now=NOW)
    (by_use,) = services.bill_booking(booking=used.pk, now=NOW)
    assert (by_use.order_id, by_use.payer_id) == (order.pk, stage.payer)
    for part in (0, None):
        with pytest.raises(Refused) as refused:
            services.draft_order_bill(who=stage.operator, order=order.pk, milestone=part, now=NOW)
        assert codes(refused) == ["billed-by-use"]
    services.drop_bill(who=stage.operator, bill=by_use.pk, now=NOW)
    services.draft_order_bill(who=stage.operator, order=order.pk, milestone=0, now=NOW)
