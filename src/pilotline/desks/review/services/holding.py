"""Take a step on, lay it down, urge whoever has it, and answer."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pilotline.desks.journal.services import emit, record
from pilotline.desks.review.events import StepUrged
from pilotline.desks.review.models import StepRun, Urge
from pilotline.desks.review.queries.proceedings import run as seen_run
from pilotline.desks.review.queries.seats import may_act
from pilotline.desks.review.rules.proceedings import (
    LIVING,
    MAX_URGE,
    may_urge,
    problems_of_words,
)
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import Conflict, NotAllowed, NotFound, Problem, refuse


@transaction.atomic
def take_step(*, who: Actor, run: int, now: datetime) -> StepRun:
    """Take a step on: it stands under this person's name, and colleagues leave it to them."""
    found = _mine(who, run)
    if found.holder == who.id:
        return found
    if found.holder is not None:
        raise Conflict(_("{name} has taken this step on.").format(name=found.holder_name))
    found.holder, found.holder_name = who.id, who.name
    found.save(update_fields=["holder", "holder_name"])
    _record(who, "review.take", found, now)
    return found


@transaction.atomic
def give_back_step(*, who: Actor, run: int, now: datetime) -> StepRun:
    """Lay a step down again, or take it from a colleague who does not get to it."""
    found = _mine(who, run)
    if found.holder is None:
        return found
    found.holder, found.holder_name = None, ""
    found.save(update_fields=["holder", "holder_name"])
    _record(who, "review.give_back", found, now)
    return found


@transaction.atomic
def urge_step(*, who: Actor, run: int, kind: str, words: str = "", now: datetime) -> Urge:
    """Urge (`urge`) or take under supervision (`supervise`) a step that somebody has."""
    found = seen_run(who=who, id=run)
    if not may_urge(who, found):
        raise NotAllowed(_("Only the authority urges and supervises."))
    words = words.strip()
    problems = list(problems_of_words(words, "words", MAX_URGE))
    if kind not in Urge.Kind.values:
        problems.append(Problem("no-kind", _("Choose whether to urge or to supervise.")))
    if found.state not in LIVING:
        problems.append(Problem("over", _("This step is over.")))
    refuse(problems)
    urge = Urge.objects.create(
        run=found, kind=kind, words=words, by=who.id, by_name=who.name, at=now
    )
    emit(
        StepUrged(
            proceeding=found.proceeding_id,
            run=found.pk,
            urge=urge.pk,
            kind=kind,
            subject_kind=found.proceeding.subject_kind,
            subject=found.proceeding.subject,
        ),
        now=now,
    )
    _record(who, f"review.{kind}", found, now, words=words)
    return urge


@transaction.atomic
def answer_urge(*, who: Actor, urge: int, words: str, now: datetime) -> Urge:
    """Whoever has the step says how it stands. Said once."""
    found = Urge.objects.select_for_update(no_key=True).filter(pk=urge).first()
    if found is None:
        raise NotFound
    run = seen_run(who=who, id=found.run_id)
    if not (may_act(who, run) or who.belongs_to(run.proceeding.organisation_id)):
        raise NotAllowed
    words = words.strip()
    if found.answered_at is not None:
        raise Conflict(_("This was answered already."))
    problems = list(problems_of_words(words, "words", MAX_URGE))
    if not words:
        problems.append(Problem("no-words", _("Write how it stands."), field="words"))
    refuse(problems)
    found.answer, found.answered_by_name, found.answered_at = words, who.name, now
    found.save(update_fields=["answer", "answered_by_name", "answered_at"])
    _record(who, "review.answer_urge", run, now, words=words)
    return found


def _mine(who: Actor, run: int) -> StepRun:
    """The open step, locked, for those whose it is."""
    seen_run(who=who, id=run)
    found = (
        StepRun.objects.select_for_update(no_key=True, of=("self",))
        .select_related("proceeding")
        .get(pk=run)
    )
    if not may_act(who, found):
        raise NotAllowed
    if found.state not in LIVING:
        raise Conflict(_("This step is over."))
    return found


def _record(who: Actor, action: str, run: StepRun, now: datetime, words: str = "") -> None:
    proceeding = run.proceeding
    record(
        who=who,
        action=action,
        subject=("proceeding", proceeding.pk),
        case=proceeding.case_id,
        organisation=proceeding.organisation_id,
        after={"step": run.step, "words": words} if words else {"step": run.step},
        now=now,
    )
