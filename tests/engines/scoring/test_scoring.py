"""Marks to ranks: nothing invented, strict and lenient markers made comparable, ties told."""

from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilotline.engines.scoring import baseline
from pilotline.engines.scoring.problem import Criterion, Problem, Sheet
from pilotline.engines.scoring.result import Kept
from pilotline.engines.scoring.solve import solve

WHOLE = (Criterion("whole", Decimal(100), Decimal(1)),)


def sheets(table):
    """`table[marker][item]` is a mark out of a hundred, None for none."""
    return tuple(
        Sheet(marker, item, {"whole": Decimal(mark)})
        for marker, row in table.items()
        for item, mark in row.items()
        if mark is not None
    )


@st.composite
def tables(draw):
    markers, items = draw(st.integers(1, 5)), draw(st.integers(1, 6))
    mark = st.one_of(st.none(), st.integers(0, 100))
    return {f"m{m}": {f"i{i}": draw(mark) for i in range(items)} for m in range(markers)}


@given(tables(), st.integers(1, 4), st.sampled_from([0.0, 2.0, 10.0]), st.sampled_from([0, 3, 5]))
def test_what_always_holds(table, shared, shrink, trim):
    problem = Problem(WHOLE, sheets(table), shared=shared, shrink=shrink, most=10, trim=trim)
    found, plain = solve(problem), baseline.solve(problem)
    assert {s.item: (s.raw, s.raw_rank) for s in found.standings} == {
        s.item: (s.raw, s.raw_rank) for s in plain.standings
    }
    for standing in found.standings:
        better = [s for s in found.standings if s.corrected > standing.corrected]
        assert standing.rank == len(better) + 1
        assert 0 <= standing.corrected <= 100
        assert abs(standing.corrected - standing.raw) <= Decimal("10.01")
        assert standing.tied == (
            sum(s.corrected == standing.corrected for s in found.standings) > 1
        )
    for marker in found.markers:
        assert abs(marker.correction) <= 10
        assert (marker.kept is Kept.FEW) == (marker.group < 0)
        if marker.kept is Kept.FEW:
            assert marker.correction == 0
    for group in range(found.groups):
        effects = [m.effect for m in found.markers if m.group == group]
        assert sum(effects) == pytest.approx(0, abs=1e-6)


@given(tables())
def test_the_order_of_sheets_and_names_does_not_matter(table):
    given_sheets = sheets(table)
    one = solve(Problem(WHOLE, given_sheets, shared=1))
    two = solve(Problem(WHOLE, given_sheets[::-1], shared=1))
    assert {s.item: s.corrected for s in one.standings} == {
        s.item: s.corrected for s in two.standings
    }


