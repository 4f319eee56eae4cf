"""What holds for every bill, and every fault of tariffs and uses."""

import ast
from datetime import date, timedelta
from decimal import Decimal as D
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pilotline.engines import pricing
from pilotline.engines.pricing import baseline
from pilotline.engines.pricing.faults import faults_of_problem, faults_of_tariff
from pilotline.engines.pricing.problem import (
    Cap,
    Entry,
    Problem,
    Quantity,
    Rounding,
    Tariff,
    Tier,
    Unpriceable,
    Use,
    period_of,
)
from pilotline.engines.pricing.solve import solve

DAY = date(2026, 11, 28)
CLASSES = ("inside", "sme", "outside")
money = st.decimals(0, 5000, places=2)
amount = st.decimals(0, 200, places=1)
factor = st.decimals(0, 3, places=2)


@st.composite
def tiers(draw):
    ends = sorted(draw(st.sets(st.integers(1, 150), max_size=3)))
    bounds = [D(0), *map(D, ends), None]
    return tuple(Tier(low, high, draw(factor)) for low, high in pairwise(bounds))


@st.composite
def entries(draw, kind, unit):
    return Entry(
        id=f"{kind}-{unit}",
        kind=kind,
        unit=unit,
        price=draw(money),
        minimum=draw(st.sampled_from([D(0), D(2)])),
        step=draw(st.sampled_from([D(0), D("0.5"), D(1)])),
        each_use=draw(st.booleans()) if kind == "cleaning" else False,
        tiers=draw(st.one_of(st.just(()), tiers())),
        tiers_rule=draw(st.sampled_from(["whole", "slice"])),
        tiers_over=draw(st.sampled_from(["use", "all"])),
        caps=draw(
            st.one_of(
                st.just(()),
                st.builds(Cap, money, st.sampled_from(["use", "day", "month"])).map(lambda c: (c,)),
            )
        ),
        group=draw(st.sampled_from(["", "g"])),
        further=draw(st.sampled_from([D(1), D("0.5")])),
        when_urgent=draw(st.booleans()),
    )


@st.composite
def problems(draw):
    listed = tuple(
        draw(entries(kind, unit))
        for kind, unit in (("use", "hour"), ("service", "sample"), ("cleaning", "run"))
    )
    tariff = Tariff(
        id="t",
        entries=listed,
        factors=draw(st.dictionaries(st.sampled_from(CLASSES), factor)),
        urgent=D("1.5"),
        overhead=draw(st.sampled_from([D(0), D("0.15")])),
        tax=draw(st.sampled_from([D(0), D("0.06")])),
        tax_mode=draw(st.sampled_from(["added", "included"])),
    )
    uses = tuple(
        Use(
            f"u{number}",
            "r",
            DAY + timedelta(draw(st.integers(0, 40))),
            (
                Quantity("use", "hour", draw(amount)),
                Quantity("service", "sample", draw(amount)),
            ),
            draw(st.booleans()),
        )
        for number in range(draw(st.integers(1, 3)))
    )
    total = draw(st.sampled_from([D(0), D(1), D("0.1")]))
    way = Rounding(draw(st.sampled_from(["half_up", "half_even", "up", "down"])), D("0.01"), total)
    return Problem(
        tariffs=(tariff,),
        uses=uses,
        user_class=draw(st.sampled_from(CLASSES)),
        classes=CLASSES,
        on=DAY,
        rounding=way,
    )


@given(problems())
@settings(max_examples=30)
def test_the_lines_add_to_the_total_and_money_is_decimal_fen(problem):
    bill = solve(problem)
    assert sum((line.amount for line in bill.lines), D(0)) == bill.total == bill.net + bill.tax
    for line in bill.lines:
        assert isinstance(line.amount, D)
        assert line.amount == line.amount.quantize(D("0.01"))
    assert bill.total == bill.total.quantize(D("0.01"))


@given(problems())
@settings(max_examples=25)
def test_the_formula_of_every_line_gives_its_amount(problem):
    for line in solve(problem).lines:
        if line.quantity is None or any(term.word == "cap" for term in line.terms):
            continue
        product = line.quantity
        for term in line.terms:
            if term.word in ("price", "class_price", "tier", "class", "further", "urgent"):
                product *= term.value
        assert abs(product - line.amount) <= D("0.01")


@given(problems())
@settings(max_examples=25)
def test_no_cap_is_exceeded(problem):
    days = {use.id: use for use in problem.uses}
    spent = {}
    for line in solve(problem).lines:
        entry = next((e for e in problem.tariffs[0].entries if e.id == line.entry), None)
        for cap in entry.caps if entry else ():
            key = (line.entry, period_of(cap.period, days[line.use]), cap.amount)
            spent[key] = spent.get(key, D(0)) + line.amount
    assert all(total <= cap for (_entry, _period, cap), total in spent.items())


