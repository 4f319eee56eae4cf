"""Invented prices: tariffs of the demonstration's facilities, the cost behind them, quotations in
all states. All of it goes through the services of real use."""

import random
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from pilotline.config.demonstration.material import Material
from pilotline.config.demonstration.people import Cast
from pilotline.desks.booking.rules.tariffs import Meter, Wanted
from pilotline.desks.booking.services import quotations, tariffs
from pilotline.desks.registry import queries as registry
from pilotline.kernel.actor import SYSTEM, Actor

DAY_HOURS = Decimal(8)
FEN = Decimal("0.01")
OLDEST = 150  # days ago that the eldest quotation was made
STATES = ("accept", "accept", "open", "decline", "withdraw", "open")


def build_prices(
    material: Material, row: dict[str, Any], cast: Cast, *, seed: int, now: datetime
) -> tuple[str, list[int]]:
    """Tariffs and costs of one facility; returns its code with the lines that have a price."""
    said = material.prices
    dice = random.Random(f"{seed}:prices:{row['name']}")  # noqa: S311 invented data, not secrets
    _organisation, user = cast.operators[row["name"]]
    who = cast.actor(user)
    facility = registry.own_facilities(who).get(name=row["name"])
    found = registry.facility(who, facility.code)
    _set(who, facility.code, None, {"entries": _whole(said, dice)} | _terms(said), said, now)
    priced = []
    for resource in found.active:
        if resource.kind == "line" and resource.price is not None:
            _set(who, facility.code, resource.pk, _line(said, resource, dice), said, now)
            priced.append(resource.pk)
            if dice.random() < said["cost"]["share"]:
                _cost(who, facility.code, resource, resource.price / DAY_HOURS, said, dice, now)
        elif resource.kind == "equipment" and _is_instrument(said, resource):
            content = _instrument(said, dice)
            _set(who, facility.code, resource.pk, content, said, now)
            price = Decimal(content["entries"][0]["price"])
            _cost(who, facility.code, resource, price, said, dice, now)
    return facility.code, priced


def _set(
    who: Actor, code: str, resource: int | None, content: Any, said: dict[str, Any], now: datetime
) -> None:
    tariffs.set_tariff(
        who=who,
        code=code,
        resource=resource,
        content=content,
        valid_from=timezone.localdate(now),
        note=said["note"],
        now=now,
    )


def _terms(said: dict[str, Any]) -> dict[str, Any]:
    return {
        "factors": {name: str(factor) for name, factor in said["factors"].items()},
        "urgent": str(said["urgent"]),
        "overhead": str(said["overhead"]),
        "overhead_for": ["outside"],
        "tax": str(said["tax"]),
        "tax_mode": "included",
    }


def _whole(said: dict[str, Any], dice: random.Random) -> list[dict[str, Any]]:
    return [
        {key: value for key, value in entry.items() if key != "prices"}
        | {"price": str(dice.choice(entry["prices"]))}
        for entry in said["whole"]
    ]


def _line(said: dict[str, Any], resource: Any, dice: random.Random) -> dict[str, Any]:
    use, set_up = said["line"]["use"], said["line"]["set_up"]
    tiers = [
        {"start": str(start), "end": None if end is None else str(end), "factor": str(factor)}
        for start, end, factor in said["line"]["tiers"]
    ]
    entries = [
        {
            "id": "use",
            "kind": "use",
            "unit": "day",
            "price": str(resource.price),
            "title": use["title"],
            "title_en": use["title_en"],
            "minimum": str(use["minimum"]),
            "step": str(use["step"]),
            "tiers": tiers,
        },
        {
            "id": "set_up",
            "kind": "set_up",
            "unit": "run",
            "price": str(dice.choice(set_up["prices"])),
            "title": set_up["title"],
            "title_en": set_up["title_en"],
            "each_use": True,
            "by_class": False,
        },
    ]
    return {"entries": entries} | _terms(said)


