"""Where a case stands today, worked out from what has happened."""

from collections.abc import Sequence
from datetime import date

from pilotline.engines.tracks.problem import ClockEnds, Problem, Track, WorkDays
from pilotline.engines.tracks.result import (
    DONE,
    HELD,
    LIVING,
    SKIPPED,
    STATES,
    WAITING,
    Plan,
    Run,
    Standing,
    Stop,
)
from pilotline.engines.tracks.table import Escalation
from pilotline.engines.tracks.walk import Trace, Walk, due_day

EARLIEST, USUAL, LATEST = range(3)


def solve(problem: Problem) -> Standing:
    """The standing of one case. Raises BadCourse for what cannot have happened, ClockEnds when a
    living clock runs past the working days."""
    course, days, today = problem.course, problem.days, problem.today.toordinal()
    walk = Walk(problem.track.compiled, course, days)
    runs = tuple(_run(run, walk, course.green, today) for run in walk.runs)
    until = walk.ended_on or today
    ends: tuple[date | None, ...] = (None, None, None)
    if not walk.ended:
        ends = tuple(_end(walk, course.green, today, how) for how in (EARLIEST, USUAL, LATEST))
    return Standing(
        runs=runs,
        ended=walk.ended,
        ended_on=date.fromordinal(walk.ended_on) if walk.ended else None,
        next=_next(walk),
        earliest=ends[EARLIEST],
        usual=ends[USUAL],
        latest=ends[LATEST],
        spent=days.count(walk.opened, until),
        summed=sum(_spent(run, days, until) for run in walk.runs),
    )


def plan(track: Track, *, green: bool = False) -> Plan:
    """What the track promises when every clock is used and nothing extra is wanted."""
    table = track.compiled
    reached: dict[int, int] = {}
    total = 0
    for place in table.order:
        row = table.rows[place]
        clock = 0 if row.when else row.clocks[green]
        total += clock
        reached[place] = clock + max((reached[other] for other in row.before), default=0)
    return Plan(reached[table.last], total)


def _run(run: Trace, walk: Walk, green: bool, today: int) -> Run:
    step, row = walk.table.steps[run.place], walk.table.rows[run.place]
    clock = row.clocks[green]
    due = 0 if run.state == SKIPPED else due_day(run, clock, walk.days)
    late = walk.days.count(due, run.closed or today) if due else 0
    answer_due = None
    if run.state == WAITING and step.answer_days:
        answer_due = date.fromordinal(walk.days.add(run.stops[-1][0], step.answer_days))
    return Run(
        step=step.id,
        doer=step.doer,
        state=STATES[run.state],
        opened=date.fromordinal(run.opened),
        days=clock,
        due=date.fromordinal(due) if due else None,
        closed=date.fromordinal(run.closed) if run.closed else None,
        outcome=run.outcome,
        stops=tuple(_stop(start, end) for start, end, _called in run.stops),
        answer_due=answer_due,
        late=late,
        goes_up=_goes_up(step.escalations, late) if run.state in LIVING else None,
        called_by=walk.table.ids[run.caller.place] if run.caller else "",
    )


def _stop(start: int, end: int) -> Stop:
    return Stop(date.fromordinal(start), date.fromordinal(end) if end else None)


def _goes_up(escalations: Sequence[Escalation], late: int) -> Escalation | None:
    """The last escalation whose time has come; a step that is due today is not late."""
    reached = [one for one in escalations if late and one.after <= late]
    return max(reached, key=lambda one: one.after, default=None)


def _spent(run: Trace, days: WorkDays, until: int) -> int:
    """Working days a run took, less those in which another step was done in its place."""
    if run.state == SKIPPED:
        return 0
    end = run.closed or until
    called = sum(days.count(start, to or end) for start, to, called in run.stops if called)
    return days.count(run.opened, end) - called


def _next(walk: Walk) -> tuple[str, ...]:
    """Steps that may open as soon as the living ones have passed."""
    if walk.ended:
        return ()
    found = []
    for place in walk.table.order:
        before = [walk.now[other] for other in walk.table.rows[place].before]
        if walk.now[place] is None and all(one is not None for one in before):
            found.append(walk.table.ids[place])
    return tuple(found)


def _end(walk: Walk, green: bool, today: int, how: int) -> date | None:
    """The day on which the last step is done when every step takes its least or its clock."""
    done: list[int] = [0] * len(walk.table.rows)
    try:
        for place in walk.table.order:
            done[place] = _done_by(walk, place, done, green, today, how)
    except ClockEnds:
        return None
    return date.fromordinal(done[walk.table.last])


def _done_by(walk: Walk, place: int, done: list[int], green: bool, today: int, how: int) -> int:
    row, run = walk.table.rows[place], walk.now[place]
    if run is not None:
        return run.closed or _living_until(walk, run, green, today, how)
    start = max([today, *(done[other] for other in row.before)])
    if row.when and not _wanted(walk, place, how):
        return start
    return walk.days.add(start, row.least if how == EARLIEST else row.clocks[green])


def _living_until(walk: Walk, run: Trace, green: bool, today: int, how: int) -> int:
    """When a living run is done: what waits is taken to be answered today, what is held goes on
    when the step it called is done."""
    row = walk.table.rows[run.place]
    back = today
    if run.state == HELD:
        called = next(one for one in walk.runs if one.caller is run and one.state in LIVING)
        back = _living_until(walk, called, green, today, how)
    if how == EARLIEST:
        return max(back, walk.days.add(run.opened, row.least))
    return max(back, due_day(run, row.clocks[green], walk.days, answered=back))


def _wanted(walk: Walk, place: int, how: int) -> bool:
    """Whether a conditional step is counted: it is wanted already, or it still may be."""
    row = walk.table.rows[place]
    for other in row.before:
        run = walk.now[other]
        if run is not None and run.state == DONE:
            if run.outcome in row.when:
                return True
        elif how == LATEST and (run is None or run.state in LIVING):
            return True
    return False
