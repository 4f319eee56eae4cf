"""How long it all took, counted from the steps' own rows, each figure with the rows behind it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from django.db.models import QuerySet

from pilotline.desks.review.models import Proceeding, StepRun
from pilotline.desks.review.queries.proceedings import proceedings
from pilotline.kernel.actor import Actor
from pilotline.rulebook.calendar import Calendar, CalendarEnds


@dataclass(frozen=True, slots=True)
class StepFigure:
    """One step of a track: how often it was done, in how many working days (the middle one), how
    many were late, how many are open and late now."""

    step: str
    done: int
    days: float
    late: int
    open: int
    open_late: int


@dataclass(frozen=True, slots=True)
class Figures:
    """All of one track. `acceptance` is the middle time from arrival to acceptance; `side_by_side`
    and `one_after_another` are mean working days of those that have ended."""

    opened: int
    ended: int
    green: int
    acceptance: timedelta | None
    steps: tuple[StepFigure, ...]
    side_by_side: float
    one_after_another: float

    @property
    def saved(self) -> float:
        return max(0.0, self.one_after_another - self.side_by_side)


def figures(*, who: Actor, track: str, calendar: Calendar, today: date) -> Figures:
    """Counted over the proceedings of a track that the actor may see."""
    rows = proceedings(who=who).filter(track=track)
    found = list(rows.order_by().values_list("pk", "state", "green", "opened_on", "closed_on"))
    keys = [row[0] for row in found]
    runs = list(StepRun.objects.filter(proceeding_id__in=keys).order_by("id"))
    days = _Days(calendar)
    ended = {row[0]: (row[3], row[4]) for row in found if row[1] == Proceeding.State.ENDED}
    spent = [days.between(*course) for course in ended.values()]
    summed = dict.fromkeys(ended, 0)
    for run in runs:
        if run.proceeding_id in summed and run.state == "done" and run.done_on:
            summed[run.proceeding_id] += days.between(run.opened_on, run.done_on)
    return Figures(
        opened=len(found),
        ended=len(ended),
        green=sum(1 for row in found if row[2]),
        acceptance=_acceptance(runs),
        steps=tuple(_steps(runs, days, today)),
        side_by_side=_mean(spent),
        one_after_another=_mean(summed.values()),
    )


def late_runs(*, who: Actor, today: date) -> QuerySet[StepRun]:
    """Open steps that are late, the longest late first."""
    seen = proceedings(who=who).filter(state="open").order_by()
    return (
        StepRun.objects.select_related("proceeding__organisation")
        .filter(proceeding__in=seen, state="open", due__lt=today)
        .order_by("due", "id")
    )


def _acceptance(runs: Iterable[StepRun]) -> timedelta | None:
    took = [
        run.done_at - run.opened_at for run in runs if run.act == "completeness" and run.done_at
    ]
    return median(took) if took else None


def _steps(runs: list[StepRun], days: "_Days", today: date) -> Iterable[StepFigure]:
    by_step: dict[str, list[StepRun]] = {}
    for run in runs:
        if run.state not in ("skipped", "dropped"):
            by_step.setdefault(run.step, []).append(run)
    for step, its in by_step.items():
        done = [run for run in its if run.done_on]
        living = [run for run in its if not run.done_on]
        yield StepFigure(
            step=step,
            done=len(done),
            days=median([days.between(r.opened_on, r.done_on) for r in done]) if done else 0,
            late=sum(1 for r in done if r.due and r.done_on and r.done_on > r.due),
            open=len(living),
            open_late=sum(1 for r in living if r.due and r.due < today),
        )


class _Days:
    """Working days between two days, counted once each."""

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar
        self._known: dict[tuple[date, date | None], int] = {}

    def between(self, start: date, end: date | None) -> int:
        key = (start, end)
        if key not in self._known:
            try:
                self._known[key] = self._calendar.count(start, end) if end else 0
            except CalendarEnds:
                self._known[key] = 0
        return self._known[key]


def _mean(values: Iterable[int]) -> float:
    listed = list(values)
    return sum(listed) / len(listed) if listed else 0.0
