"""Prices of like resources in an authority's regions, brought to one unit. Reads only."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from pilotline.desks.booking.models import Tariff
from pilotline.desks.booking.problem import contents
from pilotline.desks.booking.queries.tariffs import latest_bases, priced_resources
from pilotline.desks.booking.rules.comparing import Spread, spread_of
from pilotline.desks.journal.queries import current_rulebook
from pilotline.kernel.actor import Actor
from pilotline.kernel.money import to_fen
from pilotline.rulebook.prices import PriceGroup


@dataclass(frozen=True, slots=True)
class Compared:
    """One resource: its list price in yuan by the group's unit, and the cost its facility states
    for an hour, brought to the same unit (None: none, or not a unit of time)."""

    code: str
    facility: str
    facility_en: str
    region: str
    resource: str
    resource_en: str
    price: Decimal
    cost: Decimal | None
    lies: str
    is_demo: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """`groups` with the number of prices in each; of the chosen one the prices, dearest first."""

    groups: list[tuple[PriceGroup, int]]
    chosen: PriceGroup | None
    rows: list[Compared]
    spread: Spread | None


def compare(*, who: Actor, group: str, now: datetime) -> Comparison:
    """The prices of one group of the rulebook; of the fullest one where `group` is unknown."""
    rulebook = current_rulebook()
    rows = priced_resources(who=who, on=timezone.localdate(now))
    found = {one.id: _prices(rows, one) for one in rulebook.price_groups}
    groups = [(one, len(found[one.id])) for one in rulebook.price_groups]
    chosen = rulebook.price_groups.get(group)
    if chosen is None and groups:
        chosen = max(groups, key=lambda pair: pair[1])[0]
    if chosen is None:
        return Comparison([], None, [], None)
    priced = sorted(found[chosen.id], key=lambda pair: (-pair[1], pair[0].pk))
    spread = spread_of([price for _row, price in priced], rulebook.pricing)
    bases = latest_bases([row.resource_id for row, _price in priced])
    listed = []
    for row, price in priced:
        basis = bases.get(row.resource_id)
        factor = contents.hours_in(row.content, chosen.unit)
        cost = to_fen(basis.price * factor) if basis and factor is not None else None
        lies = spread.lies(price) if spread else ""
        listed.append(_compared(row, price, cost, lies))
    return Comparison(groups, chosen, listed, spread)


def _prices(rows: Iterable[Tariff], group: PriceGroup) -> list[tuple[Tariff, Decimal]]:
    found = []
    for row in rows:
        resource = row.resource
        if not group.takes(resource.kind, resource.name, tuple(resource.processes)):
            continue
        price = contents.use_price(row.content, group.unit)
        if price is not None:
            found.append((row, to_fen(price)))
    return found


def _compared(row: Tariff, price: Decimal, cost: Decimal | None, lies: str) -> Compared:
    return Compared(
        code=row.facility.code,
        facility=row.facility.name,
        facility_en=row.facility.name_en,
        region=row.facility.region,
        resource=row.resource.name,
        resource_en=row.resource.name_en,
        price=price,
        cost=cost,
        lies=lies,
        is_demo=row.is_demo,
    )