@given(problems(), st.randoms(use_true_random=False))
@settings(max_examples=25)
def test_the_order_of_entries_does_not_matter(problem, dice):
    tariff = problem.tariffs[0]
    shuffled = list(tariff.entries)
    dice.shuffle(shuffled)
    fields = {name: getattr(tariff, name) for name in tariff.__slots__} | {
        "entries": tuple(shuffled)
    }
    other = {name: getattr(problem, name) for name in problem.__slots__}
    assert solve(Problem(**other | {"tariffs": (Tariff(**fields),)})) == solve(problem)


def _total(entry, quantity):
    use = Use("u", "r", DAY, (Quantity(entry.kind, entry.unit, quantity),))
    tariff = Tariff(id="t", entries=(entry,))
    problem = Problem(tariffs=(tariff,), uses=(use,), user_class="sme", classes=CLASSES, on=DAY)
    return solve(problem).total


@given(entries("use", "hour"), amount, amount)
@settings(max_examples=30)
def test_more_costs_no_less_inside_a_tier(entry, one, other):
    low, high = sorted((one, other))
    whole = entry.tiers_rule == "whole"
    if whole and entry.tiers:
        reached = [max(q, entry.minimum) + entry.step for q in (low, high)] + [low]
        inside = [
            [t.start <= q and (t.end is None or q < t.end) for q in reached] for t in entry.tiers
        ]
        if not any(all(row) for row in inside):
            return
    assert _total(entry, low) <= _total(entry, high)


def test_the_baseline_is_the_plain_sum_and_equals_the_bill_without_rules():
    entry = Entry(id="h", kind="use", unit="day", price=D(800))
    use = Use("u", "r", DAY, (Quantity("use", "hour", D(6)),))
    given = {"uses": (use,), "user_class": "sme", "classes": CLASSES, "on": DAY}
    plain = Problem(tariffs=(Tariff(id="t", entries=(entry,)),), **given)
    assert baseline.solve(plain) == solve(plain).total == 600
    dearer = Tariff(id="t", entries=(entry,), factors={"sme": D("0.5")}, tax=D("0.06"))
    assert baseline.solve(Problem(tariffs=(dearer,), **given)) == 600
    assert solve(Problem(tariffs=(dearer,), **given)).total == 318


def test_the_resource_s_own_tariff_goes_before_the_facility_s():
    own = Tariff(
        id="own", resource="r", entries=(Entry(id="h", kind="use", unit="day", price=D(80)),)
    )
    whole = Tariff(
        id="all",
        entries=(
            Entry(id="h", kind="use", unit="hour", price=D(100)),
            Entry(id="clean", kind="cleaning", unit="run", price=D(50), each_use=True),
        ),
    )
    uses = (
        Use("1", "r", DAY, (Quantity("use", "hour", D(8)),)),
        Use("2", "s", DAY, (Quantity("use", "hour", D(8)),)),
    )
    problem = Problem(tariffs=(whole, own), uses=uses, user_class="sme", classes=CLASSES, on=DAY)
    lines = [(x.use, x.tariff, x.entry, x.amount) for x in solve(problem).lines]
    assert lines == [
        ("1", "own", "h", 80),
        ("1", "all", "clean", 50),
        ("2", "all", "h", 800),
        ("2", "all", "clean", 50),
    ]


def test_a_stated_fee_stands_in_for_the_one_charged_unasked():
    fee = Entry(id="c", kind="cleaning", unit="person_hour", price=D(25), each_use=True)
    hour = Entry(id="h", kind="use", unit="hour", price=D(10))
    taken = (Quantity("use", "hour", D(1)), Quantity("cleaning", "person_hour", D(3)))
    problem = Problem(
        tariffs=(Tariff(id="t", entries=(hour, fee)),),
        uses=(Use("u", "r", DAY, taken),),
        user_class="sme",
        classes=CLASSES,
        on=DAY,
    )
    assert solve(problem).total == 85


def test_nothing_used_costs_nothing():
    entry = Entry(id="h", kind="use", unit="hour", price=D(10), minimum=D(2))
    assert _total(entry, D(0)) == 0
    assert _total(entry, D("0.1")) == 20


def test_prices_that_include_the_tax_say_how_much_it_is():
    entry = Entry(id="h", kind="use", unit="hour", price=D(106))
    tariff = Tariff(id="t", entries=(entry,), tax=D("0.06"), tax_mode="included")
    use = Use("u", "r", DAY, (Quantity("use", "hour", D(1)),))
    bill = solve(Problem(tariffs=(tariff,), uses=(use,), user_class="sme", classes=CLASSES, on=DAY))
    assert (bill.net, bill.tax, bill.total, len(bill.lines)) == (100, 6, 106, 1)


def test_the_last_of_february_in_a_leap_year_falls_into_its_periods():
    use = Use("u", "r", date(2028, 2, 29), ())
    found = [period_of(p, use) for p in ("use", "day", "week", "month", "year")]
    assert found == ["u", "2028-02-29", "2028-W09", "2028-02", "2028"]


