"""Half-open periods."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilotline.kernel.period import Period

START = datetime(2026, 11, 22, 8, tzinfo=UTC)


def hours(first: int, last: int) -> Period:
    return Period(START + timedelta(hours=first), START + timedelta(hours=last))


def test_periods_that_touch_do_not_overlap() -> None:
    assert hours(0, 2).overlap(hours(2, 3)) is None
    assert hours(0, 2).overlap(hours(1, 3)) == hours(1, 2)
    assert hours(0, 2).length == timedelta(hours=2)


def test_the_end_is_not_contained() -> None:
    assert hours(0, 2).contains(START)
    assert not hours(0, 2).contains(START + timedelta(hours=2))
    assert hours(0, 2).contains(hours(1, 2))
    assert not hours(0, 2).contains(hours(1, 3))


@pytest.mark.parametrize(
    ("start", "end"),
    [(START, START), (START, START - timedelta(1)), (datetime(2026, 1, 1), datetime(2026, 1, 2))],
)
def test_an_impossible_period_is_refused(start: datetime, end: datetime) -> None:
    with pytest.raises(ValueError, match="a period"):
        Period(start, end)


@given(*[st.integers(0, 20)] * 4)
def test_overlap_is_symmetric_and_inside_both(a: int, b: int, c: int, d: int) -> None:
    one, two = hours(a, a + b + 1), hours(c, c + d + 1)
    shared = one.overlap(two)
    assert shared == two.overlap(one)
    assert shared is None or (one.contains(shared) and two.contains(shared))
