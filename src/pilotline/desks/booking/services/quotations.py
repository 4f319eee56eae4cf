"""Quotations: worked out, kept as they were, accepted in time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pilotline.desks.booking import events
from pilotline.desks.booking.models import Booking, Quotation, Tariff
from pilotline.desks.booking.problem import pricing
from pilotline.desks.booking.problem.pricing import Priced
from pilotline.desks.booking.queries import quotations as queries
from pilotline.desks.booking.queries.tariffs import tariffs_for
from pilotline.desks.booking.rules.tariffs import (
    BECOMES,
    MOVES,
    Meter,
    Wanted,
    kept,
    may_ask_price,
    may_see_price,
    problems_of_move,
    problems_of_note,
    problems_of_wanted,
)
from pilotline.desks.demand import queries as demand
from pilotline.desks.journal.queries import current_release, current_rulebook
from pilotline.desks.journal.rules import canonical, digest_of
from pilotline.desks.journal.services import draw_number, emit, record
from pilotline.desks.people import queries as people
from pilotline.desks.registry import queries as registry
from pilotline.desks.registry.rules.access import operates
from pilotline.kernel.actor import SYSTEM, Actor
from pilotline.kernel.errors import (
    Conflict,
    NotAllowed,
    NotFound,
    PilotlineError,
    Problem,
    refuse,
)
from pilotline.kernel.money import to_fen
from pilotline.rulebook.prices import UserFacts, class_of

SERIES = "Q"
USUAL_DAYS = 30
NEWS = {
    "accept": events.QuotationAccepted,
    "decline": events.QuotationDeclined,
    "withdraw": events.QuotationWithdrawn,
}


class QuotationAltered(PilotlineError):
    """This quotation is not what was worked out: its content and its digest differ."""

    code = "quotation-altered"


@dataclass(frozen=True, slots=True)
class FacilityPrice:
    """What one facility asks for its part of a booking.

    `quotation` is the accepted one, if there is one; else `priced` was worked out now. Neither,
    with the reasons in `problems`, where the facility has no fitting tariff.
    """

    facility: int
    name: str
    quotation: Quotation | None = None
    priced: Priced | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def total(self) -> Decimal | None:
        if self.quotation is not None:
            return self.quotation.total
        return None if self.priced is None else self.priced.total


def user_class_of(*, organisation: int, operator: int | None) -> str:
    """The class of an organisation as user of a facility that `operator` runs."""
    rulebook = current_rulebook()
    found = people.organisation(who=SYSTEM, id=organisation)
    facts = UserFacts(found.kind, found.region, own=organisation == operator)
    one = class_of(rulebook.user_classes, facts, rulebook.region.id)
    return one.id if one else ""


def priced(
    *,
    who: Actor,
    code: str,
    organisation: int,
    wanted: Sequence[Wanted],
    now: datetime,
    under: Quotation | None = None,
) -> Priced:
    """The bill of some uses, worked out now and not kept. Raises Refused with all reasons.

    `under` an accepted quotation its tariffs and user class hold, whatever holds today.
    """
    facility = registry.facility(who, code)
    today = timezone.localdate(now)
    refuse(problems_of_wanted(wanted, _resources(facility, under)))
    if under is not None:
        rows = Tariff.objects.filter(
            facility=facility.pk, pk__in=[t["tariff"] for t in under.tariffs]
        )
        return _priced(list(rows.order_by("id")), wanted, under.user_class, today)
    used = [use.resource for use in wanted if use.resource is not None]
    tariffs = tariffs_for(facility.pk, used, today)
    user_class = user_class_of(organisation=organisation, operator=facility.operator_id)
    return _priced(tariffs, wanted, user_class, today)


def _resources(facility: Any, under: Quotation | None) -> set[int]:
    """What may be priced: what is active, and what was quoted while it was."""
    quoted = [use["resource"] for use in under.wanted] if under else []
    return {r.pk for r in facility.active} | {pk for pk in quoted if pk is not None}


def _priced(tariffs: list[Tariff], wanted: Sequence[Wanted], user_class: str, on: date) -> Priced:
    if not tariffs:
        refuse([Problem("no-prices", _("This facility has not stated its prices here."))])
    return pricing.priced(
        tariffs, wanted, user_class=user_class, on=on, rulebook=current_rulebook()
    )


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
        wanted=kept(wanted),
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
    emit(events.QuotationMade(**news), now=now)
    return made


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


def wanted_of(booking: Booking) -> dict[str, list[Wanted]]:
    """What a booking would use, by the code of each facility: every resource for its hours."""
    found: dict[str, list[Wanted]] = {}
    rows = booking.occupations.select_related("resource__facility").order_by("id")
    for row in rows:
        hours = Decimal((row.use.upper - row.use.lower) // timedelta(minutes=1)) / 60
        meter = Meter("use", "hour", hours)
        day = timezone.localdate(row.use.lower)
        use = Wanted(row.resource_id, day, (meter,))
        found.setdefault(row.resource.facility.code, []).append(use)
    return found


def price_of(*, who: Actor, booking: int, now: datetime) -> list[FacilityPrice]:
    """What each facility of a booking asks for it, for those who may see the booking."""
    found = Booking.objects.select_related("organisation").filter(pk=booking).first()
    if found is None:
        raise NotFound
    rows = list(found.occupations.select_related("resource__facility"))
    places = {r.resource.facility_id: r.resource.facility for r in rows}
    if not may_see_price(who, found, [(p.operator_id, p.region) for p in places.values()]):
        raise NotFound
    accepted = {q.facility_id: q for q in queries.accepted_for(booking=booking)}
    wanted = wanted_of(found)
    return [
        _facility_price(place, found, wanted[place.code], accepted.get(place.pk), now)
        for place in places.values()
    ]


def _facility_price(
    place: Any,
    booking: Booking,
    wanted: list[Wanted],
    accepted: Quotation | None,
    now: datetime,
) -> FacilityPrice:
    if accepted is not None:
        return FacilityPrice(place.pk, place.name, quotation=accepted)
    today = timezone.localdate(now)
    used = [use.resource for use in wanted if use.resource is not None]
    tariffs = tariffs_for(place.pk, used, today)
    user_class = user_class_of(organisation=booking.organisation_id, operator=place.operator_id)
    try:
        worked_out = _priced(tariffs, wanted, user_class, today)
    except PilotlineError as refused:
        problems = tuple(getattr(refused, "problems", ()))
        return FacilityPrice(place.pk, place.name, problems=problems)
    return FacilityPrice(place.pk, place.name, priced=worked_out)


def fee_of(prices: Iterable[FacilityPrice], percent: int) -> Decimal | None:
    """A share of the whole price in yuan, as for a late change; None when a price is unknown."""
    totals = [price.total for price in prices]
    known = [total for total in totals if total is not None]
    if not percent:
        return Decimal(0)
    if len(known) < len(totals):
        return None
    return to_fen(sum(known, Decimal(0)) * percent / 100)
