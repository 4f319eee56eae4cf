"""Plans for those who wait: asked for, worked out by the worker, accepted whole or in part."""

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pilotline.desks.booking.models import (
    Bookable,
    Booking,
    PlanLine,
    PlanProposal,
    Waiting,
    WaitingStep,
)
from pilotline.desks.booking.problem import schedule
from pilotline.desks.booking.queries.asking import problems_of_wishes
from pilotline.desks.booking.queries.diaries import diaries, with_hours
from pilotline.desks.booking.queries.joint import unplanned
from pilotline.desks.booking.queries.planning import proposal as fetch
from pilotline.desks.booking.queries.planning import waits_at_own
from pilotline.desks.booking.queries.rulebook import booking_rules
from pilotline.desks.booking.rules.access import operates
from pilotline.desks.booking.rules.opening import NoCalendar
from pilotline.desks.booking.rules.wishes import Wish
from pilotline.desks.booking.services.telling import tell_of_parts
from pilotline.desks.booking.services.waiting import offer
from pilotline.desks.booking.services.writing import change_of_calendar, lock_resources
from pilotline.desks.journal.queries import current_release, current_rulebook
from pilotline.desks.journal.services import record
from pilotline.kernel.actor import SYSTEM, Actor
from pilotline.kernel.errors import Conflict, NotAllowed, NotFound, Problem, Refused, refuse
from pilotline.rulebook.calendar import CalendarEnds

LONGEST_PLAN = timedelta(days=120)
# So far beyond the last window the first free time is looked for.
BEYOND = timedelta(days=14)
SECONDS = 20.0
MOST_TRIES, MOST_REASON = 3, 500
# Which operators have accepted, each with the person who did.
Accepted = Mapping[int | None, int | None]

logger = logging.getLogger(__name__)


@transaction.atomic
def propose_plan(*, who: Actor, operator: int, widely: bool = False, now: datetime) -> PlanProposal:
    """Ask for a plan for everybody who waits at the operator's resources.

    While one is being worked out, that one is the answer. The worker makes it.
    """
    if not operates(who, operator):
        raise NotAllowed(_("Only the operator of a facility plans its calendar."))
    waits = waits_at_own(who=who, now=now).filter(resource__facility__operator=operator)
    return ask_for(operator, waits, who=who, now=now, widely=widely)


def ask_for(
    operator: int | None,
    waits: Iterable[Waiting],
    *,
    who: Actor,
    now: datetime,
    widely: bool = False,
) -> PlanProposal:
    """The plan that is being worked out, or a new one for those who wait."""
    running = PlanProposal.objects.select_for_update().filter(
        operator=operator, state=PlanProposal.State.ASKED
    )
    if (found := running.first()) is not None:
        return found
    ends = [waiting.window.upper for waiting in waits]
    if not ends:
        refuse([Problem("nobody-waits", _("Nobody waits for a time at your resources."))])
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    made = PlanProposal.objects.create(
        operator_id=operator,
        asked_by=who.id,
        asked_at=now,
        starts=midnight,
        ends=min(max(ends) + BEYOND, midnight + LONGEST_PLAN),
        widely=widely,
        release=current_release()[0],
    )
    record_plan(made, "ask-plan", who, now)
    return made


def work_out(*, now: datetime, seconds: float = SECONDS) -> int:
    """Make the plans that were asked for, one after another; how many. Nothing is booked.

    A plan that cannot be made says why and is not tried again, nor is one with which the worker
    ended `MOST_TRIES` times.
    """
    done = 0
    asked = PlanProposal.objects.filter(state="asked").order_by("pk")
    for number in list(asked.values_list("pk", flat=True)):
        try:
            done += _try(number, now, seconds)
        except Exception as error:
            # Whatever it was, trying again every minute would not mend it.
            logger.exception("Plan %s could not be worked out", number)
            _fail(number, f"{type(error).__name__}: {error}", now)
            done += 1
    return done


def _try(number: int, now: datetime, seconds: float) -> int:
    """Make one plan, unless another worker has it: 1, else 0."""
    with transaction.atomic():
        row = PlanProposal.objects.select_for_update(skip_locked=True)
        found = row.filter(pk=number, state="asked").first()
        if found is None:
            return 0
        # Counted before the work: a worker that is killed leaves its trace.
        found.progress, found.tries = 10, found.tries + 1
        found.save(update_fields=["progress", "tries"])
    if found.tries > MOST_TRIES:
        _fail(number, str(_("It took more than the machine has, several times.")), now)
        return 1
    with transaction.atomic():
        found = row.filter(pk=number, state="asked").first()
        if found is None:
            return 0
        _work_out(found, now, seconds)
    return 1


