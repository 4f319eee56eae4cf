"""The demonstration's matches go on to orders, bills and shares, through the services."""

from datetime import timedelta
from typing import Any

import pytest

from pilotline.config.demonstration.people import Cast
from pilotline.config.demonstration.settlement import FATES, settle_matches
from pilotline.desks.settlement import queries
from pilotline.desks.settlement.models import Bill, Dispute, Order
from tests.factories import NOW
from tests.factories_settlement import Stage


@pytest.mark.usefixtures("rulebook")
def test_every_fate_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = Stage()
    users = {stage.payer: stage.applicant, stage.payee: stage.operator}
    cast = Cast(
        applicants=[(stage.payer, stage.applicant.id or 0)],
        operators={"it": (stage.payee, stage.operator.id or 0)},
        actors={who.id or 0: who for who in users.values()},
    )
    fates = iter(FATES)
    for _fate in FATES:
        stage.match()

    class Dice:
        """Every fate once, all else as it comes."""

        def __init__(self, _seed: str) -> None:
            pass

        def choices(self, _what: Any, weights: Any) -> list[str]:
            return [next(fates)]

        def choice(self, listed: Any) -> Any:
            return listed[0]

        def randint(self, low: int, _high: int) -> int:
            return low

        def randrange(self, low: int, _high: int) -> int:
            return low

        def random(self) -> float:
            return 0.5

    monkeypatch.setattr("pilotline.config.demonstration.settlement.random.Random", Dice)
    settle_matches(cast, seed=1, now=NOW + timedelta(days=200))
    states = sorted(Order.objects.values_list("state", flat=True))
    assert states == ["agreed"] * 7 + ["draft"] * 2
    billed = set(Bill.objects.values_list("state", flat=True))
    assert billed == {"issued", "paid", "settled", "cancelled"}
    assert Dispute.objects.get().state == "open"
    assert all(order.is_demo for order in Order.objects.all())
    assert sum(queries.balances(who=stage.operator).values()) == 0
