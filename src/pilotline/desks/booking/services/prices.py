"""Prices worked out and not kept: of some uses, of a whole booking, of a late change."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pilotline.desks.booking.models import Booking, Occupation, Quotation, Tariff
from pilotline.desks.booking.problem import pricing
from pilotline.desks.booking.problem.pricing import Priced
from pilotline.desks.booking.queries.free import visible
from pilotline.desks.booking.queries.quotations import accepted_for
from pilotline.desks.booking.queries.tariffs import tariffs_at, tariffs_for
from pilotline.desks.booking.rules.tariffs import (
    Meter,
    Wanted,
    kept,
    may_ask_price,
    may_see_price,
    problems_of_wanted,
)
from pilotline.desks.booking.rules.wishes import Wish
from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.people import queries as people
from pilotline.desks.registry import queries as registry
from pilotline.kernel.actor import SYSTEM, Actor
from pilotline.kernel.errors import NotAllowed, NotFound, Problem, Refused, refuse
from pilotline.kernel.money import to_fen
from pilotline.rulebook.prices import UserFacts, class_of


@dataclass(frozen=True, slots=True)
class FacilityPrice:
    """What one facility asks for its part of a booking.

    `quotation` is the accepted one, if there is one; else `priced` was worked out now. Neither,
    with the reasons in `problems`, where the facility has no fitting tariff.
    """

    facility: int
    code: str
    name: str
    name_en: str
    wanted: list[dict[str, Any]]
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
    return _class_of(people.organisation(who=SYSTEM, id=organisation), operator)


def _class_of(organisation: Any, operator: int | None) -> str:
    rulebook = current_rulebook()
    facts = UserFacts(organisation.kind, organisation.region, own=organisation.pk == operator)
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
    facility = registry.visible_by(who, code)
    today = timezone.localdate(now)
    refuse(problems_of_wanted(wanted, _resources(facility.pk, under)))
    if under is not None:
        rows = Tariff.objects.filter(
            facility=facility.pk, pk__in=[t["tariff"] for t in under.tariffs]
        )
        return _priced(list(rows.order_by("id")), wanted, under.user_class, today)
    used = [use.resource for use in wanted if use.resource is not None]
    tariffs = tariffs_for(facility.pk, used, today)
    user_class = user_class_of(organisation=organisation, operator=facility.operator_id)
    return _priced(tariffs, wanted, user_class, today)


def _resources(facility: int, under: Quotation | None) -> set[int]:
    """What may be priced: what is active, and what was quoted while it was."""
    quoted = [use["resource"] for use in under.wanted] if under else []
    return registry.active_ids(facility) | {pk for pk in quoted if pk is not None}


def _priced(tariffs: list[Tariff], wanted: Sequence[Wanted], user_class: str, on: date) -> Priced:
    if not tariffs:
        refuse([Problem("no-prices", _("This facility has not stated its prices here."))])
    return pricing.priced(
        tariffs, wanted, user_class=user_class, on=on, rulebook=current_rulebook()
    )


def wanted_of(rows: Iterable[Any]) -> list[Wanted]:
    """What occupations of a booking would use: each resource for its hours."""
    return [
        Wanted(
            row.resource_id,
            timezone.localdate(row.use.lower),
            (Meter("use", "hour", _hours(row.use)),),
        )
        for row in rows
    ]


def _hours(use: Any) -> Decimal:
    return Decimal((use.upper - use.lower) // timedelta(minutes=1)) / 60


def price_of(*, who: Actor, booking: int, now: datetime) -> list[FacilityPrice]:
    """What each facility of a booking asks for it, for those who may see the booking."""
    found, rows = occupied(who, booking)
    accepted = {q.facility_id: q for q in accepted_for(booking=booking)}
    return _facility_prices(found.organisation, rows, accepted, now)


def price_of_wishes(
    *, who: Actor, organisation: int, wishes: Sequence[Wish], now: datetime
) -> list[FacilityPrice]:
    """What each facility would ask for these times, before they are held.

    Whether they are free is not looked at. Raises NotAllowed for other people's organisations,
    NotFound for resources that the actor may not book.
    """
    if not may_ask_price(who, organisation):
        raise NotAllowed(_("You may ask a price for your own organisation only."))
    things = {b.pk: b.resource for b in visible(who, [wish.resource for wish in wishes])}
    rows = [
        Occupation(resource=things[wish.resource], use=DateTimeTZRange(wish.start, wish.end))
        for wish in wishes
    ]
    found = people.organisation(who=SYSTEM, id=organisation)
    return _facility_prices(found, rows, {}, now)


def occupied(who: Actor, booking: int) -> tuple[Booking, list[Any]]:
    """A booking whose price this person may see, with its occupations. Raises NotFound."""
    found = Booking.objects.select_related("organisation").filter(pk=booking).first()
    if found is None:
        raise NotFound
    rows = list(found.occupations.select_related("resource__facility").order_by("id"))
    places = [(r.resource.facility.operator_id, r.resource.facility.region) for r in rows]
    if not may_see_price(who, found, places):
        raise NotFound
    return found, rows


def _of(rows: Iterable[Any], facility: int) -> list[Any]:
    return [row for row in rows if row.resource.facility_id == facility]


def _facility_prices(
    organisation: Any, rows: list[Occupation], accepted: dict[int, Quotation], now: datetime
) -> list[FacilityPrice]:
    """One price a facility, in the order of the times (one query for the tariffs of all)."""
    today = timezone.localdate(now)
    places = {row.resource.facility_id: row.resource.facility for row in rows}
    tariffs = tariffs_at(places, [row.resource_id for row in rows], today)
    found = []
    for place in places.values():
        own = _of(rows, place.pk)
        wanted = wanted_of(own)
        names = (place.name, place.name_en)
        said = (place.pk, place.code, *names, kept(wanted, [row.resource for row in own]))
        if place.pk in accepted:
            found.append(FacilityPrice(*said, quotation=accepted[place.pk]))
            continue
        user_class = _class_of(organisation, place.operator_id)
        try:
            worked_out = _priced(tariffs.get(place.pk, []), wanted, user_class, today)
        except Refused as refused:
            found.append(FacilityPrice(*said, problems=refused.problems))
        else:
            found.append(FacilityPrice(*said, priced=worked_out))
    return found


def fee_of(prices: Iterable[FacilityPrice], percent: int) -> Decimal | None:
    """A share of the whole price in yuan, as for a late change; None when a price is unknown."""
    totals = [price.total for price in prices]
    known = [total for total in totals if total is not None]
    if not percent:
        return Decimal(0)
    if len(known) < len(totals):
        return None
    return to_fen(sum(known, Decimal(0)) * percent / 100)
