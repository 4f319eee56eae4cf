"""Worked examples that facilities have published, to the cent."""

from datetime import date
from decimal import Decimal as D

import pytest

from pilotline.engines.pricing.buildup import CostBasis, build_up
from pilotline.engines.pricing.problem import (
    Before,
    Cap,
    Entry,
    Problem,
    Quantity,
    Tariff,
    Tier,
    Use,
)
from pilotline.engines.pricing.result import Bill
from pilotline.engines.pricing.solve import solve

DAY = date(2026, 11, 28)
CLASSES = ("inside", "university", "sme", "industry", "outside")


def bill(tariff: Tariff, *uses: Use, user_class: str = "industry", **more: object) -> Bill:
    given = {"classes": CLASSES, "on": DAY} | more
    return solve(Problem(tariffs=(tariff,), uses=uses, user_class=user_class, **given))


def use(kind: str, unit: str, amount: str, *, id: str = "1", urgent: bool = False, what: str = ""):
    return Use(id, "r", DAY, (Quantity(kind, unit, D(amount), what),), urgent)


def test_lc_ms_of_a_university():
    """169.47 + 50.84 + 41.00 + 39.00 = 300.31 yuan an hour.

    The published parts are 1.36 million over 5 years and 6 % of it for upkeep; 1,605 hours a
    year is what both figures give.
    """
    basis = CostBasis(
        value=D(1360000),
        years=D(5),
        hours=D(1605),
        maintenance_share=D("0.06"),
        consumables=D(41),
        management=D(39),
    )
    built = build_up(basis)
    assert [(p.kind, p.amount) for p in built.parts] == [
        ("depreciation", D("169.47")),
        ("maintenance", D("50.84")),
        ("consumables", D("41.00")),
        ("management", D("39.00")),
    ]
    assert built.price == D("300.31")
    assert built.compare(D("330.341")) == (D("30.031"), D("0.1"))


def test_x_ray_ct_at_least_two_hours():
    """800,000 over 5 years x 800 h = 200; 300 of running cost; 214 for the hours: 714 yuan/h."""
    basis = CostBasis(
        value=D(800000),
        years=D(5),
        hours=D(800),
        others=(
            ("水电", D(20)),
            ("环境", D(30)),
            ("维修", D(200)),
            ("场地", D(50)),
            ("补贴", D(214)),
        ),
    )
    built = build_up(basis)
    assert built.parts[0].amount == 200
    assert sum(part.amount for part in built.parts[1:5]) == 300
    assert built.price == 714
    entry = Entry(id="ct", kind="use", unit="hour", price=built.price, minimum=D(2))
    tariff = Tariff(id="ct", entries=(entry,), factors={"inside": D("0.7")})
    assert bill(tariff, use("use", "hour", "1")).total == 1428
    assert bill(tariff, use("use", "hour", "3")).total == 2142
    assert bill(tariff, use("use", "hour", "3"), user_class="inside").total == D("1499.40")


@pytest.mark.parametrize(
    ("user_class", "hours", "urgent", "total"),
    [
        ("inside", "1", False, "200"),
        ("outside", "1", False, "250"),
        ("inside", "3", False, "300"),
        ("outside", "1", True, "375"),
        ("outside", "3", True, "562.50"),
    ],
)
def test_solid_state_nmr(user_class, hours, urgent, total):
    """200 a sample with one hour, 50 for each hour beyond; outside +25 %, urgent 150 %."""
    tiers = (Tier(D(0), D(1), D(0)), Tier(D(1), None, D(1)))
    tariff = Tariff(
        id="nmr",
        entries=(
            Entry(id="sample", kind="service", unit="sample", price=D(200)),
            Entry(
                id="hours", kind="use", unit="hour", price=D(50), tiers=tiers, tiers_rule="slice"
            ),
        ),
        factors={"outside": D("1.25")},
        urgent=D("1.5"),
    )
    taken = (Quantity("service", "sample", D(1)), Quantity("use", "hour", D(hours)))
    assert bill(tariff, Use("1", "r", DAY, taken, urgent), user_class=user_class).total == D(total)


@pytest.mark.parametrize(
    ("user_class", "elements", "total"),
    [
        ("inside", 400, "8000"),
        ("inside", 499, "9980"),
        ("inside", 500, "4500"),
        ("inside", 800, "7200"),
        ("inside", 801, "6408"),
        ("outside", 801, "32040"),
    ],
)
def test_icp_ms_by_the_element(user_class, elements, total):
    """20 inside, 40 outside; inside 500 to 800 elements 45 %, more than 800 40 % of the list."""
    tiers = (
        Tier(D(0), D(500), D(1)),
        Tier(D(500), D(801), D("0.45")),
        Tier(D(801), None, D("0.4")),
    )
    entry = Entry(
        id="element",
        kind="service",
        unit="piece",
        price=D(40),
        prices={"inside": D(20)},
        tiers=tiers,
        tiers_for=("inside",),
    )
    asked = use("service", "piece", str(elements))
    assert bill(Tariff(id="icp", entries=(entry,)), asked, user_class=user_class).total == D(total)


@pytest.mark.parametrize(
    ("hours", "total"), [("3", 27000), ("4", 27000), ("5", 32000), ("6", 32000), ("7", 35000)]
)
def test_centrifuge_by_the_week_with_overtime(hours, total):
    """27,000 a week with up to 4 h of spinning; then 5,000 and 3,000 for each further 2 h."""
    overtime = Entry(
        id="spin",
        kind="service",
        unit="hour",
        price=D(2500),
        step=D(2),
        tiers=(Tier(D(0), D(4), D(0)), Tier(D(4), D(6), D(1)), Tier(D(6), None, D("0.6"))),
        tiers_rule="slice",
    )
    week = Entry(id="week", kind="use", unit="week", price=D(27000), step=D(1))
    taken = (Quantity("use", "week", D(1)), Quantity("service", "hour", D(hours)))
    assert bill(Tariff(id="c", entries=(week, overtime)), Use("1", "r", DAY, taken)).total == total


