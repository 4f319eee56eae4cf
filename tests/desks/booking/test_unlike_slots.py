"""Steps on resources with unlike slots: the plan finds whatever trying every minute finds."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from hypothesis import given, settings
from hypothesis import strategies as st

from pilotline.desks.booking.models import Bookable, Waiting, WaitingStep
from pilotline.desks.booking.problem import schedule
from pilotline.desks.booking.rules.free import Diary, Gaps, Taken
from pilotline.desks.booking.rules.opening import Hours
from pilotline.desks.people.models import Organisation

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 11, 2, tzinfo=ZONE)
END = MONDAY + timedelta(days=2)
MINUTE = timedelta(minutes=1)
# The last two divide no day: their starts are counted anew from each midnight.
SLOTS = (15, 20, 30, 45, 60, 90, 480, 50, 70)
HOURS = ([(0, 1440)], [(480, 720), (780, 1080)], [(510, 1055)])


@st.composite
def diaries(draw, number, gaps):
    slot = draw(st.sampled_from(SLOTS))
    open_ = draw(st.sampled_from(HOURS))
    taken, at = [], MONDAY
    for _ in range(draw(st.integers(0, 3))):
        start = at + draw(st.integers(1, 9)) * 60 * MINUTE
        end = start + draw(st.integers(1, 3)) * 60 * MINUTE
        taken.append(Taken(start, end, ""))
        at = end
    hours = Hours(dict.fromkeys(range(7), open_), False, None, ZONE)
    return Diary(number, hours, gaps, taken, slot=slot, shortest=slot)


def plainly(diaries, steps, begin, end):
    """When a chain of steps (minutes, resources) ends at the earliest: every minute tried."""
    moment, left = begin, dict.fromkeys(diaries, begin)
    for minutes, way in steps:
        length = minutes * MINUTE
        while not all(
            left[r] <= moment
            and diaries[r].on_grid(moment)
            and diaries[r].is_clear(moment, moment + length, "")
            and diaries[r].is_open(moment, moment + length)
            for r in way
        ):
            moment += MINUTE
            if moment + length > end:
                return None
        moment += length
        # A resource is made ready between two steps of one project as between two projects.
        left |= {r: moment + diaries[r].gaps.between("", "") for r in way}
    return moment if moment <= end else None


def wish_for(steps, begin, end):
    wish = Waiting(
        pk=1, resource_id=1, in_steps=True, window=DateTimeTZRange(begin, end),
        minutes=sum(minutes for minutes, _ in steps), organisation=Organisation(kind="enterprise"),
    )  # fmt: skip
    wish._prefetched_objects_cache = {
        "steps": [
            WaitingStep(number=n, minutes=minutes, ways=[list(way)])
            for n, (minutes, way) in enumerate(steps, 1)
        ]
    }
    return wish


@settings(max_examples=60, deadline=None)
@given(st.data(), st.sampled_from((0, 20, 60)), st.booleans())
def test_a_plan_ends_as_early_as_trying_every_minute(data, changeover, at_once):
    gaps = Gaps(changeover)
    known = {n: data.draw(diaries(n, gaps)) for n in (1, 2)}
    one, two = known[1].slot, known[2].slot
    steps = [(one * data.draw(st.integers(1, 3)), (1,)), (two * data.draw(st.integers(1, 3)), (2,))]
    if at_once:
        steps = [steps[0], (one * two, (1, 2))] if one * two <= 600 else steps
    begin = MONDAY + data.draw(st.integers(0, 1200)) * MINUTE
    plan = schedule.plan(
        [Bookable(pk=n, slot=d.slot, is_open=True) for n, d in known.items()],
        known,
        [wish_for(steps, begin, END)],
        widely=False,
        start=MONDAY,
        end=END,
        soonest=MONDAY,
        seed=1,
        seconds=0.02,
    )
    ends = [line.end for line in plan.planned if line.resource is not None]
    expected = plainly(known, steps, begin, END)
    assert (ends[-1] if ends else None) == expected
    for line, (minutes, _way) in zip(plan.planned, steps, strict=False):
        if line.start is not None:
            assert known[line.resource].on_grid(line.start)
            assert line.end - line.start == minutes * MINUTE
