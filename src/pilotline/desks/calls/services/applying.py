"""An application is begun, saved, handed in, taken back."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pilotline.desks.calls.events import ApplicationAccepted
from pilotline.desks.calls.models import Application, Call
from pilotline.desks.calls.queries.calls import call as public_call
from pilotline.desks.calls.queries.calls import program_of
from pilotline.desks.calls.queries.completeness import (
    facts_for,
    has_another,
    problems_of_application,
)
from pilotline.desks.calls.rules.applications import (
    problem_of_window,
)
from pilotline.desks.calls.services.courses import SUBJECT, set_out, tell_decided
from pilotline.desks.calls.services.hold import held_application, keep, locked_application, turn
from pilotline.desks.calls.services.seats import fill_seats, seat
from pilotline.desks.demand import forms
from pilotline.desks.demand import queries as demand
from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.journal.services import draw_number, emit
from pilotline.desks.people import queries as people
from pilotline.desks.registry import queries as registry
from pilotline.desks.review import services as review
from pilotline.kernel.actor import SYSTEM, Actor
from pilotline.kernel.errors import NotAllowed, Problem, Refused, refuse
from pilotline.rulebook.answers import as_number

MOST_MONEY = Decimal(10) ** 15  # what the column holds; the form's own limit is checked on arrival


@transaction.atomic
def start_application(*, who: Actor, call: int, organisation: int, now: datetime) -> Application:
    """Begin to apply. Begun twice, the draft that is there is given back."""
    found = public_call(who=who, id=call)
    if not who.belongs_to(organisation):
        raise NotAllowed(_("You do not belong to this organisation."))
    refuse(problem_of_window(found, timezone.localdate(now)))
    living = found.applications.filter(organisation=organisation, state="draft").first()
    if living is not None:
        return living
    body = people.organisation(who=who, id=organisation)
    try:
        with transaction.atomic():
            made = Application.objects.create(
                call=found,
                organisation_id=organisation,
                region=body.region,
                created_by=who.id,
                created_at=now,
                changed_at=now,
                is_demo=found.is_demo,
            )
    except IntegrityError:
        return found.applications.get(organisation=organisation, state="draft")
    keep(who, made, "start", now, call=call)
    return made


@transaction.atomic
def save_application(
    *,
    who: Actor,
    application: int,
    answers: Mapping[str, Any],
    now: datetime,
    facility: str | None = None,
    case: int | None = None,
    category: str | None = None,
    title_en: str | None = None,
) -> Application:
    """Keep what was typed, complete or not."""
    found = held_application(who, application)
    if found.state != Application.State.DRAFT:
        refuse([Problem("handed-in", _("It is handed in and can no longer be changed."))])
    program = program_of(found.call)
    found.answers = found.answers | forms.clean(program.form, answers)
    found.title = str(program.form.answer(found.answers, "title") or "")[:200]
    if title_en is not None:
        found.title_en = " ".join(forms.storable(title_en).split())[:200]
    found.asked = _money(program.form.answer(found.answers, "budget_high"))
    if facility:
        found.facility = registry.editable_facility(who, facility)
    if case:
        found.case = demand.own_case(who=who, id=case)
    if category is not None:
        found.category = category if category in {c.id for c in program.categories} else ""
    keep(who, found, "save", now)
    return found


def _money(given: Any) -> Decimal:
    value = as_number(given)
    known = value is not None and 0 < value < MOST_MONEY
    return value.quantize(Decimal("0.01")) if known and value is not None else Decimal(0)


@transaction.atomic
def submit_application(*, who: Actor, application: int, now: datetime) -> Application:
    """Hand in. Complete, it is accepted at once with a number; else all that is missing is said.

    With partners it first waits until each of them has agreed.
    """
    found = held_application(who, application)
    if found.state not in (Application.State.DRAFT, Application.State.JOINING):
        return found
    today = timezone.localdate(now)
    facts = facts_for(found, today=today)
    refuse(problems_of_application(found, facts, today=today))
    if program_of(found.call).partners and not _all_agreed(found):
        if found.state == Application.State.DRAFT:
            turn(found, Application.State.JOINING)
            keep(who, found, "submit", now)
        return found
    _accept(who, found, facts, now)
    return found


def _all_agreed(found: Application) -> bool:
    partners = found.partners.filter(declined_at=None)
    return not partners.filter(agreed_at=None).exclude(leads=True).exists()


def accept_when_agreed(*, application: int, now: datetime) -> Application:
    """After the last partner's word; called inside the transaction that wrote it."""
    found = locked_application(application)
    if found.state == Application.State.JOINING and _all_agreed(found):
        today = timezone.localdate(now)
        facts = facts_for(found, today=today)
        if not problems_of_application(found, facts, today=today):
            _accept(SYSTEM, found, facts, now)
    return found


def _accept(who: Actor, found: Application, facts: dict[str, Any], now: datetime) -> None:
    """With the facts by which it was judged, which it keeps."""
    call, today = found.call, timezone.localdate(now)
    # Two of one organisation at the same moment: the second waits here and then sees the first.
    Call.objects.select_for_update(no_key=True).get(pk=call.pk)
    program = program_of(call)
    if program.one_each and has_another(found, program):
        raise Refused([Problem("one-each", _("There is an application for this already."))])
    found.facts = facts
    found.accepted_at = now
    prefix = current_rulebook().number_prefixes["application"]
    found.number = draw_number(series=prefix, year=today.year)
    if program.capacity is not None:
        seat(found)
    else:
        turn(found, Application.State.ACCEPTED)
        set_out(found, now)
    keep(who, found, "accept", now, number=found.number)
    emit(
        ApplicationAccepted(
            application=found.pk,
            number=found.number,
            call=call.pk,
            organisation=found.organisation_id,
            region=call.region,
        ),
        now=now,
    )


@transaction.atomic
def withdraw_application(
    *, who: Actor, application: int, reason: str, now: datetime
) -> Application:
    """Take an application back, in whatever step it is. Its number and its course stay."""
    found = held_application(who, application)
    if found.state == Application.State.WITHDRAWN:
        return found
    was = found.state
    turn(found, Application.State.WITHDRAWN)
    found.reasons, found.decided_at = reason.strip()[:2000], now
    if found.proceeding is not None and was == Application.State.ACCEPTED:
        review.withdraw_proceeding(
            who=who, proceeding=found.proceeding, reasons=found.reasons, now=now
        )
    review.withdraw_subject(who=who, subject=(SUBJECT, found.pk), now=now)
    keep(who, found, "withdraw", now, before={"state": was}, reason=found.reasons)
    if was == Application.State.SEATED:
        fill_seats(call=found.call_id, now=now)
    tell_decided(found, now)
    return found
