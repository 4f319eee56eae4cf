"""Walks one case through what has happened. Days are ordinals from here on."""

from pilotline.engines.tracks.compiled import FIRST_END, TO_WAIT, Compiled
from pilotline.engines.tracks.problem import BadCourse, Course, WorkDays
from pilotline.engines.tracks.result import DONE, DROPPED, HELD, OPEN, SKIPPED, WAITING
from pilotline.engines.tracks.table import ANSWERED, WITHDRAWN


class Trace:
    """One run while it is walked. `stops` are [from, to, called]: `to` is 0 while it stands, and
    `called` is 1 when another step was done in the meantime."""

    __slots__ = ("caller", "closed", "opened", "outcome", "place", "state", "stops")

    def __init__(self, place: int, opened: int, caller: "Trace | None" = None) -> None:
        self.place = place
        self.opened = opened
        self.closed = 0
        self.state = OPEN
        self.outcome = ""
        self.stops: list[list[int]] = []
        self.caller = caller


class Walk:
    """A case after all that has happened to it.

    `runs` in the order of opening, `now` the newest run of each step (None: it has not opened).
    Raises BadCourse with a `reason`: ended, no-such-step, not-open, unknown-outcome, backwards,
    too-early, nothing-asked.
    """

    __slots__ = ("days", "ended", "ended_on", "now", "opened", "runs", "table")

    def __init__(self, table: Compiled, course: Course, days: WorkDays) -> None:
        self.table = table
        self.days = days
        self.opened = course.opened.toordinal()
        self.runs: list[Trace] = []
        self.now: list[Trace | None] = [None] * len(table.rows)
        self.ended, self.ended_on = "", 0
        for place in table.starts:
            self._open(place, self.opened, None)
        day = self.opened
        for at, step, what in course.happened:
            on = at.toordinal()
            if on < day:
                raise _bad("backwards", step, what)
            day = on
            self._take(step, what, day)

    def _take(self, step: str, what: str, day: int) -> None:
        if self.ended:
            raise _bad("ended", step, what)
        if what == WITHDRAWN and not step:
            self._end(WITHDRAWN, day)
            return
        place = self.table.index.get(step)
        if place is None:
            raise _bad("no-such-step", step, what)
        run = self.now[place]
        if what == ANSWERED:
            if run is None or run.state != WAITING:
                raise _bad("nothing-asked", step, what)
            self._go_on(run, day)
        else:
            self._finish(place, run, what, day)

    def _finish(self, place: int, run: Trace | None, outcome: str, day: int) -> None:
        if run is None or run.state != OPEN:
            raise _bad("not-open", self.table.ids[place], outcome)
        row = self.table.rows[place]
        lead = row.leads.get(outcome)
        if lead is None:
            raise _bad("unknown-outcome", self.table.ids[place], outcome)
        if lead == TO_WAIT or lead >= 0:
            run.state = WAITING if lead == TO_WAIT else HELD
            run.stops.append([day, 0, int(lead >= 0)])
            if lead >= 0:
                self._open(lead, day, run)
            return
        if row.least and day < self.days.add(run.opened, row.least):
            raise _bad("too-early", self.table.ids[place], outcome)
        run.state, run.closed, run.outcome = DONE, day, outcome
        if lead <= FIRST_END:
            self._end(self.table.ends[FIRST_END - lead], day)
        elif run.caller is not None:
            self._go_on(run.caller, day)
        else:
            self._open_after(place, day)

    def _go_on(self, run: Trace, day: int) -> None:
        run.state = OPEN
        run.stops[-1][1] = day

    def _end(self, end: str, day: int) -> None:
        self.ended, self.ended_on = end, day
        for run in self.runs:
            if run.state <= HELD:
                run.state, run.closed = DROPPED, day

    def _open(self, place: int, day: int, caller: Trace | None) -> Trace:
        run = Trace(place, day, caller)
        self.runs.append(run)
        self.now[place] = run
        return run

    def _open_after(self, place: int, day: int) -> None:
        """Open what waited for this step only; pass over what nobody wanted."""
        for later in self.table.rows[place].then:
            if self.now[later] is not None:
                continue  # a step passed over on the way has opened it already
            row = self.table.rows[later]
            before = [self.now[other] for other in row.before]
            if any(one is None or one.state not in (DONE, SKIPPED) for one in before):
                continue
            run = self._open(later, day, None)
            if row.when and not any(one is not None and one.outcome in row.when for one in before):
                run.state, run.closed = SKIPPED, day
                self._open_after(later, day)


def due_day(run: Trace, clock: int, days: WorkDays, answered: int = 0) -> int:
    """The last day in time, 0 while the clock stands.

    With `answered` a stop that still lasts is taken to end on that day.
    """
    due = days.add(run.opened, clock)
    for start, end, _called in run.stops:
        if start >= due:
            break  # it was over before the clock stopped
        end = end or answered
        if not end:
            return 0
        due = days.add(due, days.count(start, end))
    return due


def _bad(reason: str, step: str, what: str) -> BadCourse:
    return BadCourse(f"{step} {what}: {reason}", reason=reason, step=step, what=what)
