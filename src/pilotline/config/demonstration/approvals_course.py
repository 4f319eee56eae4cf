"""Walks one invented project along its course: steps, answers, permit, conditions, urging."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from pilotline.config.demonstration.offices import Offices
from pilotline.desks.approvals import services
from pilotline.desks.approvals.queries import projects as queries
from pilotline.desks.review import services as review
from pilotline.desks.review.queries import proceedings
from pilotline.kernel.actor import Actor

SATURDAY, SUNDAY = 5, 6


@dataclass
class Course:
    """One project on its way: the folder's row for it, its match, and who takes part."""

    row: dict[str, Any]
    said: dict[str, Any]
    match: Any
    applicant: Actor
    offices: Offices
    now: datetime
    project: Any = None
    readiness: dict[str, str] = field(default_factory=dict)

    def at(self, day: int) -> datetime:
        """A working hour of the day so many days after it was handed in, never after now."""
        found = timezone.localdate(self.now) - timedelta(days=self.row["opened"] - day)
        if found.weekday() in (SATURDAY, SUNDAY):
            found += timedelta(days=7 - found.weekday())
        hour = time(9 + (day * 7) % 8, (day * 17) % 60)
        moment = datetime.combine(found, hour, tzinfo=timezone.get_default_timezone())
        return min(moment, self.now)


def go_on(course: Course) -> None:
    """Everything that happens to it, in order."""
    for day, move, *rest in course.row["moves"]:
        MOVES[move](course, course.at(day), *rest)


def urge(course: Course) -> None:
    """Urging and supervision, once what is late has gone up."""
    for day, move, step, words in course.row.get("urged", ()):
        run = next(r for r in _runs(course) if r.step == step)
        if move == "reply":
            who, asked = _holder(course, run), run.urges.all()[0]
            review.answer_urge(who=who, urge=asked.pk, words=words, now=course.at(day))
        else:
            review.urge_step(
                who=course.offices.province, run=run.pk, kind=move, words=words, now=course.at(day)
            )


def _finish(
    course: Course, now: datetime, step: str, outcome: str, words: str = "", left: Any = ()
) -> None:
    terms = [
        (text, timezone.localdate(course.now) + timedelta(days=due))
        for text, due in course.row.get("terms", ())
        if outcome == course.said["on_terms"]
    ]
    for run in list(_open(course, step, left)):
        services.decide(
            who=_holder(course, run),
            run=run.pk,
            outcome=outcome,
            reasons=words or course.said["say"].get(run.step, ""),
            conditions=terms,
            readiness=course.readiness if run.act == "readiness" else None,
            now=now,
        )


def _open(course: Course, step: str, left: Any) -> Iterator[Any]:
    """The open steps of this name; `*` means all but those that are left."""
    for run in _runs(course):
        if run.state == "open" and (run.step == step or (step == "*" and run.step not in left)):
            yield run


def _take(course: Course, now: datetime, step: str) -> None:
    for run in _open(course, step, ()):
        review.take_step(who=_holder(course, run), run=run.pk, now=now)


def _answer(course: Course, now: datetime, step: str, words: str) -> None:
    run = next(r for r in _runs(course) if r.step == step and r.state == "waiting")
    review.answer_step(who=course.applicant, run=run.pk, answer=words, now=now)


def _withdraw(course: Course, now: datetime, words: str) -> None:
    services.withdraw_project(
        who=course.applicant, project=course.project.pk, reasons=words, now=now
    )


def _start(course: Course, now: datetime) -> None:
    services.start_running(
        who=course.applicant, project=course.project.pk, since=timezone.localdate(now), now=now
    )


def _ask(course: Course, now: datetime, days: int, words: str) -> None:
    permit = _permit(course)
    services.ask_extension(
        who=course.applicant,
        permit=permit.pk,
        until=permit.ends + timedelta(days=days),
        reasons=words,
        now=now,
    )


def _grant(course: Course, now: datetime, words: str) -> None:
    who = course.offices.of(course.project.region)
    services.answer_extension(
        who=who, permit=_permit(course).pk, grants=True, answer=words, now=now
    )


def _close(course: Course, now: datetime, closing: str, words: str) -> None:
    services.close_permit(
        who=course.applicant,
        permit=_permit(course).pk,
        closing=closing,
        on=timezone.localdate(now),
        report=words,
        now=now,
    )


def _report(course: Course, now: datetime, term: int, words: str) -> None:
    condition = _condition(course, term)
    services.report_condition(who=course.applicant, condition=condition, report=words, now=now)


def _met(course: Course, now: datetime, term: int, words: str) -> None:
    who = course.offices.of(course.project.region)
    condition = _condition(course, term)
    services.answer_condition(who=who, condition=condition, met=True, answer=words, now=now)


MOVES: dict[str, Any] = {
    "finish": _finish,
    "take": _take,
    "answer": _answer,
    "withdraw": _withdraw,
    "start": _start,
    "ask": _ask,
    "grant": _grant,
    "close": _close,
    "report": _report,
    "met": _met,
}


def _runs(course: Course) -> list[Any]:
    return proceedings.runs(course.project.proceeding)


def _holder(course: Course, run: Any) -> Actor:
    return course.offices.of(run.region, run.body)


def _permit(course: Course) -> Any:
    found = queries.permits(who=course.applicant).filter(project_id=course.project.pk)
    return found.get()


def _condition(course: Course, term: int) -> int:
    text = course.row["terms"][term][0]
    return next(c.pk for c in queries.conditions(course.project) if c.text == text)
