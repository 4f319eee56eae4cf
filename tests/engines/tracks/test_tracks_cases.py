"""Told cases: side by side, a hearing, an answer that is waited for, the Spring Festival."""

from datetime import date

import pytest

from pilotline.engines.tracks.problem import (
    BadCourse,
    ClockEnds,
    Course,
    Happened,
    Problem,
    Track,
    WorkDays,
)
from pilotline.engines.tracks.solve import plan, solve
from pilotline.engines.tracks.table import Escalation, Outcome, Step

GRANT = (
    Outcome("grant", "granted"),
    Outcome("refuse", "refused"),
    Outcome("hear", "hearing"),
)
PASS = (Outcome("pass", "on"), Outcome("meet", "on"), Outcome("back", "wait"))
TRACK = Track(
    "project",
    (
        Step("complete", "system", PASS),
        Step("assess", "city", PASS, ("complete",), 10, 5, escalations=(Escalation(2, "up"),)),
        Step("safety", "city", PASS, ("complete",), 15, 8, answer_days=10),
        Step("meeting", "city", PASS[:1], ("assess", "safety"), 5, 3, when=("meet",)),
        Step("decide", "city", GRANT, ("meeting",), 5, 3),
        Step("hearing", "city", PASS[:1], days=20, called=True),
    ),
    ("granted", "refused"),
)
# What was really worked around the Spring Festival of 2026.
OFF = {date(2026, 2, d) for d in (15, 16, 17, 18, 19, 20, 21, 22, 23)}
OFF |= {
    day
    for n in range(400)
    if (day := date.fromordinal(date(2026, 1, 1).toordinal() + n)).weekday() >= 5
    and day not in {date(2026, 2, 14), date(2026, 2, 28)}
}
DAYS = WorkDays(date(2026, 1, 1), date(2026, 12, 31), OFF)
START = date(2026, 2, 12)


def seen(today: date, *happened: tuple[int, int, str, str], green: bool = False):
    """The standing after (month, day, step, what) …"""
    course = Course(
        START, tuple(Happened(date(2026, m, d), s, w) for m, d, s, w in happened), green
    )
    return solve(Problem(TRACK, course, DAYS, today))


def runs(standing) -> dict[str, str]:
    return {run.step: run.state for run in standing.runs}


def test_assessment_and_review_open_at_the_same_moment() -> None:
    standing = seen(START, (2, 12, "complete", "pass"))
    assert runs(standing) == {"complete": "done", "assess": "open", "safety": "open"}
    assert {run.opened for run in standing.living} == {START}
    assert standing.next == ("meeting",)


def test_a_clock_across_the_spring_festival() -> None:
    """The 13th and the worked Saturday count, then nothing up to the 24th."""
    standing = seen(START, (2, 12, "complete", "pass"), green=True)
    due = {run.step: run.due for run in standing.living}
    assert due["assess"] == date(2026, 2, 26)
    assert due["safety"] == date(2026, 3, 2)


def test_what_nobody_wanted_is_passed_over() -> None:
    done = [(2, 12, "complete", "pass"), (2, 24, "assess", "pass"), (2, 25, "safety", "pass")]
    assert runs(seen(date(2026, 2, 25), *done))["meeting"] == "skipped"
    done[1] = (2, 24, "assess", "meet")
    standing = seen(date(2026, 2, 25), *done)
    assert [run.step for run in standing.living] == ["meeting"]


def test_the_clock_stands_while_the_applicant_is_asked() -> None:
    before = (2, 12, "complete", "pass")
    asked = seen(date(2026, 3, 2), before, (2, 24, "safety", "back"))
    safety = next(run for run in asked.living if run.step == "safety")
    assert (safety.state, safety.due) == ("waiting", None)
    assert safety.answer_due == date(2026, 3, 9)
    answered = seen(
        date(2026, 3, 10), before, (2, 24, "safety", "back"), (3, 10, "safety", "answered")
    )
    again = next(run for run in answered.living if run.step == "safety")
    lost = DAYS.count(date(2026, 2, 24).toordinal(), date(2026, 3, 10).toordinal())
    first = next(r for r in seen(START, before).living if r.step == "safety").due
    assert again.due.toordinal() == DAYS.add(first.toordinal(), lost)


def test_a_hearing_holds_the_decision_and_gives_it_back() -> None:
    done = [(2, 12, "complete", "pass"), (2, 24, "assess", "pass"), (2, 25, "safety", "pass")]
    held = seen(date(2026, 3, 20), *done, (2, 26, "decide", "hear"))
    assert runs(held) | {"decide": "held", "hearing": "open"} == runs(held)
    back = seen(date(2026, 3, 20), *done, (2, 26, "decide", "hear"), (3, 20, "hearing", "pass"))
    decide = next(run for run in back.living)
    assert (decide.step, decide.state) == ("decide", "open")
    assert back.summed < back.spent + 20


def test_late_steps_go_up() -> None:
    standing = seen(date(2026, 3, 20), (2, 12, "complete", "pass"))
    assess = next(run for run in standing.living if run.step == "assess")
    assert assess.late > 2
    assert assess.goes_up == Escalation(2, "up")


def test_an_applicant_who_leaves_in_the_middle() -> None:
    standing = seen(date(2026, 3, 1), (2, 12, "complete", "pass"), (2, 13, "", "withdrawn"))
    assert (standing.ended, standing.ended_on) == ("withdrawn", date(2026, 2, 13))
    assert standing.living == ()
    assert {run.state for run in standing.runs} == {"done", "dropped"}


def test_what_the_track_saves() -> None:
    assert plan(TRACK) == (20, 30)
    assert plan(TRACK, green=True).side_by_side == 11


@pytest.mark.parametrize(
    ("happened", "reason"),
    [
        ([(2, 12, "decide", "grant")], "not-open"),
        ([(2, 11, "complete", "pass")], "backwards"),
        ([(2, 12, "complete", "perhaps")], "unknown-outcome"),
        ([(2, 12, "nothing", "pass")], "no-such-step"),
        ([(2, 12, "complete", "pass"), (2, 12, "safety", "answered")], "nothing-asked"),
        ([(2, 12, "complete", "pass"), (2, 12, "complete", "pass")], "not-open"),
        ([(2, 12, "", "withdrawn"), (2, 12, "complete", "pass")], "ended"),
    ],
)
def test_what_cannot_happen_is_refused(happened, reason) -> None:
    with pytest.raises(BadCourse) as refused:
        seen(date(2026, 3, 1), *happened)
    assert refused.value.data["reason"] == reason


def test_a_deadline_before_the_start_is_refused() -> None:
    with pytest.raises(BadCourse):
        seen(date(2026, 2, 11))


def test_a_clock_past_the_calendar_says_so() -> None:
    short = WorkDays(date(2026, 1, 1), date(2026, 2, 24), OFF)
    course = Course(START, (Happened(START, "complete", "pass"),))
    with pytest.raises(ClockEnds):
        solve(Problem(TRACK, course, short, START))


def test_a_public_notice_cannot_end_before_its_least() -> None:
    end = (Outcome("done", "granted"),)
    track = Track("n", (Step("notice", "city", end, days=5, least=5),), ("granted",))
    early = Course(START, (Happened(date(2026, 2, 24), "notice", "done"),))
    with pytest.raises(BadCourse, match="too-early"):
        solve(Problem(track, early, DAYS, date(2026, 3, 1)))
    right = Course(START, (Happened(date(2026, 2, 26), "notice", "done"),))
    assert solve(Problem(track, right, DAYS, date(2026, 3, 1))).ended == "granted"
