"""The simplest honest method: look at every step again after everything that happened, and walk
the calendar day by day. Shares no arithmetic with the engine."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from pilotline.engines.tracks.problem import Problem, Track
from pilotline.engines.tracks.result import Run, Standing, Stop
from pilotline.engines.tracks.table import Step

DAY = timedelta(days=1)
OVER = ("done", "skipped")


class Calendar:
    """Working days, looked at one by one."""

    def __init__(self, off: frozenset[date]) -> None:
        self.off = off

    def add(self, day: date, count: int) -> date:
        while count:
            day += DAY
            count -= day not in self.off
        return day

    def count(self, start: date, end: date) -> int:
        days = 0
        while start < end:
            start += DAY
            days += start not in self.off
        return days


def solve(problem: Problem, off: frozenset[date]) -> Standing:
    """The standing without its outlook: runs in no promised order, the end, what was spent."""
    course, calendar = problem.course, Calendar(off)
    runs: list[dict[str, Any]] = []
    ended, ended_on = "", None
    _settle(problem.track, runs, course.opened)
    for day, step, what in course.happened:
        if what == "withdrawn":
            ended, ended_on = what, day
        else:
            ended = _take(problem.track, runs, step, what, day)
            ended_on = day if ended else None
        if ended:
            for run in runs:
                if run["state"] in ("open", "waiting", "held"):
                    run |= {"state": "dropped", "closed": day}
            break
        _settle(problem.track, runs, day)
    until = ended_on or problem.today
    return Standing(
        runs=tuple(_run(problem, run, calendar) for run in runs),
        ended=ended,
        ended_on=ended_on,
        spent=calendar.count(course.opened, until),
        summed=sum(_spent(run, calendar, until) for run in runs),
    )


def _settle(track: Track, runs: list[dict[str, Any]], day: date) -> None:
    """Open whatever may open, until nothing changes."""
    changed = True
    while changed:
        changed = False
        newest = {run["step"]: run for run in runs}
        for step in track.steps:
            if step.called or step.id in newest:
                continue
            before = [newest.get(name) for name in step.after]
            if any(run is None or run["state"] not in OVER for run in before):
                continue
            run = _new(step, day)
            if step.when and not any(one and one["outcome"] in step.when for one in before):
                run |= {"state": "skipped", "closed": day}
            runs.append(run)
            changed = True


def _new(step: Step, day: date, caller: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "step": step.id,
        "state": "open",
        "opened": day,
        "closed": None,
        "outcome": "",
        "stops": [],
        "caller": caller,
    }


def _take(track: Track, runs: list[dict[str, Any]], name: str, what: str, day: date) -> str:
    run = [one for one in runs if one["step"] == name][-1]
    if what == "answered":
        run["state"] = "open"
        run["stops"][-1]["end"] = day
        return ""
    step = next(one for one in track.steps if one.id == name)
    leads = next(o.leads for o in step.outcomes if o.id == what)
    called = [one for one in track.steps if one.id == leads]
    if leads == "wait" or called:
        run["state"] = "held" if called else "waiting"
        run["stops"].append({"start": day, "end": None, "called": bool(called)})
        runs.extend(_new(one, day, run) for one in called)
        return ""
    run |= {"state": "done", "closed": day, "outcome": what}
    if leads in track.ends:
        return leads
    if run["caller"] is not None:
        run["caller"]["state"] = "open"
        run["caller"]["stops"][-1]["end"] = day
    return ""


def _due(run: dict[str, Any], clock: int, calendar: Calendar) -> date | None:
    """Walk on, counting only days on which the clock runs."""
    day: date = run["opened"]
    left = clock
    while left:
        day += DAY
        for stop in run["stops"]:
            if stop["start"] < day and stop["end"] is None:
                return None
        stood = any(stop["start"] < day <= stop["end"] for stop in run["stops"])
        left -= day not in calendar.off and not stood
    return day


def _run(problem: Problem, run: dict[str, Any], calendar: Calendar) -> Run:
    step = next(one for one in problem.track.steps if one.id == run["step"])
    clock = step.clock(problem.course.green)
    due = None if run["state"] == "skipped" else _due(run, clock, calendar)
    late = calendar.count(due, run["closed"] or problem.today) if due else 0
    made = Run(
        step=step.id,
        doer=step.doer,
        state=run["state"],
        opened=run["opened"],
        days=clock,
        due=due,
        closed=run["closed"],
        outcome=run["outcome"],
        stops=tuple(Stop(stop["start"], stop["end"]) for stop in run["stops"]),
        late=late,
        called_by=run["caller"]["step"] if run["caller"] else "",
    )
    if made.state == "waiting" and step.answer_days:
        last = calendar.add(made.stops[-1].start, step.answer_days)
        made = replace(made, answer_due=last)
    if made.is_living and late:
        for escalation in sorted(step.escalations, key=lambda one: one.after):
            if escalation.after <= late:
                made = replace(made, goes_up=escalation)
    return made


def _spent(run: dict[str, Any], calendar: Calendar, until: date) -> int:
    if run["state"] == "skipped":
        return 0
    end = run["closed"] or until
    away = sum(
        calendar.count(stop["start"], stop["end"] or end) for stop in run["stops"] if stop["called"]
    )
    return calendar.count(run["opened"], end) - away