def _fail(number: int, reason: str, now: datetime) -> None:
    with transaction.atomic():
        found = PlanProposal.objects.select_for_update().get(pk=number)
        found.state, found.reason = PlanProposal.State.FAILED, reason[:MOST_REASON]
        found.progress, found.done_at, found.engine = 100, now, schedule.ENGINE
        found.save()
        record_plan(found, "plan", SYSTEM, now)


def _work_out(proposal: PlanProposal, now: datetime, seconds: float) -> None:
    bookables, wishes = _joint(now) if proposal.operator_id is None else _own(proposal, now)
    wishes = wishes.filter(window__startswith__lt=proposal.ends).select_related("organisation")
    known = diaries(bookables, proposal.starts, proposal.ends, rulebook=current_rulebook(), now=now)
    try:
        plan = schedule.plan(
            bookables,
            known,
            list(wishes.prefetch_related("steps").order_by("pk")),
            widely=proposal.widely,
            start=proposal.starts,
            end=proposal.ends,
            soonest=now + _notice(proposal),
            seed=proposal.seed,
            seconds=seconds,
        )
    except (NoCalendar, CalendarEnds) as error:
        proposal.state, proposal.reason = PlanProposal.State.FAILED, str(error)
    else:
        _write(proposal, plan)
        proposal.state = PlanProposal.State.READY
        if proposal.operator_id is None:
            proposal.until = now + timedelta(hours=booking_rules().approval_hours)
            tell_of_parts(proposal, now=now)
        proposal.weight, proposal.bound, proposal.digest = plan.weight, plan.bound, plan.digest
    proposal.progress, proposal.done_at, proposal.engine = 100, now, schedule.ENGINE
    proposal.save()
    record_plan(proposal, "plan", SYSTEM, now)


def _notice(proposal: PlanProposal) -> timedelta:
    """How long operators have at least to answer before a time that is proposed begins."""
    hours = booking_rules().joint_answer_hours if proposal.operator_id is None else 0
    return timedelta(hours=hours)


def _own(proposal: PlanProposal, now: datetime) -> tuple[list[Bookable], QuerySet[Waiting]]:
    """All that can be booked at an operator's facilities, and who waits there alone."""
    own = {"resource__facility__operator": proposal.operator_id}
    bookables = list(with_hours(Bookable.objects.filter(**own, resource__status="active")))
    wishes = Waiting.objects.filter(
        **own,
        resource__in=[b.pk for b in bookables],
        joint=False,
        state="waiting",
        window__endswith__gt=now,
    )
    return bookables, wishes


def _joint(now: datetime) -> tuple[list[Bookable], QuerySet[Waiting]]:
    """Joint wishes that nothing is proposed to, and all that they name."""
    wishes = unplanned(Waiting.objects.filter(joint=True), now=now)
    ways = WaitingStep.objects.filter(waiting__in=wishes).values_list("ways", flat=True)
    named = {resource for listed in ways for way in listed for resource in way}
    found = Bookable.objects.filter(pk__in=named, resource__status="active")
    found = found.filter(resource__facility__status="published")
    return list(with_hours(found)), wishes


def _write(proposal: PlanProposal, plan: schedule.Plan) -> None:
    states = PlanLine.State
    PlanLine.objects.bulk_create(
        PlanLine(
            proposal=proposal,
            waiting_id=one.waiting,
            step=one.step,
            state=states.WAITS if one.resource is None else states.PROPOSED,
            resource_id=one.resource,
            beside_id=one.beside,
            starts=one.start,
            ends=one.end,
            why=one.why,
            earliest=one.earliest,
            earliest_at_id=one.earliest_at,
            holders=one.holders,
        )
        for one in plan.planned
    )


