"""Free times against the plainest possible search, for invented days and changeovers."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pilotline.desks.booking.rules.free import Diary, Gaps, Taken, common_starts, next_starts
from pilotline.desks.booking.rules.opening import Hours, NoCalendar
from pilotline.rulebook.calendar import CalendarEnds

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 11, 2, tzinfo=ZONE)
FAMILIES = ["", "a", "b"]
STEP = timedelta(minutes=30)


def hours(weekly, *, working=False, calendar=None):
    return Hours(weekly, working, calendar, ZONE)


@st.composite
def diaries(draw, slot=None):
    weekly = {
        day: draw(st.sampled_from([[], [(0, 1440)], [(480, 720), (780, 1080)], [(1200, 1440)]]))
        for day in range(7)
    }
    table = draw(
        st.dictionaries(
            st.tuples(st.sampled_from(FAMILIES), st.sampled_from(FAMILIES)),
            st.sampled_from([0, 30, 45, 120]),
            max_size=4,
        )
    )
    gaps = Gaps(draw(st.sampled_from([0, 30])), table)
    taken, at = [], MONDAY
    for _ in range(draw(st.integers(0, 5))):
        start = at + draw(st.integers(5, 40)) * STEP
        end = start + draw(st.integers(1, 12)) * STEP
        taken.append(Taken(start, end, draw(st.sampled_from(FAMILIES))))
        at = end
    return Diary(
        1, hours(weekly), gaps, taken,
        slot=slot or draw(st.sampled_from([30, 60, 90])), through=draw(st.booleans()),
    )  # fmt: skip


def plainly(diary, start, end, length, family):
    """Every half hour of the stretch, tried one by one."""
    moment = start
    while moment < end:
        if (
            diary.on_grid(moment)
            and _open(diary, moment, moment + length)
            and _clear(diary, moment, moment + length, family)
        ):
            yield moment
        moment += STEP


def _open(diary, start, end):
    halves = []
    moment = start
    while moment < end:
        local = moment.astimezone(ZONE)
        minute = local.hour * 60 + local.minute
        halves.append(any(a <= minute < b for a, b in diary.hours.weekly.get(local.weekday(), ())))
        moment += STEP
    return (halves[0] and halves[-1]) if diary.through else all(halves)


def _clear(diary, start, end, family):
    order = sorted([*diary.taken, Taken(start, end, family)], key=lambda t: (t.start, t.end))
    return all(
        before.end + diary.gaps.between(before.family, after.family) <= after.start
        for before, after in pairwise(order)
        if (start, end) in ((before.start, before.end), (after.start, after.end))
    )


@settings(max_examples=120)
@given(diaries(), st.integers(1, 8), st.sampled_from(FAMILIES))
def test_starts_are_those_of_the_plain_search(diary, halves, family):
    length, end = halves * STEP, MONDAY + timedelta(days=4)
    found = list(diary.starts(MONDAY, end, length, family))
    assert found == list(plainly(diary, MONDAY, end, length, family))


@settings(max_examples=60)
@given(diaries(), diaries(), st.integers(1, 6), st.sampled_from(FAMILIES))
def test_common_starts_are_free_in_both(first, second, halves, family):
    length, end = halves * STEP, MONDAY + timedelta(days=3)
    both = common_starts([first, second], MONDAY, end, length, family, most=5)
    plain = [set(plainly(d, MONDAY, end, length, family)) for d in (first, second)]
    assert set(both) <= plain[0] & plain[1]
    assert bool(both) == bool(plain[0] & plain[1])


@settings(max_examples=60)
@given(diaries(), st.integers(1, 6), st.sampled_from(FAMILIES))
def test_next_starts_are_the_first_and_do_not_overlap(diary, halves, family):
    length, end = halves * STEP, MONDAY + timedelta(days=4)
    found = next_starts(diary, MONDAY, end, length, family)
    every = list(diary.starts(MONDAY, end, length, family))
    assert found[:1] == every[:1]
    assert all(b - a >= length for a, b in pairwise(found))


def test_hours_that_touch_at_midnight_are_one(rulebook_calendar):
    round_the_clock = hours({day: [(0, 1440)] for day in range(7)})
    windows = round_the_clock.windows(MONDAY, MONDAY + timedelta(days=3))
    assert [(w.start, w.end) for w in windows] == [(MONDAY, MONDAY + timedelta(days=3))]
    office = hours({0: [(510, 1050)]}, working=True, calendar=rulebook_calendar)
    worked = office.on(date(2026, 10, 10))  # a Saturday that is worked: open like a Monday
    assert worked == [(510, 1050)]
    assert office.on(date(2026, 10, 5)) == ()


@pytest.fixture
def rulebook_calendar():
    from pilotline.rulebook.book import Rulebook
    from tests.factories import rulebook_content

    return Rulebook.from_content(rulebook_content()).calendar


def test_no_calendar_and_one_that_ends(rulebook_calendar):
    with pytest.raises(NoCalendar):
        hours({0: [(0, 60)]}, working=True).on(date(2026, 11, 2))
    ends = hours({0: [(0, 60)]}, working=True, calendar=rulebook_calendar)
    with pytest.raises(CalendarEnds):
        ends.windows(datetime(2028, 12, 30, tzinfo=UTC), datetime(2029, 1, 5, tzinfo=UTC))


def test_the_pair_goes_before_the_half_open_ones():
    gaps = Gaps(5, {("a", "b"): 60, ("a", ""): 20, ("", "b"): 40})
    minutes = [gaps.between(*p) // timedelta(minutes=1) for p in ("ab", "aa", "bb", ("b", "a"))]
    assert minutes == [60, 20, 40, 5]
