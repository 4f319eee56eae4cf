"""The registry's offers as catalogue entries, and the schema they are written in.

A line is offered once for each piece of its equipment: what that piece states itself holds for
it, and what it does not state is taken from the line, the facility, or its neighbours. So a need
for 500 L at 8 MPa is not met by a line whose large vessel is not the one that stands the pressure.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from statistics import median

from pilotline.desks.registry.queries import Offer, OfferedValue
from pilotline.engines.matching.schema import (
    Attribute,
    Bounds,
    Kind,
    Measure,
    Offered,
    Record,
    Schema,
    TextField,
)
from pilotline.rulebook import Attribute as Declared
from pilotline.rulebook import Rulebook

VERIFICATION = "_verification"
USUAL_LOAD = 50.0


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands behind one catalogue entry."""

    offer: Offer
    equipment: int | None
    stated: Mapping[str, OfferedValue]


def usual_prices(offers: Iterable[Offer]) -> dict[str, float]:
    """The median price of lines by what it is for: an hour is never compared with a batch."""
    found: dict[str, list[float]] = {}
    for offer in offers:
        if offer.price and offer.line is not None:
            found.setdefault(offer.price_unit, []).append(float(offer.price))
    return {unit: median(prices) for unit, prices in found.items()}


def schema_of(rulebook: Rulebook) -> Schema:
    """The rulebook's vocabulary as the engine knows it. A price is told as a share of what is
    usual for its unit, and the usual price earns half the points."""
    attributes = [
        Attribute(
            name=declared.id,
            kind=Kind(declared.kind),
            values=() if declared.kind == "flag" else tuple(v.id for v in declared.values),
            logarithmic=declared.kind == "range" and (declared.low or -1) >= 0,
        )
        for declared in rulebook.attributes
        if declared.kind in ("range", "flag") or declared.values
    ]
    attributes.append(Attribute(VERIFICATION, Kind.SET, rulebook.verifications.ids))
    matching = rulebook.matching
    return Schema(
        attributes=tuple(attributes),
        text_fields=tuple(
            TextField(name, weight=weight, length_penalty=matching.b)
            for name, weight in matching.text_fields.items()
        ),
        measures=(
            Measure("price", half=1.0),
            Measure("load", half=USUAL_LOAD),
        ),
        saturation=matching.k1,
    )


def entries_of(offer: Offer) -> Iterator[tuple[int | None, Entry, dict[str, Offered]]]:
    """One entry for each piece of equipment that states something, or one for the whole line."""
    pieces = sorted(
        {
            said.resource
            for values in offer.attributes.values()
            for said in values
            if said.resource not in (None, offer.line)
        },
        key=lambda pk: pk or 0,
    )
    for piece in pieces or [None]:
        yield piece, *_entry(offer, piece)


def _entry(offer: Offer, piece: int | None) -> tuple[Entry, dict[str, Offered]]:
    stated: dict[str, OfferedValue] = {}
    values: dict[str, Offered] = {VERIFICATION: tuple(offer.verifications)}
    for attribute, said in offer.attributes.items():
        nearest = _nearest(said, piece, offer.line)
        if nearest[0].values:
            values[attribute] = tuple(dict.fromkeys(v for one in nearest for v in one.values))
            stated[attribute] = nearest[0]
        else:
            stated[attribute] = widest = max(nearest, key=_reach)
            values[attribute] = _bounds(widest)
    return Entry(offer, piece, stated), values


def _nearest(
    said: tuple[OfferedValue, ...], piece: int | None, line: int | None
) -> list[OfferedValue]:
    """What the piece itself states; else what all of the line and facility state together."""
    own = [one for one in said if piece is not None and one.resource == piece]
    if own:
        return own
    whole = [one for one in said if one.resource in (line, None)]
    ranges = [one for one in whole if not one.values]
    return ranges or sorted(said, key=lambda one: one.resource not in (line, None))


def _reach(said: OfferedValue) -> float:
    low = float("-inf") if said.low is None else float(said.low)
    high = float("inf") if said.high is None else float(said.high)
    return high - low if high != low else high * 1e-12


def _bounds(said: OfferedValue) -> Bounds:
    return (
        None if said.low is None else float(said.low),
        None if said.high is None else float(said.high),
    )


def record_of(
    number: int,
    entry: Entry,
    values: dict[str, Offered],
    rulebook: Rulebook,
    usual: Mapping[str, float],
) -> Record:
    """The engine's record of one entry. A price by a unit that nobody else asks is a usual one."""
    offer = entry.offer
    measures = {}
    if offer.price is not None and offer.line is not None:
        price = float(offer.price)
        measures["price"] = price / (usual.get(offer.price_unit) or price or 1.0)
    if offer.load is not None:
        measures["load"] = float(offer.load)
    return Record(
        id=number,
        values={k: v for k, v in values.items() if _is_known(rulebook, k, v)},
        texts=dict(offer.texts),
        measures=measures,
        place=place_of(offer, rulebook),
        group=offer.facility,
        candidate=offer.line or -offer.facility,
    )


def _is_known(rulebook: Rulebook, attribute: str, value: Offered) -> bool:
    """False for what an older release of the rulebook knew and this one does not."""
    if attribute == VERIFICATION:
        return True
    declared: Declared | None = rulebook.attributes.get(attribute)
    if declared is None:
        return False
    if declared.kind == "range":
        return value != (None, None)
    names = {"yes", "no"} if declared.kind == "flag" else {v.id for v in declared.values}
    return bool(names) and all(v in names for v in value)


def place_of(offer: Offer, rulebook: Rulebook) -> tuple[float, float] | None:
    """Longitude and latitude of the facility, or of the middle of its city."""
    if offer.latitude is not None and offer.longitude is not None:
        return (offer.longitude, offer.latitude)
    city = rulebook.cities.get(offer.region)
    return (city.longitude, city.latitude) if city else None
