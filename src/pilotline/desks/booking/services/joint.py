"""Plans over several operators: each accepts its own part, and nothing is kept before all have."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pilotline.desks.booking.events import TimesLost
from pilotline.desks.booking.models import Bookable, PlanConsent, PlanLine, PlanProposal, Waiting
from pilotline.desks.booking.queries.joint import (
    joint_plan,
    joint_wishes,
    lines_with_places,
    unplanned,
)
from pilotline.desks.booking.rules.access import operates
from pilotline.desks.booking.rules.joint import Lost, answer_by, given_by, operators_of
from pilotline.desks.booking.rules.wishes import MOST_WORDS
from pilotline.desks.booking.services.planning import (
    ask_for,
    offer_lines,
    record_plan,
)
from pilotline.desks.booking.services.writing import change_of_calendar, lock_resources
from pilotline.desks.journal.services import emit, record
from pilotline.kernel.actor import SYSTEM, Actor
from pilotline.kernel.errors import Conflict, NotAllowed, NotFound, Problem, refuse


@transaction.atomic
def propose_joint_plan(*, who: Actor, now: datetime) -> PlanProposal:
    """Ask for a plan for all joint wishes that wait: for their operators and authorities.

    While one is being worked out, that one is the answer.
    """
    if not (who.is_system or who.has("operator") or who.has("authority")):
        raise NotAllowed(_("Operators and authorities ask for a joint plan."))
    if not unplanned(joint_wishes(who=who), now=now).exists():
        text = _("No project that lies with several operators waits for times.")
        refuse([Problem("nobody-waits", text)])
    return ask_for(None, unplanned(joint_wishes(who=SYSTEM), now=now), who=who, now=now)


def keep_joint_plans(*, now: datetime) -> int:
    """End what was not accepted in time, and ask for a plan when joint wishes wait and none was
    made for a day. Returns how many wishes lost their proposed times."""
    lost = 0
    lines = PlanLine.objects.filter(
        state=PlanLine.State.PROPOSED, proposal__operator=None, proposal__state="ready"
    )
    pairs = lines.order_by("proposal", "waiting").values_list("proposal", "waiting").distinct()
    for proposal, waiting in list(pairs):
        lost += _end_when_late(proposal, waiting, now)
    recent = PlanProposal.objects.filter(operator=None, asked_at__gt=now - timedelta(days=1))
    if not recent.exists() and unplanned(joint_wishes(who=SYSTEM), now=now).exists():
        propose_joint_plan(who=SYSTEM, now=now)
    return lost


@transaction.atomic
def _end_when_late(proposal: int, waiting: int, now: datetime) -> int:
    found = PlanProposal.objects.select_for_update().get(pk=proposal)
    lines = _open_lines(found, waiting)
    until = answer_by(found.until, lines)
    if not lines or until is None or until > now:
        return 0
    _lose(found, lines, Lost.LATE, SYSTEM, now)
    return 1


def answer_part(
    *,
    who: Actor,
    proposal: int,
    waiting: int,
    accept: bool,
    reason: str = "",
    now: datetime,
) -> PlanProposal:
    """An operator accepts its part of the times proposed for a wish, or declines and says why.

    With the last acceptance all times are offered together, or none when one was taken since.
    A decline ends the proposal for this wish; it goes on waiting. Raises NotFound for plans and
    wishes of others, Conflict for what is open no more.
    """
    found = joint_plan(who=who, id=proposal)
    lines = list(lines_with_places(found.lines.filter(waiting=waiting)))
    mine = {own for own in operators_of(lines) if operates(who, own)}
    if not mine:
        raise NotFound
    refuse(_problems_of_reason(accept, reason))
    return _answer(
        who=who,
        proposal=proposal,
        waiting=waiting,
        mine=mine,
        accept=accept,
        reason=reason,
        now=now,
    )


def _problems_of_reason(accept: bool, reason: str) -> Iterable[Problem]:
    if not accept and not reason.strip():
        yield Problem("no-reason", _("Say why, for the applicant reads it."), "reason")
    if len(reason) > MOST_WORDS:
        yield Problem("too-long", _("That is too long: shorten it."), "reason")


@change_of_calendar
def _answer(
    *,
    who: Actor,
    proposal: int,
    waiting: int,
    mine: set[int],
    accept: bool,
    reason: str,
    now: datetime,
) -> PlanProposal:
    rows = PlanLine.objects.filter(proposal=proposal, waiting=waiting, resource__isnull=False)
    pairs = list(rows.values_list("resource", "beside"))
    bookables = lock_resources(key for pair in pairs for key in pair if key)
    found = PlanProposal.objects.select_for_update().get(pk=proposal)
    lines = _open_lines(found, waiting)
    given = given_by(found.consents.filter(waiting=waiting))
    if not lines:
        if accept and mine <= given:
            return found
        raise Conflict(_("These times are proposed no more: see what became of them."))
    until = answer_by(found.until, lines)
    if until is not None and until <= now:
        raise Conflict(_("The time to answer is over."))
    state = PlanConsent.State.GIVEN if accept else PlanConsent.State.DECLINED
    for operator in sorted(mine - given if accept else mine):
        PlanConsent.objects.update_or_create(
            proposal=found,
            waiting_id=waiting,
            operator_id=operator,
            defaults={
                "state": state,
                "reason": reason.strip(),
                "given_by": who.id,
                "given_at": now,
            },
        )
        _record_answer(found, waiting, operator, state, who, now)
    if not accept:
        _lose(found, lines, Lost.DECLINED, who, now, reason.strip())
    elif operators_of(lines) <= given | mine:
        _offer(found, lines, bookables, who, now)
    return found


def _offer(
    proposal: PlanProposal,
    lines: list[PlanLine],
    bookables: dict[int, Bookable],
    who: Actor,
    now: datetime,
) -> None:
    """All have accepted: offer all times together, or say what has changed since."""
    waiting = lines[0].waiting_id
    consents = proposal.consents.filter(waiting=waiting, state=PlanConsent.State.GIVEN)
    accepted = dict(consents.values_list("operator", "given_by"))
    _problem, booking = offer_lines(lines, bookables, accepted, now)
    if booking is None:
        waits = Waiting.objects.filter(pk=waiting, state=Waiting.State.WAITING)
        _lose(proposal, lines, Lost.TAKEN if waits.exists() else Lost.GONE, who, now)
        return
    for line in lines:
        line.state, line.booking = PlanLine.State.ACCEPTED, booking
        line.save(update_fields=["state", "booking"])
    record_plan(proposal, "accept-plan", who, now, lines=[line.pk for line in lines])


def _lose(
    proposal: PlanProposal,
    lines: list[PlanLine],
    why: Lost,
    who: Actor,
    now: datetime,
    reason: str = "",
) -> None:
    """The times are proposed no more; who waits goes on waiting and is told why."""
    for line in lines:
        line.state, line.why = PlanLine.State.REFUSED, str(why)
        line.save(update_fields=["state", "why"])
    waiting = Waiting.objects.get(pk=lines[0].waiting_id)
    record_plan(proposal, "lose-times", who, now, waiting=waiting.pk, why=str(why))
    emit(
        TimesLost(
            proposal=proposal.pk,
            waiting=waiting.pk,
            organisation=waiting.organisation_id,
            person=waiting.person_id,
            operators=sorted(operators_of(lines)),
            why=str(why),
            reason=reason,
        ),
        now=now,
    )


def _open_lines(proposal: PlanProposal, waiting: int) -> list[PlanLine]:
    rows = proposal.lines.filter(waiting=waiting, state=PlanLine.State.PROPOSED)
    return list(lines_with_places(rows))


def _record_answer(
    proposal: PlanProposal, waiting: int, operator: int, state: str, who: Actor, now: datetime
) -> None:
    record(
        who=who,
        action="booking.answer-plan",
        subject=("plan", proposal.pk),
        organisation=operator,
        after={"waiting": waiting, "answer": state},
        now=now,
    )
