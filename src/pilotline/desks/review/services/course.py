"""Keeps the rows of a proceeding's steps as the engine says they are."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pilotline.desks.journal.queries import current_rulebook, rulebook_of
from pilotline.desks.journal.services import emit
from pilotline.desks.review.events import StepOpened
from pilotline.desks.review.models import Proceeding, StepRun
from pilotline.desks.review.problem.tracks import (
    BadCourse,
    ClockEnds,
    Run,
    Standing,
    course_of,
    standing_of,
)
from pilotline.desks.review.rules.proceedings import REFUSALS
from pilotline.kernel.errors import Problem, Refused
from pilotline.rulebook import Rulebook
from pilotline.rulebook.calendar import Calendar
from pilotline.rulebook.tracks import Track, TrackStep


def track_of(proceeding: Proceeding) -> Track:
    """The track under which the proceeding was opened."""
    return rulebook_of(proceeding.release).tracks[proceeding.track]


def calendar() -> Calendar:
    """The working calendar in force. Raises Refused where the rulebook has none."""
    found = current_rulebook().calendar
    if found is None:
        raise Refused([Problem("no-calendar", _("The rulebook has no working calendar."))])
    return found


def work_out(proceeding: Proceeding, today: date) -> Standing:
    """Where the proceeding stands, from all that has happened.

    Raises Refused with the engine's reason in words.
    """
    course = course_of(proceeding.opened_on, proceeding.happened, proceeding.green)
    try:
        return standing_of(track_of(proceeding), course, calendar(), today)
    except BadCourse as error:
        reason = error.data["reason"]
        raise Refused([Problem(reason, REFUSALS[reason])]) from error
    except ClockEnds as error:
        text = _("The working calendar ends too early: the authority extends it in the rulebook.")
        raise Refused([Problem("clock-ends", text, data=error.data)]) from error


def runs_of(proceeding: Proceeding) -> list[StepRun]:
    """The rows of its steps, in the order in which they opened."""
    return list(StepRun.objects.filter(proceeding=proceeding).order_by("id"))


def move(
    proceeding: Proceeding,
    happened: tuple[str, str] | None,
    *,
    now: datetime,
    rows: Sequence[StepRun] | None = None,
) -> Standing:
    """Add what has happened (step, what) and bring all rows to what follows from it.

    The caller holds the proceeding's lock; `rows` are those of its steps, where they are read.
    """
    today = timezone.localdate(now)
    if happened is not None:
        proceeding.happened.append([today.isoformat(), *happened])
        proceeding.version += 1
    standing = work_out(proceeding, today)
    proceeding.latest_end = standing.latest
    if standing.ended:
        withdrawn = standing.ended == "withdrawn"
        proceeding.state = Proceeding.State.WITHDRAWN if withdrawn else Proceeding.State.ENDED
        proceeding.outcome = standing.ended
        proceeding.closed_on, proceeding.closed_at = standing.ended_on, now
    proceeding.save()
    keep(proceeding, standing, now, rows)
    return standing


def keep(
    proceeding: Proceeding,
    standing: Standing,
    now: datetime,
    rows: Sequence[StepRun] | None = None,
) -> None:
    """Bring the rows of steps to the standing: mend what changed, add and announce what opened.

    The engine lists runs in the order in which they opened, and so do the rows.
    """
    if rows is None:
        rows = runs_of(proceeding)
    for row, run in zip(rows, standing.runs, strict=False):
        changed = {k: v for k, v in _course(run).items() if getattr(row, k) != v}
        if changed:
            for name, value in changed.items():
                setattr(row, name, value)
            row.save(update_fields=list(changed))
    fresh = standing.runs[len(rows) :]
    if not fresh:
        return
    rulebook, track = current_rulebook(), track_of(proceeding)
    made = StepRun.objects.bulk_create(
        StepRun(
            proceeding=proceeding,
            step=run.step,
            green=proceeding.green,
            act=track.step(run.step).act,
            opened_on=run.opened,
            opened_at=now,
            **_whose(proceeding, track.step(run.step), rulebook),
            **_course(run),
        )
        for run in fresh
    )
    for row in made:
        if row.state == "open":
            emit(
                StepOpened(
                    proceeding=proceeding.pk,
                    run=row.pk,
                    step=row.step,
                    act=row.act,
                    subject_kind=proceeding.subject_kind,
                    subject=proceeding.subject,
                ),
                now=now,
            )


def _course(run: Run) -> dict[str, Any]:
    return {
        "state": run.state,
        "days": run.days,
        "due": run.due,
        "done_on": run.closed,
        "outcome": run.outcome,
        "stops": [[s.start.isoformat(), s.end.isoformat() if s.end else None] for s in run.stops],
    }


def _whose(proceeding: Proceeding, step: TrackStep, rulebook: Rulebook) -> dict[str, Any]:
    body = rulebook.bodies.get(step.who)
    if body is not None:
        region = rulebook.region.id if body.level == "province" else proceeding.region
        return {"role": body.role, "body": body.id, "region": region}
    turn = {"applicant": proceeding.organisation_id, "operator": proceeding.operator_id}
    return {
        "role": step.who,
        "region": proceeding.region,
        "organisation_id": turn.get(step.who),
    }
