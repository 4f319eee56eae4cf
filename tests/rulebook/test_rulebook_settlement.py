"""Orders, vouchers and shares as data: what the province gives, and faults that are planted."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilotline.rulebook import Rulebook
from pilotline.rulebook.orders import at_first, on_offer
from pilotline.rulebook.vouchers import Eligible, Payer, Voucher

DAY = date(2026, 11, 28)
MONEY = st.decimals(0, 2_000_000, places=2, allow_nan=False, allow_infinity=False)


def test_every_kind_of_order_begins_whole(province):
    for kind in province.order_kinds:
        for group in province.order_groups:
            first = at_first(province.order_clauses, group.id, kind.id, DAY)
            offered = [c.id for c in on_offer(province.order_clauses, group.id, kind.id, DAY)]
            assert first in offered if first else kind.id not in group.mandatory_for
    assert all(clause.example for clause in province.order_clauses)


def test_the_voucher_rests_on_its_document(province):
    voucher = province.vouchers["innovation_voucher"]
    assert (voucher.cap, voucher.example) == (Decimal(500_000), False)
    assert "鲁政办字〔2025〕49号" in province.source_words(voucher, "zh")
    assert sum(kind.percent for kind in province.share_kinds) == 100
    assert all(kind.example for kind in province.share_kinds)


def voucher(**given: Decimal | None) -> Voucher:
    from pilotline.rulebook import Text

    return Voucher(
        id="v",
        title=Text("券", "voucher"),
        source="",
        example=True,
        valid_from=DAY,
        **{"covers": Decimal(30), "cap": Decimal(500_000), "budget": None} | given,
        eligible=Eligible(("sme",), True, True, ("service",), Decimal(100)),
    )


@given(MONEY, MONEY, MONEY, MONEY)
def test_a_voucher_never_passes_a_limit(bill, open_, used, spent):
    one = voucher(budget=Decimal(1_000_000))
    amount = one.amount(bill, open=open_, used=used, spent=spent)
    assert amount >= 0
    if amount:
        assert amount <= open_
        assert used + amount <= one.cap
        assert spent + amount <= one.budget
        assert amount * 100 <= bill * one.covers + Decimal("0.5")


def test_every_condition_that_fails_is_told():
    poor = Payer("team", inside=False, own=True, order_kind="joint", bill=Decimal(99))
    told = list(voucher().eligible.failing(poor))
    assert told == ["organisation_kinds", "inside", "other_owner", "order_kinds", "bill_at_least"]
    good = Payer("sme", inside=True, own=False, order_kind="service", bill=Decimal(100))
    assert list(voucher().eligible.failing(good)) == []


def test_an_older_release_has_none(invented):
    content = invented.to_content()
    kinds = ("order_kinds", "order_groups", "order_clauses", "share_kinds", "vouchers")
    for kind in kinds:
        del content["kinds"][kind]
    old = Rulebook.from_content(content)
    assert [len(old.listing(kind)) for kind in kinds] == [0] * 5


@pytest.mark.parametrize(
    ("file", "old", "new", "sentence"),
    [
        ("order-clauses.yaml", "group: kou", "group: zui", "There is no group “zui”."),
        ("order-clauses.yaml", "order_kinds: [huo]", "order_kinds: [ru]", "There is no kind “ru”."),
        (
            "order-clauses.yaml",
            "order_kinds: [huo]}",
            "order_kinds: [huo], default_for: [mai]}",
            "It does not fit “mai”, so it cannot be what such an order begins with.",
        ),
        (
            "order-clauses.yaml",
            "order_kinds: [mai]}",
            "order_kinds: [mai], default_for: [mai]}",
            "“mai” begins with “chang” already.",
        ),
        (
            "order-groups.yaml",
            "en: Silence}}",
            "en: Silence}, mandatory_for: [huo]}",
            "“huo” must choose a clause of this group, but begins with none.",
        ),
        ("order-groups.yaml", "[mai, huo]", "[mai, hu]", "There is no kind “hu”."),
        ("share-kinds.yaml", "percent: 70", "percent: 71", "They add to 101 and not to 100."),
        (
            "share-kinds.yaml",
            "percent: 70, least: 0",
            "percent: 70, least: 75",
            "It must be: least ≤ percent ≤ most.",
        ),
        ("vouchers.yaml", "[farm]", "[ranch]", "There is no kind “ranch”."),
        (
            "vouchers.yaml",
            "amount: 150",
            "amount: 151",
            "This example of “cha_quan” must pass, but: it covers 150.00 yuan.",
        ),
    ],
)
def test_planted_faults(spoil, file, old, new, sentence):
    found = spoil(file, old, new)
    assert [(fault.file, fault.text.en) for fault in found] == [(file, sentence)]
