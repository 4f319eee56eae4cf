"""Random tracks and random courses on them, for the property tests."""

from datetime import date, timedelta

from hypothesis import strategies as st

from pilotline.engines.tracks.problem import Course, Happened, Problem, Track, WorkDays
from pilotline.engines.tracks.result import LIVING, STATES
from pilotline.engines.tracks.solve import solve
from pilotline.engines.tracks.table import ANSWERED, Escalation, Outcome, Step

FIRST, LAST = date(2026, 1, 1), date(2027, 12, 31)
# Weekends, and a long feast.
OFF = frozenset(
    day
    for n in range((LAST - FIRST).days + 1)
    if (day := FIRST + timedelta(n)).weekday() >= 5 or date(2026, 2, 15) <= day <= date(2026, 2, 23)
)
DAYS = WorkDays(FIRST, LAST, OFF)
ENDS = ("granted", "refused")


@st.composite
def tracks(draw: st.DrawFn) -> Track:
    """Sound tracks: some steps in line, some wanted only on an outcome, some called."""
    count = draw(st.integers(1, 5))
    called = draw(st.integers(0, 2))
    steps = []
    for at in range(count):
        days = draw(st.integers(0, 15))
        green = draw(st.none() | st.integers(0, days))
        outcomes = [Outcome("pass", "on"), Outcome("extra", "on"), Outcome("back", "wait")]
        outcomes += [Outcome("refuse", "refused")]
        if at == 0 and called:
            outcomes.append(Outcome("call", "called0"))
        after = draw(st.sets(st.sampled_from(range(at)), max_size=3)) if at else set()
        conditional = bool(after) and draw(st.booleans())
        steps.append(
            Step(
                id=f"s{at}",
                doer=draw(st.sampled_from(["city", "applicant", "expert"])),
                outcomes=tuple(outcomes),
                after=tuple(f"s{n}" for n in sorted(after)),
                days=days,
                green_days=green,
                least=draw(st.integers(0, min(3, days if green is None else green))),
                when=("extra",) if conditional else (),
                answer_days=draw(st.integers(0, 5)),
                escalations=tuple(
                    Escalation(n, "province") for n in draw(st.lists(st.integers(0, 6), max_size=2))
                ),
            )
        )
    awaited = {name for step in steps for name in step.after}
    loose = tuple(step.id for step in steps if step.id not in awaited)
    last = Step("last", "city", (Outcome("grant", "granted"), Outcome("back", "wait")), loose, 5)
    for n in range(called):
        deeper = (Outcome("deeper", f"called{n + 1}"),) if n + 1 < called else ()
        steps.append(
            Step(f"called{n}", "expert", (Outcome("heard", "on"), *deeper), days=4, called=True)
        )
    return Track("drawn", (*steps, last), ENDS)


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """A case on a drawn track after up to eight things that may happen, seen some days later."""
    track = draw(tracks())
    day = FIRST + timedelta(draw(st.integers(0, 60)))
    course = Course(day, (), draw(st.booleans()))
    for _ in range(draw(st.integers(0, 8))):
        day += timedelta(draw(st.integers(0, 12)))
        standing = solve(Problem(track, course, DAYS, day))
        moves = [
            (run.step, ANSWERED if run.state == "waiting" else outcome.id)
            for run in standing.living
            if run.state != "held"
            for outcome in track.step(run.step).outcomes
        ]
        if not moves:
            break
        step, what = draw(st.sampled_from(moves))
        run = next(r for r in standing.living if r.step == step)
        least = date.fromordinal(DAYS.add(run.opened.toordinal(), track.step(step).least))
        day = max(day, least)
        happened = (*course.happened, Happened(day, step, what))
        course = Course(course.opened, happened, course.green)
    return Problem(track, course, DAYS, day + timedelta(draw(st.integers(0, 30))))


LIVING_WORDS = {STATES[state] for state in LIVING}
