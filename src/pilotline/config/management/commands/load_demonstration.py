"""`load_demonstration`: fill an empty installation with the invented region, all or nothing."""

import secrets
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection, transaction
from django.utils import timezone

from pilotline.config import demonstration
from pilotline.config.demonstration.approvals import build_approvals
from pilotline.config.demonstration.bookings import build_bookings
from pilotline.config.demonstration.calls import build_calls
from pilotline.config.demonstration.cases import plots, tell
from pilotline.config.demonstration.experts import build_experts
from pilotline.config.demonstration.facilities import build_facility
from pilotline.config.demonstration.material import Material
from pilotline.config.demonstration.people import build_people
from pilotline.config.demonstration.prices import ask_prices, build_prices
from pilotline.config.demonstration.progress import told_of
from pilotline.config.demonstration.settlement import settle_matches
from pilotline.config.words import _
from pilotline.desks.journal.queries import release_remembered
from pilotline.desks.journal.services import in_bulk
from pilotline.desks.people.queries import demo_logins

SEED = 20260101
CASES = 300
BOOKED = 5  # so many facilities have a calendar with a year in it
OWN_CASES = 9  # every so many cases one belongs to the applicant log-in


class Command(BaseCommand):
    help = "Fill an empty installation with the invented demonstration region."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seed", type=int, default=SEED)
        parser.add_argument("--cases", type=int, default=CASES)
        parser.add_argument("--facilities", type=int, default=0, help="how many; 0 for all")
        parser.add_argument("--no-calls", dest="calls", action="store_false")

    def handle(self, *args: Any, **options: Any) -> None:
        if demo_logins():
            self.stdout.write("The demonstration is here already.")
            return
        now = timezone.now()
        secret = self._secret()
        # One transaction: killed half way, the next start begins from nothing. The worker
        # delivers the news afterwards, so that the first page need not wait for it.
        with transaction.atomic(), _all_or_nothing(), in_bulk(), release_remembered():
            self._build(options, secret, now)

    def _secret(self) -> str:
        place = settings.HOME / demonstration.KEPT_IN
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            place.touch(mode=0o600)
            place.write_text(secrets.token_urlsafe(9))
        return demonstration.password()

    def _build(self, options: dict[str, Any], secret: str, now: datetime) -> None:
        material = Material.read(demonstration.folder())
        seed = options["seed"]
        start = now - timedelta(days=320)
        wanted = material.facilities[: options["facilities"] or None]
        cast = build_people(material, secret=secret, seed=seed, now=start)
        priced: list[tuple[str, list[int]]] = []
        for row in told_of(wanted, _("Demonstration: {done} of {all} facilities")):
            organisation, _user = cast.operators[row["name"]]
            build_facility(material, row, organisation=organisation, seed=seed, now=start)
            priced.append(build_prices(material, row, cast, seed=seed, now=start))
        cases = plots(material, count=options["cases"], seed=seed, now=now)
        for number, plot in enumerate(told_of(cases, _("Demonstration: {done} of {all} cases"))):
            tell(plot, material, cast, mine=number % OWN_CASES == 0)
        build_bookings(cast, [row["name"] for row in wanted[:BOOKED]], seed=seed, now=now)
        ask_prices(material, priced, cast, seed=seed, now=now)
        build_experts(demonstration.folder(), cast, seed=seed, now=now)
        if options["calls"]:
            build_calls(demonstration.folder(), cast, seed=seed, now=now)
        settle_matches(cast, seed=seed, now=now)
        build_approvals(material, demonstration.folder(), cast, now=now)


@contextmanager
def _all_or_nothing() -> Iterator[None]:
    """Inside a transaction, no way back by single steps: whatever fails, fails the whole load.

    Every service would otherwise set a savepoint and release it, a fifth of all statements.
    """
    # Django's own switch for databases that have none.
    connection.features.uses_savepoints = False
    try:
        yield
    finally:
        del connection.features.uses_savepoints
