"""Applications of the invented calls on their tracks, and the panels that mark them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pilotline.config.demonstration.calls_stage import Row, Stage
from pilotline.desks.calls import services
from pilotline.desks.review import queries as review_queries
from pilotline.desks.review import services as review
from pilotline.desks.review.queries import proceedings
from pilotline.kernel.actor import Actor

SUBJECT = "application"
BEFORE, AFTER = ("recommend", "review"), ("site_check", "decision")
TO_FIRST, TO_MARKS, TO_SITE, TO_OPINION = (timedelta(days=n) for n in (6, 9, 6, 3))


@dataclass
class Filed:
    """One application of the folder: its row, who speaks for it, and when it came."""

    row: Row
    made: Any
    who: Actor
    at: datetime


def walk(stage: Stage, filed: list[Filed], marks_from: datetime) -> None:
    """Take each as far on its track as its row says; batch after batch goes before a panel."""
    handed_in = [one for one in filed if one.made.proceeding is not None]
    for number in sorted({one.row.get("batch", 1) for one in handed_in}):
        batch = [one for one in handed_in if one.row.get("batch", 1) == number]
        for act in BEFORE:
            _finish(stage, batch, act, lambda one: one.at + TO_FIRST)
        begins = min(marks_from, stage.now - timedelta(days=2))
        if any(one.row.get("at") == "marks" for one in batch) and "batch" in batch[0].row:
            begins = stage.now - timedelta(days=2)
        ended = _mark(stage, batch, begins)
        for act, wait in zip(AFTER, (TO_SITE, TO_SITE + TO_OPINION), strict=True):
            _finish(stage, batch, act, lambda _one, at=ended + wait: at)
    _tell_ends(handed_in)


def _finish(stage: Stage, batch: list[Filed], act: str, when: Any) -> None:
    """End the open steps of this act: as the row says, or in the usual good way."""
    by_key = {one.made.pk: one for one in batch}
    for run in proceedings.open_steps(subject_kind=SUBJECT, subjects=by_key, act=act):
        one = by_key[run.proceeding.subject]
        said = one.row if one.row.get("at") == act else stage.said["passes"][act]
        if "outcome" in said:
            review.finish_step(
                who=stage.official(run.region),
                run=run.pk,
                outcome=said["outcome"],
                reasons=said["says"],
                now=min(when(one), stage.now),
            )


def _mark(stage: Stage, batch: list[Filed], begins: datetime) -> datetime:
    """Put what waits for marks before a panel. Returns when the marks were in."""
    keys = [one.made.pk for one in batch]
    if not proceedings.open_steps(subject_kind=SUBJECT, subjects=keys, act="marks"):
        return begins
    call = batch[0].made.call
    who = stage.official(call.region)
    found = services.gather_panel(who=who, call=call.pk, now=begins)
    review.propose(who=who, panel=found.panel, now=begins)
    review.confirm(who=who, panel=found.panel, now=begins)
    shares = {one.made.pk: one.row["marks"] for one in batch if "marks" in one.row}
    asked = review_queries.assignments(panel=review_queries.panel(who=who, id=found.panel))
    for number, assignment in enumerate(asked.filter(state="offered")):
        if shares or number % 3 == 0:
            _give(stage, assignment, shares.get(assignment.item.subject, 0.82), begins)
    if not shares:
        return begins
    ended = begins + TO_MARKS
    review.close_panel(who=who, panel=found.panel, now=ended)
    services.bring_marks(call=call.pk, panel=found.panel, now=ended)
    return ended


def _give(stage: Stage, assignment: Any, share: float, begins: datetime) -> None:
    """One expert accepts and marks about `share` of the full marks."""
    given = {"who": stage.cast.actor(assignment.expert.user_id), "assignment": assignment.pk}
    review.answer(**given, answer="accepted", declares=True, now=begins + timedelta(hours=5))
    marks, words = {}, {}
    for criterion in review_queries.rubric_of(assignment.item.panel).criteria:
        part = min(0.95, share + stage.dice.uniform(-0.05, 0.05))
        marks[criterion.id] = str(
            int(float(criterion.full) * part / float(criterion.step) + 0.5) * criterion.step
        )
        words[criterion.id] = stage.dice.choice(stage.said["comments"])
    review.submit_sheet(
        **given, marks=marks, comments=words, now=min(begins + timedelta(days=1), stage.now)
    )


def _tell_ends(filed: Iterable[Filed]) -> None:
    """What the handlers would do after the commit: the end of a track is the end of a review."""
    found = proceedings.of_subjects(kind=SUBJECT, subjects=[one.made.pk for one in filed])
    for pk, course in found.items():
        if course.state == "ended":
            services.end_course(application=pk, outcome=course.outcome, now=course.closed_at)
