"""A program is opened as a call, its window moved, or the call taken back."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pilotline.desks.calls.events import CallCancelled, CallOpened
from pilotline.desks.calls.models import Call
from pilotline.desks.calls.queries.calls import program_of
from pilotline.desks.calls.rules.calls import LONGEST_WINDOW, problems_of_call
from pilotline.desks.calls.services.courses import drop_all
from pilotline.desks.calls.services.hold import held_call, keep_call, turn_call
from pilotline.desks.journal.queries import current_release, current_rulebook
from pilotline.desks.journal.services import draw_number, emit
from pilotline.desks.people.rules import token_opens
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import NotAllowed, NotFound, Problem, refuse

TEXTS = ("title", "title_en", "about", "place")
SETTINGS = (*TEXTS, "opens", "closes", "prize", "begins_at", "seats", "goals")


@transaction.atomic
def draft_call(
    *, who: Actor, program: str, region: str, values: Mapping[str, Any], now: datetime
) -> Call:
    """Write a call down. Only its authority sees it until it is opened."""
    if not (who.is_system or who.answers_for(region)) or not token_opens(
        who, "authority", writes=True
    ):
        raise NotAllowed(_("Only an authority of that region opens a call there."))
    today = timezone.localdate(now)
    rule = current_rulebook().programs.get(program)
    refuse(problems_of_call(values, rule, today=today))
    if rule is None:
        raise NotFound
    call = Call(
        program=program,
        kind=rule.kind,
        release=current_release()[0],
        region=region,
        issuer_id=values.get("issuer"),
        created_at=now,
        is_demo=bool(values.get("is_demo")),
    )
    _take(call, values)
    if call.seats is None:
        call.seats = rule.capacity
    call.save()
    keep_call(who, call, "draft-call", now, program=program)
    return call


@transaction.atomic
def amend_call(
    *, who: Actor, call: int, values: Mapping[str, Any], now: datetime, seen: int | None = None
) -> Call:
    """Change a call that is still a draft."""
    found = held_call(who, call, seen=seen)
    if found.state != Call.State.DRAFT:
        refuse([Problem("opened", _("It is open already; only its last day may be moved."))])
    refuse(problems_of_call(values, program_of(found), today=timezone.localdate(now)))
    _take(found, values)
    found.issuer_id = values.get("issuer", found.issuer_id)
    keep_call(who, found, "amend-call", now)
    return found


@transaction.atomic
def open_call(*, who: Actor, call: int, now: datetime) -> Call:
    """Publish a call. Done twice it is done once."""
    found = held_call(who, call)
    if found.state == Call.State.OPEN:
        return found
    turn_call(found, Call.State.OPEN)
    prefix = current_rulebook().number_prefixes["call"]
    found.number = draw_number(series=prefix, year=timezone.localdate(now).year)
    program = program_of(found)
    if program.vote:
        found.vote_from = found.closes + timedelta(days=1)
        found.vote_to = found.closes + timedelta(days=program.vote.days)
    keep_call(who, found, "open-call", now, number=found.number)
    emit(
        CallOpened(
            call=found.pk,
            number=found.number,
            program=found.program,
            region=found.region,
            closes=found.closes.isoformat(),
        ),
        now=now,
    )
    return found


@transaction.atomic
def move_end(*, who: Actor, call: int, closes: date, now: datetime) -> Call:
    """Give an open call another last day; never one that is past."""
    found = held_call(who, call)
    if found.state != Call.State.OPEN:
        refuse([Problem("not-open", _("This call takes no applications."))])
    if closes < max(found.opens, timezone.localdate(now)):
        refuse([Problem("past", _("That day is past."), "closes")])
    if (closes - found.opens).days > LONGEST_WINDOW:
        refuse([Problem("too-long", _("That is longer than a year."), "closes")])
    before, found.closes = found.closes, closes
    if found.vote_from is not None and found.vote_to is not None:
        found.vote_from += closes - before
        found.vote_to += closes - before
    keep_call(who, found, "move-end", now, closes=closes)
    return found


@transaction.atomic
def cancel_call(*, who: Actor, call: int, reason: str, now: datetime) -> Call:
    """Take a call back, with the reason that applicants are told."""
    if not reason.strip():
        refuse([Problem("missing", _("Say why."), "reason")])
    found = held_call(who, call)
    was_public = found.state != Call.State.DRAFT
    turn_call(found, Call.State.CANCELLED)
    found.end_reason, found.ended_at = reason.strip()[:1000], now
    drop_all(found, found.end_reason, now)
    keep_call(who, found, "cancel-call", now, reason=found.end_reason)
    if was_public:
        emit(CallCancelled(found.pk, found.number or "", found.end_reason), now=now)
    return found


def _take(call: Call, values: Mapping[str, Any]) -> None:
    for name in SETTINGS:
        if name in values:
            value = values[name]
            setattr(call, name, value.strip() if name in TEXTS else value)