@given(tables(), st.integers(-20, 20))
def test_who_gives_more_to_all_is_told_so(table, more):
    """Moving all marks of one marker by the same amount moves their effect in that direction."""
    fair = {
        k: {i: (m if m is None else 20 + m * 60 // 100) for i, m in row.items()}
        for k, row in table.items()
    }
    moved = {
        k: {i: (m if m is None or k != "m0" else m + more) for i, m in row.items()}
        for k, row in fair.items()
    }
    before = {m.key: m.effect for m in solve(Problem(WHOLE, sheets(fair), shared=1)).markers}
    after = {m.key: m.effect for m in solve(Problem(WHOLE, sheets(moved), shared=1)).markers}
    if "m0" in before:
        assert (after["m0"] - before["m0"]) * more >= -1e-9


def test_a_strict_marker_is_corrected_and_both_figures_stay():
    """Everybody marks all items; m2 gives 12 less. With all items shared raw ranks are right."""
    worth = {"a": 80, "b": 70, "c": 60, "d": 50}
    table = {
        "m0": worth,
        "m1": worth,
        "m2": {item: mark - 12 for item, mark in worth.items()},
    }
    found = solve(Problem(WHOLE, sheets(table), shrink=0, most=20))
    assert [m.effect for m in found.markers] == pytest.approx([4, 4, -8])
    assert [(s.item, s.raw, s.corrected) for s in found.standings] == [
        (
            item,
            Decimal(mark - 4).quantize(Decimal("0.01")),
            Decimal(mark - 4).quantize(Decimal("0.01")),
        )
        for item, mark in worth.items()
    ]


def test_who_met_the_strict_marker_is_not_the_worse_for_it():
    """b is worth more than c, yet only b met the strict m2."""
    table = {
        "m0": {"a": 80, "b": 74, "c": 70, "d": 60, "e": 55},
        "m1": {"a": 80, "c": 70, "d": 60, "e": 55},
        "m2": {"a": 60, "b": 54, "d": 40, "e": 35},
    }
    problem = Problem(WHOLE, sheets(table), shrink=0, most=20)
    found = solve(problem)
    assert found.of("b").raw < found.of("c").raw
    assert found.of("b").corrected > found.of("c").corrected
    assert {m.key: round(m.effect, 6) for m in found.markers}["m2"] < -10
    held = {m.key: m for m in solve(Problem(WHOLE, sheets(table), shrink=0, most=5)).markers}
    assert (held["m2"].correction, held["m2"].bounded) == (-5, True)


def test_too_little_is_said_and_not_corrected():
    table = {"m0": {"a": 90}, "m1": {"b": 40}, "m2": {"a": 30, "b": 35}}
    found = solve(Problem(WHOLE, sheets(table), shared=3))
    assert {m.kept for m in found.markers} == {Kept.FEW}
    assert found.groups == 0
    assert all(s.raw == s.corrected for s in found.standings)


def test_parts_that_nobody_joins_are_counted():
    one = {f"m{n}": {f"a{i}": 50 + i for i in range(3)} for n in range(2)}
    two = {f"n{n}": {f"b{i}": 60 + i for i in range(3)} for n in range(2)}
    assert solve(Problem(WHOLE, sheets(one | two))).groups == 2


def test_weights_ties_trim_spread_and_flat_markers():
    criteria = (
        Criterion("need", Decimal(10), Decimal(60)),
        Criterion("team", Decimal(5), Decimal(40)),
    )
    sheet = Sheet("m", "i", {"need": Decimal(5), "team": Decimal(5)})
    assert Problem(criteria, (sheet,)).total(sheet) == 70
    table = {
        "m0": {"a": 80, "b": 80, "c": 80, "d": 20},
        "m1": {"a": 60, "b": 60, "c": 10, "d": 60},
        "m2": {"a": 70, "b": 70, "c": 90, "d": 61},
    }
    found = solve(Problem(WHOLE, sheets(table), shared=9, trim=3, spread=50))
    assert [(s.item, s.rank, s.tied) for s in found.standings] == [
        ("c", 1, False),
        ("a", 2, True),
        ("b", 2, True),
        ("d", 4, False),
    ]
    assert found.of("c").left_out == ("m1", "m2")
    assert [s.item for s in found.standings if s.disagree] == ["c"]
    flat = {"m0": {"a": 70, "b": 70, "c": 70}, "m1": {"a": 70, "b": 60, "c": 50}}
    assert [m.flat for m in solve(Problem(WHOLE, sheets(flat))).markers] == [True, False]


def test_on_simulated_panels_it_comes_nearer_to_the_truth_than_plain_means():
    """Markers differ by 8 points (standard deviation), each of 40 items meets 3 of 12 of them."""
    plain = better = 0.0
    for seed in range(10):
        rng = Random(seed)
        worth = {f"i{n}": rng.gauss(65, 8) for n in range(40)}
        effect = {f"m{n}": rng.gauss(0, 8) for n in range(12)}
        given_sheets = tuple(
            Sheet(
                m, i, {"whole": Decimal(round(min(100, max(0, v + effect[m] + rng.gauss(0, 4)))))}
            )
            for i, v in worth.items()
            for m in rng.sample(sorted(effect), 3)
        )
        found = solve(Problem(WHOLE, given_sheets, most=20))
        mean = sum(worth.values()) / 40
        for figure in ("raw", "corrected"):
            values = {s.item: float(getattr(s, figure)) for s in found.standings}
            centre = sum(values.values()) / 40
            error = sum(abs((values[i] - centre) - (worth[i] - mean)) for i in worth) / 40
            if figure == "raw":
                plain += error / 10
            else:
                better += error / 10
    assert better < 0.8 * plain


@pytest.mark.parametrize(
    "build",
    [
        lambda: Problem((), ()),
        lambda: Problem(WHOLE, (Sheet("m", "i", {}),)),
        lambda: Problem(WHOLE, (Sheet("m", "i", {"whole": Decimal(101)}),)),
        lambda: Problem(WHOLE, (Sheet("m", "i", {"whole": Decimal(1)}),) * 2),
        lambda: Problem(WHOLE, (), trim=2),
        lambda: Problem(WHOLE, (), shrink=-1),
        lambda: Criterion("c", Decimal(0), Decimal(1)),
    ],
)
def test_nonsense_is_refused(build):
    with pytest.raises(ValueError, match=r"criteri|scale|once|sheets|negative|positive"):
        build()