def _is_instrument(said: dict[str, Any], resource: Any) -> bool:
    return any(word in resource.name for word in said["instruments"]["words"])


def _instrument(said: dict[str, Any], dice: random.Random) -> dict[str, Any]:
    asked = said["instruments"]
    entry = {
        "id": "use",
        "kind": "use",
        "unit": "hour",
        "price": str(dice.choice(asked["prices"])),
        "title": asked["title"],
        "title_en": asked["title_en"],
        "minimum": str(asked["minimum"]),
        "step": str(asked["step"]),
    }
    return {"entries": [entry]} | _terms(said)


def _cost(
    who: Actor,
    code: str,
    resource: Any,
    price: Decimal,
    said: dict[str, Any],
    dice: random.Random,
    now: datetime,
) -> None:
    """A cost that comes near the price of an hour, seldom above it."""
    asked, near = said["cost"], Decimal(dice.randrange(80, 106)) / 100
    years, hours = dice.choice(asked["years"]), dice.choice(asked["hours"])
    value = (price * near * Decimal("0.45") * years * hours / 10000).quantize(Decimal(1)) * 10000
    content = {
        "value": str(max(value, Decimal(10000))),
        "years": str(years),
        "hours": str(hours),
        "maintenance_share": str(asked["maintenance"]),
        "consumables": str((price * near * Decimal("0.15")).quantize(FEN)),
        "labour": str((price * near * Decimal("0.2")).quantize(FEN)),
        "management_share": str(asked["management"]),
    }
    tariffs.set_cost_basis(
        who=who,
        code=code,
        resource=resource.pk,
        content=content,
        is_public=dice.random() < 0.5,
        now=now,
    )


def ask_prices(
    material: Material,
    priced: list[tuple[str, list[int]]],
    cast: Cast,
    *,
    seed: int,
    now: datetime,
) -> None:
    """Quotations over the past months, in all states."""
    said = material.prices
    dice = random.Random(f"{seed}:quotations")  # noqa: S311 invented data, not secrets
    places = [(code, lines) for code, lines in priced if lines]
    if not places:
        return
    for number in range(said["quotations"]["count"]):
        own = number < said["quotations"]["own"]
        organisation, user = cast.applicants[0] if own else dice.choice(cast.applicants)
        # The first ones are of the facilities that the operator log-in speaks for.
        code, lines = places[number % min(3, len(places))] if own else dice.choice(places)
        at = now - timedelta(days=dice.randrange(1, 20) if own else dice.randrange(1, OLDEST))
        who = cast.actor(user)
        made = quotations.quote(
            who=who,
            code=code,
            organisation=organisation,
            wanted=[_wanted(dice.choice(lines), at, dice)],
            note=dice.choice(said["notes"]),
            now=at,
        )
        _settle(made, who, STATES[number % len(STATES)], dice.choice(said["reasons"]), at)


def _wanted(line: int, at: datetime, dice: random.Random) -> Wanted:
    days = Decimal(dice.choice([1, 2, 3, 5, 8, 12]))
    meters = [Meter("use", "day", days), Meter("operator", "person_hour", days * 16)]
    meters.append(Meter("utility", "kwh", Decimal(dice.randrange(200, 3000, 50)), "电"))
    day = timezone.localdate(at) + timedelta(days=dice.randrange(10, 60))
    return Wanted(line, day, tuple(meters), urgent=dice.random() < 0.15)


def _settle(made: Any, who: Actor, state: str, reason: str, at: datetime) -> None:
    later = at + timedelta(hours=20)
    if state == "accept":
        quotations.accept_quotation(who=who, quotation=made.pk, now=later)
    elif state == "decline":
        quotations.decline_quotation(who=who, quotation=made.pk, now=later)
    elif state == "withdraw":
        quotations.withdraw_quotation(who=SYSTEM, quotation=made.pk, reason=reason, now=later)
