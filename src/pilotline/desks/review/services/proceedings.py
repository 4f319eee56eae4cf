"""Set a subject on its track, give steps their outcomes, let the applicant answer or leave."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pilotline.desks.journal.queries import current_release, current_rulebook
from pilotline.desks.journal.services import emit, record
from pilotline.desks.review.events import ProceedingEnded, ProceedingOpened, StepEnded
from pilotline.desks.review.models import Proceeding, StepRun
from pilotline.desks.review.queries.proceedings import proceeding as seen_proceeding
from pilotline.desks.review.queries.seats import may_act
from pilotline.desks.review.rules.proceedings import (
    may_answer,
    may_see,
    problems_of_outcome,
    problems_of_words,
)
from pilotline.desks.review.services.course import move, runs_of, track_of
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import Conflict, NotAllowed, NotFound, Problem, refuse

Green = Sequence[dict[str, str]]


@transaction.atomic
def open_proceeding(
    *,
    who: Actor,
    subject: tuple[str, int],
    track: str,
    title: str,
    region: str,
    title_en: str = "",
    number: str = "",
    organisation: int | None = None,
    operator: int | None = None,
    case: int | None = None,
    green_reasons: Green = (),
    is_demo: bool = False,
    now: datetime,
) -> Proceeding:
    """Set a subject on its track; what waits for nothing opens at the same moment.

    `green_reasons` (each a dict of `rule` and whatever shows why) put it into the green lane. The
    desk above has asked whether `who` may. A subject that is on this track already is a Conflict.
    """
    release, rulebook = current_release()[0], current_rulebook()
    if rulebook.tracks.get(track) is None or rulebook.calendar is None:
        text = _("The rulebook in force has no such track, or no working calendar.")
        refuse([Problem("no-track", text, data={"track": track})])
    kind, key = subject
    made = _begin(
        subject_kind=kind,
        subject=key,
        track=track,
        title=title,
        title_en=title_en,
        number=number,
        region=region,
        organisation_id=organisation,
        operator_id=operator,
        case_id=case,
        release=release,
        green=bool(green_reasons),
        green_reasons=list(green_reasons),
        opened_on=timezone.localdate(now),
        opened_at=now,
        is_demo=is_demo,
    )
    emit(ProceedingOpened(made.pk, kind, key, track, organisation, made.green), now=now)
    move(made, None, now=now, rows=())
    _record(who, "review.open", made, now, after={"track": track, "green": made.green})
    return made


def _begin(**facts: Any) -> Proceeding:
    try:
        with transaction.atomic():
            return Proceeding.objects.create(**facts)
    except IntegrityError as error:
        raise Conflict(_("This is on its track already.")) from error


@transaction.atomic
def finish_step(*, who: Actor, run: int, outcome: str, reasons: str = "", now: datetime) -> StepRun:
    """Give a step its outcome; whatever may open then opens, and the track may end.

    Decided once: whoever comes second is told by Conflict; the same person with the same outcome
    gets the step as it is. An outcome that waits puts the reasons to the applicant as a question.
    """
    proceeding, rows, found = _locked(who, run)
    if not may_act(who, found):
        raise NotAllowed
    reasons = reasons.strip()
    if found.state != "open":
        if (found.outcome, found.done_by) == (outcome, who.id) and found.state == "done":
            return found
        raise Conflict(_("This step has been decided meanwhile: look at what was said."))
    track, rulebook = track_of(proceeding), current_rulebook()
    refuse(problems_of_outcome(found, track, outcome, reasons, rulebook, who))
    move(proceeding, (found.step, outcome), now=now, rows=rows)
    ended = found.state == "done"
    if ended:
        found.done_by, found.done_by_name, found.done_at = who.id, who.name, now
        found.outcome, found.reasons = outcome, reasons
        found.save(update_fields=["done_by", "done_by_name", "done_at", "outcome", "reasons"])
    else:
        found.question, found.answer = reasons, ""
        found.save(update_fields=["question", "answer"])
    emit(
        StepEnded(
            proceeding=proceeding.pk,
            run=found.pk,
            step=found.step,
            act=found.act,
            outcome=outcome,
            state=found.state,
            subject_kind=proceeding.subject_kind,
            subject=proceeding.subject,
        ),
        now=now,
    )
    after = {"step": found.step, "outcome": outcome, "state": found.state, "reasons": reasons}
    _record(who, "review.finish", proceeding, now, after=after)
    _tell_of_end(proceeding, now)
    return found


@transaction.atomic
def answer_step(*, who: Actor, run: int, answer: str, now: datetime) -> StepRun:
    """The applicant answers what a step waits for; its clock goes on."""
    proceeding, rows, found = _locked(who, run)
    if not may_answer(who, proceeding):
        raise NotAllowed
    answer = answer.strip()
    if found.state != "waiting":
        if found.answer == answer and answer:
            return found
        raise Conflict(_("This step waits for nothing from you now."))
    problems = list(problems_of_words(answer, "answer"))
    if not answer:
        problems.append(Problem("no-words", _("Write what you have changed."), field="answer"))
    refuse(problems)
    move(proceeding, (found.step, "answered"), now=now, rows=rows)
    found.answer = answer
    found.save(update_fields=["answer"])
    _record(who, "review.answer", proceeding, now, after={"step": found.step, "answer": answer})
    return found


@transaction.atomic
def withdraw_proceeding(
    *, who: Actor, proceeding: int, reasons: str = "", now: datetime
) -> Proceeding:
    """The applicant leaves in the middle: every open step is dropped, the history stays."""
    seen_proceeding(who=who, id=proceeding)
    found = Proceeding.objects.select_for_update(no_key=True).get(pk=proceeding)
    if not may_answer(who, found):
        raise NotAllowed
    if found.state == "withdrawn":
        return found
    refuse(problems_of_words(reasons, "reasons"))
    move(found, ("", "withdrawn"), now=now)
    _record(who, "review.withdraw", found, now, after={"reasons": reasons.strip()})
    _tell_of_end(found, now)
    return found


def _locked(who: Actor, run: int) -> tuple[Proceeding, list[StepRun], StepRun]:
    """The proceeding, locked, so that of two who decide at one moment the second sees the first;
    then the rows of its steps, and that of the one which is meant."""
    of = StepRun.objects.filter(pk=run).values("proceeding")
    found = Proceeding.objects.select_for_update(no_key=True).filter(pk=Subquery(of)).first()
    if found is None or not may_see(who, found):
        raise NotFound
    rows = runs_of(found)
    return found, rows, next(row for row in rows if row.pk == run)


def _tell_of_end(proceeding: Proceeding, now: datetime) -> None:
    if proceeding.state == "open":
        return
    emit(
        ProceedingEnded(
            proceeding=proceeding.pk,
            subject_kind=proceeding.subject_kind,
            subject=proceeding.subject,
            track=proceeding.track,
            organisation=proceeding.organisation_id,
            outcome=proceeding.outcome,
        ),
        now=now,
    )


def _record(
    who: Actor, action: str, proceeding: Proceeding, now: datetime, after: dict[str, Any]
) -> None:
    record(
        who=who,
        action=action,
        subject=("proceeding", proceeding.pk),
        case=proceeding.case_id,
        organisation=proceeding.organisation_id,
        after=after,
        now=now,
    )
