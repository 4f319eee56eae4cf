"""Nothing is lost, nobody is off by a fen or more, whatever is divided among whomever."""

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilotline.engines.sharing import baseline
from pilotline.engines.sharing.problem import Part, Problem
from pilotline.engines.sharing.solve import solve

FEN = Fraction(1, 100)


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Up to a billion yuan, either sign, among up to 12 parts of a ten-thousandth percent."""
    cuts = sorted(draw(st.lists(st.integers(0, 1_000_000), max_size=11)))
    ends = zip([0, *cuts], [*cuts, 1_000_000], strict=True)
    parts = tuple(
        Part(str(at), Decimal(high - low).scaleb(-4)) for at, (low, high) in enumerate(ends)
    )
    fen = draw(st.integers(-100_000_000_000, 100_000_000_000))
    return Problem(Decimal(fen).scaleb(-2), parts)


def amounts(amount: str, *percents: str) -> list[str]:
    parts = tuple(Part(str(at), Decimal(p)) for at, p in enumerate(percents))
    return [str(share.amount) for share in solve(Problem(Decimal(amount), parts)).shares]


@given(problems())
def test_nothing_is_lost(problem: Problem) -> None:
    assert solve(problem).total == problem.amount


@given(problems())
def test_everybody_lies_within_a_fen_of_their_share(problem: Problem) -> None:
    assert all(share.error < FEN for share in solve(problem).shares)


@given(problems())
def test_who_has_the_larger_part_never_gets_less(problem: Problem) -> None:
    shares = sorted(solve(problem).shares, key=lambda share: share.percent)
    sizes = [abs(share.amount) for share in shares if share.percent > 0]
    for low, high in pairwise(shares):
        if low.percent < high.percent:
            assert abs(low.amount) <= abs(high.amount)
    assert [s.amount for s in shares if s.percent == 0] == [0] * (len(shares) - len(sizes))


@given(problems())
def test_what_is_taken_back_is_what_was_given(problem: Problem) -> None:
    back = solve(Problem(-problem.amount, problem.parts))
    assert [-share.amount for share in back.shares] == [s.amount for s in solve(problem).shares]


@given(problems())
def test_nobody_is_worse_off_than_by_the_simplest_method(problem: Problem) -> None:
    ours, simple = solve(problem), baseline.solve(problem)
    assert simple.total == problem.amount
    assert sum(s.error for s in ours.shares) <= sum(s.error for s in simple.shares)
    assert max(s.error for s in ours.shares) <= max(s.error for s in simple.shares)


def test_it_beats_the_simplest_method() -> None:
    parts = tuple(Part(str(at), Decimal(10)) for at in range(10))
    problem = Problem(Decimal("0.09"), parts)
    assert max(s.error for s in solve(problem).shares) < FEN
    assert max(s.error for s in baseline.solve(problem).shares) > 8 * FEN


@pytest.mark.parametrize(
    ("amount", "percents", "wanted"),
    [
        ("100.00", ["50", "20", "15", "10", "5"], ["50.00", "20.00", "15.00", "10.00", "5.00"]),
        ("0.01", ["50", "50"], ["0.01", "0.00"]),
        ("0.02", ["33.3333", "33.3333", "33.3334"], ["0.01", "0.00", "0.01"]),
        ("10.00", ["33.33", "33.33", "33.34"], ["3.33", "3.33", "3.34"]),
        ("-0.05", ["50", "50"], ["-0.03", "-0.02"]),
        ("0.00", ["100"], ["0.00"]),
    ],
)
def test_by_hand(amount: str, percents: list[str], wanted: list[str]) -> None:
    assert amounts(amount, *percents) == wanted


@pytest.mark.parametrize(
    ("amount", "percents", "words"),
    [
        ("1.00", ["50", "49.99"], "add to 99.99"),
        ("1.00", [], "add to 0"),
        ("1.00", ["120", "-20"], "is no percentage"),
        ("1.00", ["NaN"], "is no percentage"),
        ("1.005", ["100"], "not in whole fen"),
        ("Infinity", ["100"], "not in whole fen"),
    ],
)
def test_what_cannot_be_divided_is_refused(amount: str, percents: list[str], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        amounts(amount, *percents)


def test_nobody_shares_twice() -> None:
    half = Part("a", Decimal(50))
    with pytest.raises(ValueError, match="twice"):
        Problem(Decimal(1), (half, half))
