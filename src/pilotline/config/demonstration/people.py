"""Builds the invented organisations and the people behind them."""

import random
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pilotline.config.demonstration.material import Material, credit_code
from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.people import queries, services
from pilotline.kernel.actor import SYSTEM, Actor


@dataclass
class Cast:
    """Who plays: ids of the log-ins by key, organisations each with the user who speaks for it."""

    logins: dict[str, int] = field(default_factory=dict)
    applicants: list[tuple[int, int]] = field(default_factory=list)
    operators: dict[str, tuple[int, int]] = field(default_factory=dict)
    actors: dict[int, Actor] = field(default_factory=dict)

    def actor(self, user: int) -> Actor:
        """Who the user is; asked for once, as soon as the organisations stand."""
        if user not in self.actors:
            self.actors[user] = queries.actor_for(queries.user(user))
        return self.actors[user]


def build_people(material: Material, *, secret: str, seed: int, now: datetime) -> Cast:
    """The log-ins, the applying organisations, and one operating organisation a facility."""
    dice = random.Random(f"{seed}:people")  # noqa: S311 invented data, not secrets
    cast = Cast()
    for row in material.people["logins"]:
        cast.logins[row["key"]] = _login(row, secret, now)
    _applicants(cast, material, dice, now)
    _operators(cast, material, dice, now)
    return cast


def _login(row: dict[str, Any], secret: str, now: datetime) -> int:
    user = _user(row["username"], row["name"], secret, now)
    book = current_rulebook()
    if row["role"] == "authority":
        region = book.region.id if row["region"] == "whole" else book.cities.ids[0]
        services.grant_role(who=SYSTEM, user=user, role="authority", region=region, now=now)
    elif row["role"] == "sysop":
        services.grant_role(who=SYSTEM, user=user, role="sysop", now=now)
    return user


def _user(username: str, name: str, secret: str | None, now: datetime) -> int:
    made = services.register_user(
        who=SYSTEM,
        username=username,
        email=f"{username}@demo.invalid",
        password=secret,
        name=name,
        is_demo=True,
        now=now,
    )
    return made.pk


def _applicants(cast: Cast, material: Material, dice: random.Random, now: datetime) -> None:
    said = material.people["enterprise"]
    kinds = material.people["organisation_kinds"]
    names = [f"{head}{tail}" for head in said["heads"] for tail in said["tails"]]
    chosen = dice.sample(names, said["count"])
    cities = current_rulebook().cities.ids
    rows = [(name, dice.choice(kinds["enterprise"])) for name in chosen]
    rows += [(name, kinds["institute"]) for name in material.people["institutes"]]
    for number, (name, kind) in enumerate(rows):
        user = (
            cast.logins["applicant"]
            if number == 0
            else _user(f"demo-a{number:02d}", f"演示用户{number:02d}", None, now)
        )
        region = cities[0] if number == 0 else dice.choice(cities)
        # A few wait for their city's confirmation, so that its list is not empty.
        confirmed = number == 0 or number % 12 != 11
        pk = _organisation(cast, user, f"{name}（演示）", kind, region, dice, now, confirmed)
        cast.applicants.append((pk, user))


def _operators(cast: Cast, material: Material, dice: random.Random, now: datetime) -> None:
    kind = material.people["organisation_kinds"]["operator"]
    for number, row in enumerate(material.facilities):
        # The operator log-in speaks for the first facilities, so that its door is full of life.
        user = (
            cast.logins["operator"]
            if number < 3
            else _user(f"demo-o{number:02d}", f"演示运营{number:02d}", None, now)
        )
        name = f"{row['name']}运营有限公司（演示）"
        pk = _organisation(cast, user, name, kind, row["city"], dice, now, True, operates=True)
        cast.operators[row["name"]] = (pk, user)


def _organisation(
    cast: Cast,
    user: int,
    name: str,
    kind: str,
    region: str,
    dice: random.Random,
    now: datetime,
    confirmed: bool,
    *,
    operates: bool = False,
) -> int:
    made = services.register_organisation(
        who=queries.actor_for(queries.user(user)),
        name=name,
        credit_code=credit_code(dice, region),
        kind=kind,
        region=region,
        operates=operates,
        contact="演示联系人",
        is_demo=True,
        now=now,
    )
    if confirmed:
        services.confirm_organisation(who=SYSTEM, organisation=made.pk, now=now)
    return made.pk