def test_clean_room_capped_in_a_cycle():
    """66 an hour and at most 600 in a cycle for academics; 88 and 1,200 for industry."""
    entry = Entry(
        id="room",
        kind="use",
        unit="hour",
        price=D(88),
        prices={"university": D(66)},
        caps=(Cap(D(600), "month", ("university",)), Cap(D(1200), "month", ("industry",))),
    )
    tariff = Tariff(id="room", entries=(entry,))
    assert bill(tariff, use("use", "hour", "9"), user_class="university").total == 594
    assert bill(tariff, use("use", "hour", "10"), user_class="university").total == 600
    assert bill(tariff, use("use", "hour", "13")).total == 1144
    assert bill(tariff, use("use", "hour", "14")).total == 1200
    earlier = Before("room", "room", "2026-11", D(9), D(594))
    held = bill(tariff, use("use", "hour", "2"), user_class="university", before=(earlier,))
    assert held.total == 6
    assert held.lines[0].terms[-1].word == "cap"


def test_half_days_with_the_second_tool_at_half_price():
    """Classes S/A/B at 30,000/20,000/10,000 a half day, further tools half, +20 % handling."""
    tariffs = tuple(
        Tariff(
            id=name,
            resource=name,
            overhead=D("0.2"),
            overhead_for=("outside",),
            entries=(
                Entry(
                    id="half",
                    kind="use",
                    unit="half_day",
                    price=D(price),
                    step=D(1),
                    group="tools",
                    further=D("0.5"),
                ),
            ),
        )
        for name, price in (("S", 30000), ("A", 20000), ("B", 10000))
    )
    uses = tuple(
        Use(name, name, DAY, (Quantity("use", "half_day", D(1)),)) for name in ("B", "S", "A")
    )
    problem = {"tariffs": tariffs, "uses": uses, "classes": CLASSES, "on": DAY}
    assert solve(Problem(**problem, user_class="university")).total == 5000 + 30000 + 10000
    assert solve(Problem(**problem, user_class="outside")).total == 45000 * D("1.2")


def test_pilot_plant_day_with_storage_and_cleaning():
    """A day of 7.25 h at 500, cleaning 25 a person-hour, storage 0.10 a kg-day; x2 outside."""
    hours = {"half_day": D("3.625"), "day": D("7.25"), "week": D("36.25"), "month": D(157)}
    tariff = Tariff(
        id="food",
        hours=hours,
        factors={"outside": D(2)},
        entries=(
            Entry(id="day", kind="use", unit="day", price=D(500), step=D(1)),
            Entry(id="clean", kind="cleaning", unit="person_hour", price=D(25)),
            Entry(id="store", kind="storage", unit="kg_day", price=D("0.10")),
        ),
    )
    taken = (
        Quantity("use", "hour", D("14.5")),
        Quantity("cleaning", "person_hour", D(3)),
        Quantity("storage", "kg_day", D(1200)),
    )
    assert bill(tariff, Use("1", "r", DAY, taken)).total == 1000 + 75 + 120
    assert bill(tariff, Use("1", "r", DAY, taken), user_class="outside").total == 2390


def test_workstation_with_overhead_and_tax():
    """350 an hour outside, overhead 15 %, tax 3 %: 2 h are 700 + 105 + 24.15."""
    entry = Entry(id="h", kind="use", unit="hour", price=D(350), prices={"inside": D(220)})
    tariff = Tariff(id="w", entries=(entry,), overhead=D("0.15"), tax=D("0.03"))
    made = bill(tariff, use("use", "hour", "2"), user_class="outside")
    assert [(line.kind, line.amount) for line in made.lines] == [
        ("use", D(700)),
        ("overhead", D(105)),
        ("tax", D("24.15")),
    ]
    assert (made.net, made.tax, made.total) == (D(805), D("24.15"), D("829.15"))


def test_three_prices_by_class():
    """600, 1,000 and 2,000 an hour for inside, academic and industry users."""
    prices = {"inside": D(600), "university": D(1000), "industry": D(2000)}
    entry = Entry(id="h", kind="use", unit="hour", price=D(2000), prices=prices)
    tariff = Tariff(id="t", entries=(entry,))
    found = [
        bill(tariff, use("use", "hour", "1"), user_class=name).total
        for name in ("inside", "university", "industry")
    ]
    assert found == [600, 1000, 2000]


def test_yearly_discount_bands():
    """Above 20,000 in a year 10 %, 40,000 20 %, 60,000 30 %, 90,000 35 % off what lies above."""
    bands = ((0, 20000, "1"), (20000, 40000, "0.9"), (40000, 60000, "0.8"))
    bands += ((60000, 90000, "0.7"), (90000, None, "0.65"))
    tiers = tuple(Tier(D(a), None if b is None else D(b), D(f)) for a, b, f in bands)
    entry = Entry(
        id="p",
        kind="service",
        unit="piece",
        price=D(1),
        tiers=tiers,
        tiers_rule="slice",
        tiers_over="all",
    )
    tariff = Tariff(id="t", entries=(entry,))
    asked = use("service", "piece", "100000")
    assert bill(tariff, asked).total == 20000 + 18000 + 16000 + 21000 + 6500
    earlier = Before("t", "p", "all", D(90000), D(75000))
    assert bill(tariff, use("service", "piece", "10000"), before=(earlier,)).total == 6500
