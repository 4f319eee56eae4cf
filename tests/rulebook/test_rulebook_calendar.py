"""Working days by the country's official calendar, with what the region adds."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilotline.rulebook import Rulebook
from pilotline.rulebook.calendar import Calendar, CalendarEnds


@pytest.fixture(scope="module")
def calendar(province) -> Calendar:
    assert province.calendar is not None
    return province.calendar


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 2, 13), True),
        (date(2026, 2, 14), True),  # a Saturday that is worked for the Spring Festival
        (date(2026, 2, 16), False),
        (date(2026, 2, 23), False),  # a Monday given for 28 February
        (date(2026, 2, 28), True),
        (date(2026, 10, 7), False),
        (date(2026, 10, 10), True),
        (date(2026, 11, 28), False),  # a plain Saturday
        (date(2027, 2, 8), False),  # the festival is known before its shifts are announced
    ],
)
def test_official_days(calendar, day, works):
    assert calendar.is_working(day) is works


def test_a_clock_across_the_spring_festival(calendar):
    assert calendar.add(date(2026, 2, 13), 3) == date(2026, 2, 25)
    assert calendar.count(date(2026, 2, 13), date(2026, 2, 25)) == 3
    assert calendar.add(date(2026, 2, 15), 0) == date(2026, 2, 15)


def test_it_ends_aloud(calendar):
    assert calendar.is_provisional(calendar.ends)
    assert not calendar.is_provisional(calendar.announced_to)
    with pytest.raises(CalendarEnds):
        calendar.add(calendar.ends, 1)
    with pytest.raises(CalendarEnds):
        calendar.is_working(calendar.valid_from - timedelta(1))
    with pytest.raises(ValueError, match="forwards"):
        calendar.add(date(2026, 1, 5), -1)


def test_the_region_goes_before_the_country(calendar):
    own = replace(
        calendar,
        days_off=frozenset({date(2026, 11, 27)}),
        working_days=frozenset({date(2026, 11, 28)}),
    )
    assert [own.is_working(date(2026, 11, d)) for d in (27, 28)] == [False, True]
    week = own.days_without_work(date(2026, 11, 23), date(2026, 11, 30))
    assert week == {date(2026, 11, 27), date(2026, 11, 29)}


@given(
    start=st.dates(date(2020, 1, 1), date(2026, 6, 1)), count=st.integers(min_value=1, max_value=60)
)
def test_adding_and_counting_agree(calendar, start, count):
    end = calendar.add(start, count)
    assert calendar.is_working(end)
    assert calendar.count(start, end) == count


def test_an_older_release_has_no_calendar(invented):
    content = invented.to_content()
    del content["kinds"]["calendar"]
    assert Rulebook.from_content(content).calendar is None


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("country: CN", "country: QQ", "There are no public holidays of this country."),
        ("2028-12-31", "2027-02-29", "There is no such day as 2027-02-29."),
        ("2028-12-31", "2025-12-31", "It must be: valid from ≤ announced to ≤ ends."),
        (
            "ends: 2028-12-31",
            "ends: 2028-12-31\ndays_off: [2026-11-27]\nworking_days: [2026-11-27]",
            "2026-11-27 is both a day off and a working day.",
        ),
    ],
)
def test_planted_faults(spoil, old, new, sentence):
    found = spoil("calendar.yaml", old, new)
    assert [(fault.file, fault.text.en) for fault in found] == [("calendar.yaml", sentence)]