def test_every_fault_of_a_tariff_at_once():
    entry = Entry(
        id="h",
        kind="rent",
        unit="fortnight",
        price=D(-1),
        minimum=D(-1),
        further=D(2),
        prices={"kings": D(1), "sme": D(-1)},
        tiers=(
            Tier(D(0), D(10), D(1)),
            Tier(D(5), D(20), D("0.9")),
            Tier(D(30), D(30), D(101)),
        ),
        tiers_rule="half",
        tiers_over="moon",
        tiers_for=("kings",),
        caps=(Cap(D(-5), "moon", ("kings",)),),
    )
    tariff = Tariff(
        id="t",
        entries=(entry, entry),
        factors={"kings": D(1), "sme": D(-1)},
        urgent=D("0.5"),
        overhead=D(2),
        tax=D(-1),
        tax_mode="maybe",
        hours={"half_day": D(4), "day": D(3)},
        valid_from=DAY,
        valid_to=DAY,
    )
    found = {(f.code, f.at) for f in faults_of_tariff(tariff, CLASSES)}
    first = "entries.0"
    assert {
        ("unknown-kind", f"{first}.kind"),
        ("unknown-unit", f"{first}.unit"),
        ("negative", f"{first}.price"),
        ("negative", f"{first}.minimum"),
        ("further-dearer", f"{first}.further"),
        ("unknown-class", f"{first}.prices.kings"),
        ("negative", f"{first}.prices.sme"),
        ("overlap", f"{first}.tiers.1"),
        ("gap", f"{first}.tiers.2"),
        ("empty-tier", f"{first}.tiers.2"),
        ("factor-too-large", f"{first}.tiers.2.factor"),
        ("unknown-tier-rule", f"{first}.tiers_rule"),
        ("unknown-tier-span", f"{first}.tiers_over"),
        ("unknown-class", f"{first}.tiers_for"),
        ("negative", f"{first}.caps.0.amount"),
        ("unknown-period", f"{first}.caps.0.period"),
        ("unknown-class", f"{first}.caps.0.classes"),
        ("twice", "entries.1.id"),
        ("same-thing", "entries.1"),
        ("unknown-class", "factors.kings"),
        ("negative", "factors.sme"),
        ("urgent-below-one", "urgent"),
        ("not-a-share", "overhead"),
        ("not-a-share", "tax"),
        ("unknown-tax-mode", "tax_mode"),
        ("hours-not-growing", "hours"),
        ("ends-before-it-starts", "valid_to"),
    } <= found
    assert [f.code for f in faults_of_tariff(Tariff(id="t", entries=()), CLASSES)] == ["no-entries"]


def test_every_fault_of_the_uses_at_once():
    hour = Entry(id="h", kind="use", unit="hour", price=D(10))
    tariff = Tariff(id="t", entries=(hour,), valid_to=DAY)
    taken = (
        Quantity("use", "hour", D(-1)),
        Quantity("use", "fortnight", D(1)),
        Quantity("utility", "kwh", D(1), "power"),
        Quantity("use", "day", D(1)),
    )
    uses = (Use("u", "r", DAY, taken, urgent=True), Use("u", "r", DAY, ()))
    problem = Problem(
        tariffs=(tariff,),
        uses=uses,
        user_class="kings",
        classes=CLASSES,
        on=DAY,
        rounding=Rounding("sideways", D(0)),
    )
    with pytest.raises(Unpriceable) as caught:
        solve(problem)
    assert {(f.code, f.at) for f in caught.value.faults} == {
        ("unknown-class", "user_class"),
        ("unknown-rounding", "rounding"),
        ("bad-rounding", "rounding"),
        ("not-valid", "tariffs.0"),
        ("no-urgent", "uses.0"),
        ("negative", "uses.0.quantities.0"),
        ("unknown-unit", "uses.0.quantities.1"),
        ("no-tariff", "uses.0.quantities.2"),
        ("twice", "uses.1"),
    }


@pytest.mark.parametrize("strange", [0.5, D("NaN"), D("Infinity"), D("1e12")])
def test_floats_and_numbers_that_are_none_are_faults(strange):
    entry = Entry(id="h", kind="use", unit="hour", price=strange)
    codes = {f.code for f in faults_of_tariff(Tariff(id="t", entries=(entry,)), CLASSES)}
    assert codes <= {"float", "not-a-number"}
    assert codes
    use = Use("u", "r", DAY, (Quantity("use", "hour", strange),))
    problem = Problem(tariffs=(), uses=(use,), user_class="sme", classes=CLASSES, on=DAY)
    assert {f.code for f in faults_of_problem(problem)} == codes


def test_no_float_stands_in_the_engine():
    for file in Path(pricing.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            assert not (isinstance(node, ast.Constant) and isinstance(node.value, float)), file
            called = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            assert not (called and node.func.id == "float"), file
