"""Quotations: worked out, kept as they were, accepted in time."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pilotline.desks.booking import events
from pilotline.desks.booking.models import Booking, Quotation
from pilotline.desks.booking.queries import quotations as queries
from pilotline.desks.booking.rules.tariffs import (
    BECOMES,
    MOVES,
    Wanted,
    kept,
    may_ask_price,
    problems_of_move,
    problems_of_note,
)
from pilotline.desks.booking.services.prices import occupied, priced, wanted_of
from pilotline.desks.demand import queries as demand
from pilotline.desks.journal.queries import current_release, current_rulebook
from pilotline.desks.journal.rules import canonical, digest_of
from pilotline.desks.journal.services import draw_number, emit, record
from pilotline.desks.registry import queries as registry
from pilotline.desks.registry.rules.access import operates
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import (
    Conflict,
    NotAllowed,
    NotFound,
    PilotlineError,
    Problem,
    refuse,
)

SERIES = "Q"
USUAL_DAYS = 30
USUAL_REMINDER = 3
NEWS = {
    "accept": events.QuotationAccepted,
    "decline": events.QuotationDeclined,
    "withdraw": events.QuotationWithdrawn,
}


class QuotationAltered(PilotlineError):
    """This quotation is not what was worked out: its content and its digest differ."""

    code = "quotation-altered"


@transaction.atomic
def quote(
    *,
    who: Actor,
    code: str,
    organisation: int,
    wanted: Sequence[Wanted],
    now: datetime,
    booking: int | None = None,
    case: int | None = None,
    note: str = "",
) -> Quotation:
    """Work out a quotation and keep it, valid for the days the rulebook says.

    Asked by the organisation, or made by the facility's operator for a booking or a case that
    it may see.
    """
    facility = registry.facility(who, code)
    _guard(who, facility, organisation, booking, case)
    refuse(problems_of_note(note))
    found = priced(who=who, code=code, organisation=organisation, wanted=wanted, now=now)
    made = Quotation(
        number=_number(now),
        facility_id=facility.pk,
        organisation_id=organisation,
        booking_id=booking,
        case_id=case,
        user_class=found.user_class,
        wanted=kept(wanted, facility.active),
        lines=found.lines,
        tariffs=found.tariffs,
        net=found.net,
        tax=found.tax,
        total=found.total,
        note=note.strip(),
        valid_until=timezone.localdate(now) + timedelta(days=_days()),
        release=current_release()[0],
        engine=found.engine,
        made_by=who.id,
        made_at=now,
        is_demo=facility.is_demo,
    )
    made.digest = digest_of(canonical(frozen(made)))
    made.save(force_insert=True)
    _record(made, who, "quote", now)
    news = _news(made) | {"valid_until": made.valid_until.isoformat()}
    by = "applicant" if may_ask_price(who, organisation) else "operator"
    emit(events.QuotationMade(**news, by=by), now=now)
    return made


def quote_booking(*, who: Actor, booking: int, code: str, now: datetime) -> Quotation:
    """A quotation of one facility, by its code, for its part of a booking."""
    found, rows = occupied(who, booking)
    mine = [row for row in rows if row.resource.facility.code == code]
    return quote(
        who=who,
        code=code,
        organisation=found.organisation_id,
        wanted=wanted_of(mine),
        booking=booking,
        case=found.case_id,
        now=now,
    )


def _guard(
    who: Actor, facility: Any, organisation: int, booking: int | None, case: int | None
) -> None:
    mine, theirs = may_ask_price(who, organisation), operates(who, facility.operator_id)
    if booking is not None:
        _checked_booking(booking, facility.pk, organisation)
    if case is not None and demand.case(who=who, id=case).organisation_id != organisation:
        raise NotFound
    if not mine and not (theirs and (booking is not None or case is not None)):
        raise NotAllowed(_("You may ask a price for your own organisation only."))


def _checked_booking(booking: int, facility: int, organisation: int) -> None:
    """A booking of this organisation that takes something of this facility, else NotFound."""
    there = Booking.objects.filter(
        pk=booking, organisation=organisation, occupations__resource__facility=facility
    )
    if not there.exists():
        raise NotFound


def _number(now: datetime) -> str:
    series = current_rulebook().number_prefixes.get("quotation", SERIES)
    return draw_number(series=series, year=timezone.localdate(now).year)


def _days() -> int:
    policy = current_rulebook().pricing
    return policy.quotation_days if policy else USUAL_DAYS


def frozen(quotation: Quotation) -> dict[str, Any]:
    """All that a quotation says and its digest covers."""
    names = ("number", "facility_id", "organisation_id", "booking_id", "case_id", "user_class")
    names += ("wanted", "lines", "tariffs", "valid_until", "release", "engine", "note")
    amounts = {name: f"{getattr(quotation, name):.2f}" for name in ("net", "tax", "total")}
    return {name: getattr(quotation, name) for name in names} | amounts


@transaction.atomic
def tell_of_ends(*, now: datetime) -> int:
    """Tell of open quotations that run out soon, and of those that have. Called daily, each is
    told once; returns how many."""
    today = timezone.localdate(now)
    policy = current_rulebook().pricing
    soon = today + timedelta(days=policy.quotation_reminder_days if policy else USUAL_REMINDER)
    rows = (
        Quotation.objects.select_for_update(no_key=True, of=("self",), skip_locked=True)
        .select_related("facility")
        .filter(state="open", valid_until__lte=soon)
        .exclude(told_of_end="lapsed")
        .order_by("id")
    )
    told = 0
    for row in rows:
        stage = "lapsed" if row.valid_until < today else "soon"
        if row.told_of_end == stage:
            continue
        row.told_of_end = stage
        row.save(update_fields=["told_of_end"])
        if stage == "lapsed":
            emit(events.QuotationLapsed(**_news(row)), now=now)
        else:
            until = row.valid_until.isoformat()
            emit(events.QuotationRunsOut(**_news(row), valid_until=until), now=now)
        told += 1
    return told


def accept_quotation(*, who: Actor, quotation: int, now: datetime) -> Quotation:
    """The organisation accepts; twice is once. Refused when it has expired."""
    return _decide(who, quotation, "accept", "", now)


def decline_quotation(*, who: Actor, quotation: int, now: datetime) -> Quotation:
    """The organisation does not want it."""
    return _decide(who, quotation, "decline", "", now)


def withdraw_quotation(*, who: Actor, quotation: int, reason: str, now: datetime) -> Quotation:
    """The facility takes an open quotation back, and says why."""
    if not reason.strip():
        refuse([Problem("no-reason", _("Say why it is withdrawn."), "reason")])
    return _decide(who, quotation, "withdraw", reason, now)


@transaction.atomic
def _decide(who: Actor, pk: int, move: str, reason: str, now: datetime) -> Quotation:
    queries.quotation(who=who, id=pk)
    found = (
        Quotation.objects.select_for_update(no_key=True, of=("self",))
        .select_related("facility", "organisation")
        .get(pk=pk)
    )
    side = may_ask_price(who, found.organisation_id)
    if MOVES[move] == "operator":
        side = who.is_system or operates(who, found.facility.operator_id)
    if not side:
        raise NotAllowed
    if found.state == BECOMES[move]:
        return found
    refuse([*problems_of_move(found, move, timezone.localdate(now)), *_too_long(reason)])
    if digest_of(canonical(frozen(found))) != found.digest:
        raise QuotationAltered
    found.state, found.decided_at, found.reason = BECOMES[move], now, reason.strip()
    found.decided_by, found.decided_by_name = who.id, who.name[:80]
    _write_decision(found)
    _record(found, who, move, now)
    told = {"reason": found.reason} if move == "withdraw" else {}
    emit(NEWS[move](**_news(found), **told), now=now)
    return found


def _too_long(reason: str) -> list[Problem]:
    if len(reason) <= Quotation._meta.get_field("reason").max_length:
        return []
    return [Problem("too-long", _("That is too long: shorten it."), "reason")]


def _write_decision(found: Quotation) -> None:
    try:
        with transaction.atomic():
            found.save(
                update_fields=["state", "decided_at", "decided_by", "decided_by_name", "reason"]
            )
    except IntegrityError as error:
        if "one_accepted_quotation_a_booking" not in str(error):
            raise
        raise Conflict(_("Another quotation for this booking was accepted already.")) from None


def _news(quotation: Quotation) -> dict[str, Any]:
    return {
        "quotation": quotation.pk,
        "number": quotation.number,
        "facility": quotation.facility_id,
        "operator": quotation.facility.operator_id,
        "organisation": quotation.organisation_id,
        "total": f"{quotation.total:.2f}",
        "booking": quotation.booking_id,
        "case": quotation.case_id,
    }


def _record(quotation: Quotation, who: Actor, verb: str, now: datetime) -> None:
    record(
        who=who,
        action=f"booking.quotation-{verb}",
        subject=("quotation", quotation.pk),
        case=quotation.case_id,
        organisation=quotation.organisation_id,
        after={
            "number": quotation.number,
            "state": quotation.state,
            "total": quotation.total,
            "digest": quotation.digest,
        },
        now=now,
    )
