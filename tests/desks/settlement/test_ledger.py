"""The ledger balances whatever happens, and the database itself refuses anything else."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import Error, connection, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from pilotline.desks.settlement import queries, services
from pilotline.desks.settlement.models import (
    Bill,
    LedgerEntry,
    LedgerLine,
    VoucherAccount,
    VoucherUse,
)
from pilotline.desks.settlement.rules.chart import Line
from pilotline.desks.settlement.services.ledger import post
from pilotline.kernel.errors import PilotlineError
from tests.factories import NOW
from tests.factories_settlement import DUE, Stage

pytestmark = pytest.mark.usefixtures("rulebook")
FEW = settings(
    max_examples=10,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
VERBS = ("draft", "issue", "pay", "voucher", "settle", "cancel", "refund", "share", "reimburse")
COURSE = ("draft", "issue", "voucher", "reimburse", "pay", "settle", "share", "cancel", "refund")
OFTEN = (*VERBS, "issue", "issue", "voucher", "voucher", "reimburse", "settle")
STEPS = st.lists(
    st.tuples(st.sampled_from(OFTEN), st.integers(0, 2), st.integers(1, 3_000_000)),
    min_size=16,
    max_size=28,
)


@pytest.fixture
def stage() -> Stage:
    return Stage()


def doing(stage: Stage, order: Any) -> dict[str, Callable[[Bill | None, Decimal], Any]]:
    """What each verb does to a bill with an amount."""
    operator, day = stage.operator, NOW.date()

    def paid(bill: Bill | None, amount: Decimal) -> Any:
        reference = str(Bill.objects.count() + LedgerEntry.objects.count())
        return services.record_payment(
            who=operator,
            bill=bill.pk,
            amount=min(amount, bill.gross),
            day=day,
            reference=reference,
            now=NOW,
        )

    def reimbursed(_bill: Bill | None, _amount: Decimal) -> Any:
        use = VoucherUse.objects.filter(state="spent").first()
        return services.reimburse_voucher(
            who=stage.authority, use=use.pk if use else 0, day=day, now=NOW
        )

    return {
        "draft": lambda _bill, amount: stage.bill(str(amount), order=order),
        "issue": lambda bill, _amount: services.issue_bill(
            who=operator, bill=bill.pk, due=DUE, now=NOW
        ),
        "pay": paid,
        "voucher": lambda bill, _amount: services.spend_voucher(
            who=stage.applicant, bill=bill.pk, voucher="innovation_voucher", now=NOW
        ),
        "settle": lambda bill, _amount: services.settle_bill(
            who=operator, bill=stage.pay(bill, None, "rest").pk, now=NOW
        ),
        "cancel": lambda bill, _amount: services.cancel_bill(
            who=operator, bill=bill.pk, reason="重开", now=NOW
        ),
        "refund": lambda bill, amount: services.record_refund(
            who=operator, bill=bill.pk, amount=min(amount, bill.paid), day=day,
            reference=f"R{bill.paid}", now=NOW,
        ),
        "share": lambda bill, _amount: services.share_income(
            who=operator, bill=bill.pk, now=NOW
        ),
        "reimburse": reimbursed,
    }  # fmt: skip


def check(stage: Stage) -> None:
    """What must hold after any steps, counted from the rows."""
    per_entry = LedgerLine.objects.values("entry").annotate(sum=Sum("amount"))
    assert {row["sum"] for row in per_entry} <= {Decimal(0)}
    balances = queries.balances(who=stage.operator)
    assert sum(balances.values(), Decimal(0)) == 0
    owed = sum(
        (b.gross if b.state != "cancelled" else Decimal(0)) - b.covered - b.paid
        for b in Bill.objects.exclude(state__in=["draft", "dropped"])
    )
    assert balances.get("receivable", 0) == owed
    shared = balances.get("shared", Decimal(0))
    assert shared == -balances.get("share_owed", Decimal(0))
    living = VoucherUse.objects.exclude(state="returned").aggregate(sum=Sum("amount"))["sum"]
    for account in VoucherAccount.objects.all():
        assert account.used == (living or 0)
        assert account.cap is None or account.used <= account.cap
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("set constraints all deferred")


def test_it_balances_whatever_happens(stage: Stage) -> None:
    order = stage.agreed()
    stage.rule(facility="44.99", reserve="5.01")
    does, done = doing(stage, order), set()

    @FEW
    @example([(verb, 0, 10_000) for verb in COURSE])
    @given(STEPS)
    def live(steps: list[tuple[str, int, int]]) -> None:
        with transaction.atomic():
            stage.bill("1000.00", order=order)
            for verb, which, fen in steps:
                bills = list(Bill.objects.order_by("id"))
                try:
                    with transaction.atomic():
                        does[verb](bills[which % len(bills)], Decimal(fen).scaleb(-2))
                    done.add(verb)
                except PilotlineError:
                    continue
            check(stage)
            transaction.set_rollback(True)

    live()
    assert done == set(VERBS)


@pytest.mark.parametrize(
    "lines",
    [
        [Line("bank", Decimal(5)), Line("income", Decimal("-4.99"))],
        [Line("bank", Decimal(5))],
        [],
    ],
)
def test_the_database_refuses_what_does_not_balance(stage: Stage, lines: list[Line]) -> None:
    bill = stage.issued("1.00")

    def commit() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            post(bill=bill, kind="bill", key="planted", lines=lines, text="x", now=NOW)
            cursor.execute("set constraints all immediate")

    with pytest.raises(Error, match="does not balance"):
        commit()
    assert not LedgerEntry.objects.filter(key="planted").exists()


def test_nothing_in_it_is_changed_or_booked_twice(stage: Stage) -> None:
    bill = stage.issued("1.00")
    for rows in (LedgerEntry.objects.all(), LedgerLine.objects.all()):
        with pytest.raises(Error, match="append-only"), transaction.atomic():
            rows.update(id=0)
        with pytest.raises(Error, match="append-only"), transaction.atomic():
            rows._raw_delete(rows.db)
    lines = [Line("bank", Decimal(1)), Line("income", Decimal(-1))]
    with pytest.raises(Error, match="key"), transaction.atomic():
        post(bill=bill, kind="bill", key=f"bill:{bill.pk}", lines=lines, text="x", now=NOW)
    assert [entry.number for entry in LedgerEntry.objects.all()] == [1]
