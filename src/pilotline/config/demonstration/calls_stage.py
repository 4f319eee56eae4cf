"""Who and what the invented calls need: organisations by their trade, facilities, officials."""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from pilotline.config.demonstration.people import Cast
from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.people import queries as people
from pilotline.desks.people import services as people_services
from pilotline.desks.registry import queries as registry
from pilotline.kernel.actor import SYSTEM, Actor

Row = dict[str, Any]
INSTITUTES = 4  # the last of the applicants are institutes
OWN, INSTITUTE, ANYBODY = "own", "院所", "申请方"


@dataclass
class Stage:
    """What the folder says, who plays, the dice and the hour."""

    said: Row
    cast: Cast
    dice: random.Random
    now: datetime
    officials: dict[str, Actor] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    places_en: dict[str, str] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)  # of the confirmed applicants

    def __post_init__(self) -> None:
        known_places = list(registry.facilities(SYSTEM).values_list("name", "code", "name_en"))
        self.places = {name: code for name, code, _en in known_places}
        self.places_en = {name: en for name, _code, en in known_places if en}
        known = people.organisations(who=SYSTEM).filter(status="confirmed")
        self.names = dict(known.values_list("pk", "name"))

    def in_english(self, title: str, by: str) -> str:
        """What a title of the folder is in English; empty where it does not say so."""
        said = str(self.said["english"].get(title, ""))
        return said.format(by=self.places_en.get(by, by))

    def body(self, by: str) -> tuple[int, Actor] | None:
        """The organisation that a row names and who speaks for it; None when there is none."""
        if by in self.cast.operators:
            pk, user = self.cast.operators[by]
            return (pk, self.cast.actor(user)) if by in self.places else None
        found = self._applicants(by)
        return (found[0], self.cast.actor(found[1])) if found else None

    def _applicants(self, by: str) -> tuple[int, int] | None:
        if by == OWN:
            return self.cast.applicants[0]
        word, _space, number = by.partition(" ")
        listed = [one for one in self.cast.applicants[1:] if one[0] in self.names]
        if word == INSTITUTE:
            listed = [one for one in listed if one in self.cast.applicants[-INSTITUTES:]]
        elif word != ANYBODY:
            listed = [one for one in listed if word in self.names[one[0]]]
        place = int(number) - 1
        return listed[place] if place < len(listed) else None

    def anybody(self, number: int) -> str:
        """A row's word for the `number`-th of the confirmed applicants, round and round."""
        count = sum(1 for pk, _user in self.cast.applicants[1:] if pk in self.names)
        return f"{ANYBODY} {number % count + 1}"

    def official(self, region: str) -> Actor:
        """Who acts for a region: the log-ins for theirs, an invented official for the rest."""
        if region not in self.officials:
            self.officials[region] = self._official(region)
        return self.officials[region]

    def _official(self, region: str) -> Actor:
        book = current_rulebook()
        if region == book.region.id:
            return self.cast.actor(self.cast.logins["province"])
        if region == book.cities.ids[0]:
            return self.cast.actor(self.cast.logins["city"])
        names = self.said["officials"]
        made = people_services.register_user(
            who=SYSTEM,
            username=f"demo-c{region}",
            email=f"demo-c{region}@demo.invalid",
            password=None,
            name=names[len(self.officials) % len(names)],
            is_demo=True,
            now=self.now - timedelta(days=300),
        )
        people_services.grant_role(
            who=SYSTEM, user=made.pk, role="authority", region=region, now=self.now
        )
        return self.cast.actor(made.pk)


def day_of(moment: datetime, days: float = 0) -> date:
    """The day in the region, so many days later."""
    return timezone.localdate(moment + timedelta(days=days))
