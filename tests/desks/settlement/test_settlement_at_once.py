"""Two at the same moment, each in a connection of its own: nothing is spent or written twice."""

from decimal import Decimal
from typing import Any

import pytest

from pilotline.desks.journal.models import Happening
from pilotline.desks.settlement import queries, services
from pilotline.desks.settlement.models import (
    Bill,
    Consent,
    LedgerEntry,
    Order,
    Payment,
    VoucherAccount,
    VoucherUse,
)
from pilotline.kernel.errors import Conflict, Refused
from tests.desks.demand.test_at_once import at_once
from tests.factories import NOW, publish_rulebook
from tests.factories_settlement import DUE, Stage

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def stage() -> Stage:
    publish_rulebook()
    return Stage()


def answer(call: Any) -> Any:
    """The call with a refusal as its answer."""

    def run() -> Any:
        try:
            return call()
        except Refused as refused:
            return refused

    return run


def test_vouchers_spent_at_one_moment_never_pass_the_cap(stage: Stage) -> None:
    order = stage.agreed()
    bills = [stage.issued("1000000.00", order=order) for _ in range(4)]

    def spend(bill: Bill) -> Any:
        return answer(
            lambda: services.spend_voucher(
                who=stage.applicant, bill=bill.pk, voucher="innovation_voucher", now=NOW
            )
        )

    answers = at_once(*[spend(bill) for bill in bills], spend(bills[0]))
    uses = {use.pk: use.amount for use in answers if isinstance(use, VoucherUse)}
    assert sorted(uses.values()) == [Decimal("182000.00"), Decimal("318000.00")]
    assert [a for a in answers if isinstance(a, Conflict)] == []
    account = VoucherAccount.objects.get(organisation=stage.payer)
    assert account.used == account.cap == Decimal(500_000)
    assert VoucherAccount.objects.get(organisation=None).used == Decimal(500_000)
    assert sum(queries.balances(who=stage.operator).values()) == 0


def test_two_clicks_on_every_button_of_money_count_once(stage: Stage) -> None:
    stage.rule()
    bill = stage.bill("1000.00")
    steps = {
        "issue": lambda: services.issue_bill(who=stage.operator, bill=bill.pk, due=DUE, now=NOW),
        "pay": lambda: services.record_payment(
            who=stage.operator, bill=bill.pk, amount=Decimal("1060.00"), day=NOW.date(),
            reference="T1", now=NOW,
        ),
        "settle": lambda: services.settle_bill(who=stage.operator, bill=bill.pk, now=NOW),
        "cancel": lambda: services.cancel_bill(
            who=stage.operator, bill=bill.pk, reason="重开", now=NOW
        ),
    }  # fmt: skip
    for step in steps.values():
        assert {type(a) for a in at_once(step, step, step)} == {Bill}
    kinds = list(LedgerEntry.objects.order_by("number").values_list("kind", flat=True))
    assert kinds == ["bill", "payment", "share", "unshare", "credit"]
    assert list(LedgerEntry.objects.values_list("number", flat=True)) == [1, 2, 3, 4, 5]
    assert Payment.objects.count() == 1
    assert Happening.objects.filter(name="BillSettled").count() == 1


def test_both_sides_draft_one_order_and_agree_at_one_moment(stage: Stage) -> None:
    match = stage.match()

    def draft(side: str) -> Any:
        who = stage.applicant if side == "applicant" else stage.operator
        return lambda: services.draft_order(who=who, match=match.pk, side=side, now=NOW)

    drafts = at_once(draft("applicant"), draft("operator"), draft("applicant"))
    assert {order.pk for order in drafts} == {Order.objects.get().pk}
    order = stage.whole(Order.objects.get())
    sides = ("applicant", "operator", "operator")
    at_once(*[lambda side=side: stage.agree(order, side) for side in sides])
    order.refresh_from_db()
    assert (order.state, order.agreed_version) == ("agreed", order.version)
    assert Consent.objects.count() == 2
    assert Happening.objects.filter(name="OrderAgreed").count() == 1


def test_consent_and_change_at_one_moment_never_agree_to_an_unread_text(stage: Stage) -> None:
    order = stage.whole(stage.draft())
    stage.agree(order, "operator")
    digest = queries.latest(order=order).digest
    answers = at_once(
        lambda: stage.agree(order, "applicant", digest),
        answer(lambda: stage.whole(order, extra="另加一条。")),
    )
    order.refresh_from_db()
    text = queries.version(order=order, number=order.agreed_version or order.version)
    agreed = {c.digest for c in text.consents.all()}
    assert agreed <= {text.digest}
    if isinstance(answers[0], Conflict):
        assert (order.state, order.agreed_version) == ("draft", None)
    else:
        assert order.state == "agreed"
        assert text.digest == digest
