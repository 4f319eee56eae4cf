"""Objections to a list that is up for notice, and the answer each of them gets."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pilotline.desks.calls.events import ObjectionAnswered, ObjectionRaised
from pilotline.desks.calls.models import Call, Objection
from pilotline.desks.calls.queries.calls import call as visible_call
from pilotline.desks.calls.services.courses import tell_decided
from pilotline.desks.calls.services.hold import (
    held_call,
    keep,
    keep_call,
    locked_application,
    turn,
)
from pilotline.desks.calls.services.judging import take_down_notice
from pilotline.desks.demand.forms import storable
from pilotline.desks.journal.services import emit, record
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import Conflict, NotAllowed, NotFound, Problem, refuse

SHORTEST, LONGEST = 10, 4000


@transaction.atomic
def raise_objection(
    *, who: Actor, call: int, text: str, now: datetime, application: int | None = None
) -> Objection:
    """Object, by name and with reasons, while the notice runs. Said twice it is one."""
    if who.id is None:
        raise NotAllowed(_("Please log in to object; objections are made by name."))
    found = visible_call(who=who, id=call)
    text = storable(text).strip()
    refuse(_problems(found, text, application, now))
    same = found.objections.filter(by=who.id, text=text, application=application).first()
    if same is not None:
        return same
    made = Objection.objects.create(
        call=found,
        application_id=application,
        by=who.id,
        by_name=who.name[:120],
        text=text,
        at=now,
    )
    record(
        who=who,
        action="calls.object",
        subject=("call", found.pk),
        after={"objection": made.pk, "application": application},
        now=now,
    )
    emit(ObjectionRaised(made.pk, found.pk, found.region), now=now)
    return made


def _problems(call: Call, text: str, application: int | None, now: datetime) -> list[Problem]:
    today = timezone.localdate(now)
    is_open = call.state == Call.State.NOTICE and call.notice_to is not None
    if not is_open or (call.notice_to is not None and today > call.notice_to):
        return [Problem("no-notice", _("No list of this call is up for notice now."))]
    found: list[Problem] = []
    if not SHORTEST <= len(text) <= LONGEST:
        told = _("Give your reasons, in 10 to 4,000 characters.")
        found.append(Problem("reasons", told, "text"))
    listed = call.applications.filter(state="listed")
    if application is not None and not listed.filter(pk=application).exists():
        found.append(Problem("no-such", _("That is not on the list."), "application"))
    return found


@transaction.atomic
def answer_objection(
    *, who: Actor, objection: int, upheld: bool, answer: str, now: datetime
) -> Objection:
    """The authority's answer. Upheld, what was objected to is refused and the list comes down:
    it is made and put up again before anything is decided."""
    row = Objection.objects.select_for_update().filter(pk=objection).first()
    if row is None:
        raise NotFound
    call = held_call(who, row.call_id)
    if row.answered_at is not None:
        if (row.upheld, row.answer) == (upheld, answer.strip()):
            return row
        raise Conflict(_("This objection has been answered."))
    if len(answer.strip()) < SHORTEST:
        told = _("Give your reasons, in 10 to 4,000 characters.")
        refuse([Problem("reasons", told, "answer")])
    row.upheld, row.answer = upheld, storable(answer).strip()[:LONGEST]
    row.answered_by_name, row.answered_at = who.name[:120], now
    row.save()
    if upheld:
        _strike(who, call, row, now)
    keep_call(who, call, "answer-objection", now, objection=row.pk, upheld=upheld)
    emit(ObjectionAnswered(row.pk, row.call_id, row.by, upheld), now=now)
    return row


def _strike(who: Actor, call: Call, row: Objection, now: datetime) -> None:
    take_down_notice(call)
    if row.application_id is None:
        return
    found = locked_application(row.application_id)
    turn(found, "refused")
    found.reasons, found.decided_at, found.granted = row.answer, now, Decimal(0)
    keep(who, found, "strike", now, objection=row.pk)
    tell_decided(found, now)