def accept_plan(
    *, who: Actor, proposal: int, lines: Iterable[int] | None = None, now: datetime
) -> PlanProposal:
    """Offer the proposed times, all of them or some, to those who wait.

    Each becomes a hold that its applicant confirms or lets run out, as if it had been freed. The
    steps of one wish become one hold, all or none; one chosen line chooses them all.
    What has changed since is refused line by line, with the reason. Raises NotFound for plans
    and NotAllowed for lines of others, Conflict for a plan that is not ready.
    """
    found = fetch(who=who, id=proposal)
    if not operates(who, found.operator_id):
        raise NotAllowed
    if found.state != PlanProposal.State.READY:
        raise Conflict(_("This plan is not ready yet."))
    chosen = None if lines is None else set(lines)
    if chosen is not None and not chosen:
        refuse([Problem("nothing", _("Choose at least one line of the plan."), "lines")])
    return _accept(who=who, proposal=proposal, chosen=chosen, now=now)


@change_of_calendar
def _accept(*, who: Actor, proposal: int, chosen: set[int] | None, now: datetime) -> PlanProposal:
    wanted = PlanLine.objects.filter(proposal=proposal, state=PlanLine.State.PROPOSED)
    if chosen is not None:
        wanted = wanted.filter(waiting__in=wanted.filter(pk__in=chosen).values("waiting"))
    used = {r for line in wanted for r in (line.resource_id, line.beside_id) if r}
    bookables = lock_resources(used)
    found = PlanProposal.objects.select_for_update().get(pk=proposal)
    rows = wanted.select_for_update(of=("self",)).select_related("waiting").order_by("starts", "pk")
    by_wish: dict[int, list[PlanLine]] = {}
    for line in rows:
        by_wish.setdefault(line.waiting_id, []).append(line)
    accepted: list[int] = []
    for lines in by_wish.values():
        if _accept_wish(lines, bookables, {found.operator_id: who.id}, now):
            accepted += [line.pk for line in lines]
    record_plan(found, "accept-plan", who, now, lines=accepted)
    return found


def _accept_wish(
    lines: list[PlanLine], bookables: dict[int, Bookable], accepted: Accepted, now: datetime
) -> bool:
    """Offer all times of one wish together when they are still free and still wanted."""
    problem, booking = offer_lines(lines, bookables, accepted, now)
    for line in lines:
        line.state = PlanLine.State.REFUSED if problem else PlanLine.State.ACCEPTED
        line.refused, line.booking = problem[:MOST_REASON], booking
        line.save(update_fields=["state", "refused", "booking"])
    return not problem


def offer_lines(
    lines: list[PlanLine], bookables: dict[int, Bookable], accepted: Accepted, now: datetime
) -> tuple[str, Booking | None]:
    """Offer the times of one wish's lines, or say why not; the resources are locked. Operators
    that have accepted them have approved them: they are not asked again."""
    waiting = Waiting.objects.select_for_update(of=("self",)).get(pk=lines[0].waiting_id)
    wishes = [
        Wish(resource, line.starts, line.ends)
        for line in lines
        for resource in (line.resource_id, line.beside_id)
        if resource and line.starts and line.ends
    ]
    if problem := _why_not(wishes, waiting, bookables, now):
        return problem, None
    booking = offer(bookables, waiting, wishes, now)
    for resource, bookable in bookables.items():
        operator = bookable.resource.facility.operator_id
        if bookable.approval and operator in accepted:
            rows = booking.occupations.filter(resource=resource)
            rows.update(approval="given", approved_by=accepted[operator])
    return "", booking


def _why_not(
    wishes: list[Wish], waiting: Waiting, bookables: dict[int, Bookable], now: datetime
) -> str:
    if waiting.state != Waiting.State.WAITING:
        return str(_("This applicant waits no more."))
    if min(wish.start for wish in wishes) <= now:
        return str(_("This time has begun already."))
    try:
        refuse(
            problems_of_wishes(
                {wish.resource: bookables[wish.resource] for wish in wishes},
                wishes,
                who=SYSTEM,
                family=waiting.family,
                rulebook=current_rulebook(),
                now=now,
            )
        )
    except Refused as refused:
        return str(refused)
    except NotFound:
        return str(_("Its facility is no longer in the catalogue."))
    return ""


def record_plan(
    proposal: PlanProposal, action: str, who: Actor, now: datetime, **more: object
) -> None:
    """Write what became of a plan into the journal."""
    record(
        who=who,
        action=f"booking.{action}",
        subject=("plan", proposal.pk),
        organisation=proposal.operator_id,
        after={"state": proposal.state, "weight": proposal.weight, "bound": proposal.bound, **more},
        now=now,
    )
