"""The invented officials: a colleague in each city, and who sits in the offices of the
demonstration city beside its log-in."""

from datetime import datetime

from pilotline.config.demonstration.people import Cast
from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.people import services as people
from pilotline.desks.review import services as review
from pilotline.kernel.actor import SYSTEM, Actor


class Offices:
    """Who acts for which city; colleagues come in when they are first needed."""

    def __init__(self, cast: Cast, names: list[str], now: datetime) -> None:
        self._cast, self._names, self._now = cast, iter(names), now
        self._made = 0
        self._first = current_rulebook().cities.ids[0]
        self._of = {self._first: cast.logins["city"]}
        self._elsewhere: dict[str, int] = {}

    @property
    def province(self) -> Actor:
        return self._cast.actor(self._cast.logins["province"])

    def seat(self, own: list[str], elsewhere: list[str]) -> None:
        """Seat the city's log-in in its `own` offices, a colleague in those `elsewhere`."""
        colleague = self._official(next(self._names), self._first)
        self._elsewhere = dict.fromkeys(elsewhere, colleague)
        pairs = [*((body, self._of[self._first]) for body in own), *self._elsewhere.items()]
        for body, user in pairs:
            review.give_seat(who=SYSTEM, user=user, body=body, region=self._first, now=self._now)

    def of(self, region: str, body: str = "") -> Actor:
        """The official who acts for a city; the province where the names have run out."""
        if region == self._first and body in self._elsewhere:
            return self._cast.actor(self._elsewhere[body])
        if region == current_rulebook().region.id:
            return self.province
        if region not in self._of:
            name = next(self._names, "")
            if not name:
                return self.province
            self._of[region] = self._official(name, region)
        return self._cast.actor(self._of[region])

    def _official(self, name: str, region: str) -> int:
        self._made += 1
        made = people.register_user(
            who=SYSTEM,
            username=f"demo-z{self._made:02d}",
            email=f"demo-z{self._made:02d}@demo.invalid",
            password=None,
            name=name,
            is_demo=True,
            now=self._now,
        )
        people.grant_role(who=SYSTEM, user=made.pk, role="authority", region=region, now=self._now)
        return made.pk
