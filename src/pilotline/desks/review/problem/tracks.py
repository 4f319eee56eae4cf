"""Proceedings as problems of the engine `tracks`, and its answers as facts of their steps."""

from datetime import date
from functools import lru_cache

from pilotline.engines.tracks.problem import (
    BadCourse,
    ClockEnds,
    Course,
    Happened,
    Problem,
    WorkDays,
)
from pilotline.engines.tracks.result import Plan, Run, Standing
from pilotline.engines.tracks.solve import plan, solve
from pilotline.rulebook.calendar import Calendar
from pilotline.rulebook.tracks import Track

__all__ = [
    "BadCourse",
    "ClockEnds",
    "Plan",
    "Run",
    "Standing",
    "course_of",
    "leads",
    "promised",
    "standing_of",
    "working_days",
]


@lru_cache(maxsize=4)
def working_days(calendar: Calendar) -> WorkDays:
    """The whole calendar counted once, from the year in which the first proceeding may begin."""
    first = max(calendar.valid_from, date(2020, 1, 1))
    last = calendar.ends
    off = calendar.days_without_work(first, last)
    return WorkDays(first, last, off | ({last} if not calendar.is_working(last) else set()))


def course_of(opened: date, happened: list[list[str]], green: bool) -> Course:
    """A stored course: [day, step, what] in order."""
    told = tuple(Happened(date.fromisoformat(day), step, what) for day, step, what in happened)
    return Course(opened, told, green)


def standing_of(track: Track, course: Course, calendar: Calendar, today: date) -> Standing:
    """Raises BadCourse and ClockEnds as the engine does."""
    return solve(Problem(track.walk, course, working_days(calendar), today))


def promised(track: Track, *, green: bool) -> Plan:
    """What the track promises in working days, side by side and one after another."""
    return plan(track.walk, green=green)


def leads(track: Track, step: str) -> dict[str, str]:
    """The outcomes of a step and where each leads: on, wait, an end, or a called step."""
    return dict(track.walk.step(step).outcomes)
