"""Classes of users, pricing policy and price groups: what they answer, faults with their line."""

from decimal import Decimal

import pytest

from pilotline.rulebook.book import Rulebook
from pilotline.rulebook.prices import UserFacts, class_of


@pytest.mark.parametrize(
    ("kind", "region", "own", "expected"),
    [
        ("srdi", "370600", False, "sme"),
        ("srdi", "320100", False, "outside"),
        ("university", "370200", False, "academic"),
        ("park", "370200", False, "industry"),
        ("park", "370200", True, "inside"),
        ("a kind of a later release", "370200", False, "industry"),
    ],
)
def test_the_first_class_that_fits_is_the_user_s(province, kind, region, own, expected):
    found = class_of(province.user_classes, UserFacts(kind, region, own), province.region.id)
    assert found.id == expected


def test_shares_are_exact_decimals(province):
    policy = province.pricing
    assert policy.tax_rates[3] == Decimal("0.06")
    assert (policy.urgent_most, policy.overhead_most) == (2, Decimal("0.2"))
    assert policy.line_step == Decimal("0.01")


def test_a_group_takes_a_kind_with_a_process_or_a_word(province):
    flow, synthesis = (province.price_groups[g] for g in ("flow_lines", "synthesis_lines"))
    assert flow.takes("line", "一号线", ("continuous_flow",))
    assert not flow.takes("equipment", "一号线", ("continuous_flow",))
    assert synthesis.takes("line", "多功能搪玻璃合成中试线", ())
    assert not synthesis.takes("line", "电芯中试线", ())


def test_an_older_release_lacks_them(invented):
    content = invented.to_content()
    for kind in ("user_classes", "pricing", "price_groups"):
        del content["kinds"][kind]
    older = Rulebook.from_content(content)
    assert (older.pricing, len(older.user_classes), len(older.price_groups)) == (None, 0, 0)


PLANTED = [
    (
        "user-classes.yaml",
        "kinds: [farm], inside",
        "kinds: [barn], inside",
        [(4, "There is no kind of organisation “barn”.")],
    ),
    (
        "user-classes.yaml",
        "kinds: [farm], inside_region: true, ",
        "",
        [(4, "“grower” has no condition: no class after it is ever reached.")],
    ),
    (
        "user-classes.yaml",
        "en: Guests}",
        "en: Guests}, own: false",
        [(5, "The last class must have no condition, or some users belong nowhere.")],
    ),
    (
        "user-classes.yaml",
        "{kind: farm, region: '110000', ok: true}",
        "{kind: farm, region: '990200', ok: true}",
        [(5, "This example of “guest” must pass, but: the class is “grower”.")],
    ),
    (
        "pricing.yaml",
        "quotation_days: 10",
        "quotation_days: 30",
        [(11, "A quotation is valid longer than the longest time allowed.")],
    ),
    (
        "pricing.yaml",
        "line_step: 0.01\ntotal_step: 0.1",
        "line_step: 1\ntotal_step: 0.1",
        [(7, "The total is rounded more finely than the lines it adds up.")],
    ),
    (
        "pricing.yaml",
        "rounding: half_even",
        "rounding: half_up",
        [
            (16, "This example of “prices” must pass, but: it is rounded to 0.13."),
            (17, "This example of “prices” must fail, but: it is rounded to 0.13."),
        ],
    ),
    (
        "pricing.yaml",
        "tax_percents: [0, 3]",
        "tax_percents: [0, -3]",
        [(8, "“tax_percents[2]” may not be below 0.")],
    ),
    (
        "price-groups.yaml",
        ", words: [锅]",
        "",
        [(4, "Give processes or words of names, or no resource belongs to this group.")],
    ),
    (
        "price-groups.yaml",
        "kinds: [equipment]",
        "kinds: [bucket]",
        [(4, "There is no kind of resource “bucket”.")],
    ),
    (
        "price-groups.yaml",
        "unit: hour",
        "unit: fortnight",
        [
            (
                4,
                "“unit” cannot be “fortnight”; it must be one of: hour, half_day, day, week, "
                "month, sample, sample_point, batch, run, piece, person_hour, kg, kg_day, kwh, m3, "
                "tonne, litre.",
            )
        ],
    ),
]


@pytest.mark.parametrize(("file", "old", "new", "faults"), PLANTED)
def test_a_planted_fault_is_found_and_nothing_else(spoil, file, old, new, faults):
    found = spoil(file, old, new)
    assert [(f.line, f.text.en) for f in found] == faults
