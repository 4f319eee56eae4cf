"""What lies before everybody: living steps of many cases, in the order in which to take them."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from pilotline.engines.tracks.problem import Course, Track, WorkDays
from pilotline.engines.tracks.result import HELD, OPEN, WAITING
from pilotline.engines.tracks.walk import Walk, due_day

APPLICANT = "applicant"
NEVER = date.max.toordinal()


class Item(NamedTuple):
    """One living step. Days are ordinals; `due` 0 while the clock stands."""

    case: int
    step: str
    doer: str
    state: int
    due: int
    late: int
    green: bool


def items(
    track: Track, courses: Iterable[tuple[int, Course]], days: WorkDays, today: date
) -> list[Item]:
    """Every living step of many cases on one track, with its clock today.

    What waits for the applicant lies before the applicant; what is held lies before nobody, for
    the step that it called does. Raises as `solve` does.
    """
    table, on = track.compiled, today.toordinal()
    found: list[Item] = []
    for case, course in courses:
        for run in Walk(table, course, days).runs:
            if run.state not in (OPEN, WAITING):
                continue
            due = due_day(run, table.rows[run.place].clocks[course.green], days)
            late = days.count(due, on) if due and due < on else 0
            step = table.steps[run.place]
            doer = APPLICANT if run.state == WAITING else step.doer
            found.append(Item(case, step.id, doer, run.state, due, late, course.green))
    return found


def inboxes(found: Sequence[Item]) -> dict[str, list[Item]]:
    """The items before each doer: the green lane first, then what is due first."""
    by_doer: dict[str, list[Item]] = {}
    for item in found:
        by_doer.setdefault(item.doer, []).append(item)
    for listed in by_doer.values():
        listed.sort(key=_urgency)
    return by_doer


def _urgency(item: Item) -> tuple[bool, int, int]:
    return (not item.green, item.due or NEVER, item.case)


__all__ = ["APPLICANT", "HELD", "Item", "inboxes", "items"]
