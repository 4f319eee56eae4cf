"""The demonstration in two steps: what the first pages show, then what happened in the year.

The first step is the region's people, facilities and first cases; a new installation opens as
soon as it is there. Each later part (more cases, prices, bookings …) is one transaction of its
own, so that the worker can bring it while people look around already.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from pilotline.config import demonstration
from pilotline.config.demonstration.approvals import build_approvals
from pilotline.config.demonstration.bookings import build_bookings
from pilotline.config.demonstration.calls import build_calls
from pilotline.config.demonstration.cases import plots, tell
from pilotline.config.demonstration.experts import build_experts
from pilotline.config.demonstration.facilities import build_facility
from pilotline.config.demonstration.material import Material
from pilotline.config.demonstration.people import Cast, build_people
from pilotline.config.demonstration.prices import ask_prices, build_prices
from pilotline.config.demonstration.progress import told_of
from pilotline.config.demonstration.settlement import bill_bookings, settle_matches
from pilotline.config.words import _
from pilotline.desks.journal.queries import history, release_remembered
from pilotline.desks.journal.services import in_bulk, record
from pilotline.kernel.actor import SYSTEM

BOOKED = 5  # so many facilities have a calendar with a year in it
FIRST_CASES = 60  # a newcomer waits for these; about eight seconds
AGO = timedelta(days=320)  # when the region's people registered
SUBJECT = "demonstration"


@dataclass(frozen=True, slots=True)
class Opened:
    """What later parts need of the first step; plain values, so that a job can carry it."""

    cast: Cast
    facilities: int | None
    cases: int
    seed: int
    now: datetime

    def packed(self) -> dict[str, Any]:
        return {
            "logins": self.cast.logins,
            "applicants": self.cast.applicants,
            "operators": self.cast.operators,
            "facilities": self.facilities,
            "cases": self.cases,
            "seed": self.seed,
            "now": self.now.isoformat(),
        }


def unpacked(said: dict[str, Any]) -> Opened:
    """The reverse of `packed`, after a journey through JSON."""
    cast = Cast(
        logins=said["logins"],
        applicants=[(organisation, user) for organisation, user in said["applicants"]],
        operators={name: (pair[0], pair[1]) for name, pair in said["operators"].items()},
    )
    now = datetime.fromisoformat(said["now"])
    return Opened(cast, said["facilities"], said["cases"], said["seed"], now)


@contextmanager
def one_load() -> Iterator[None]:
    """One transaction: killed half way, nothing of it is there, and it begins from nothing.

    The worker delivers the news afterwards. There is no way back by single steps, since every
    service would otherwise set a savepoint and release it, a fifth of all statements.
    """
    with transaction.atomic(), in_bulk(), release_remembered():
        # Django's own switch for databases that have none.
        connection.features.uses_savepoints = False
        try:
            yield
        finally:
            del connection.features.uses_savepoints


def build_first(
    *, secret: str, seed: int, cases: int, facilities: int | None, now: datetime
) -> Opened:
    """People, facilities, and the first cases with their talks. `facilities`: at most so many."""
    material = _material()
    cast = build_people(material, secret=secret, seed=seed, now=now - AGO)
    opened = Opened(cast, facilities, cases, seed, now)
    wanted = material.facilities[:facilities]
    for row in told_of(wanted, _("Demonstration: {done} of {all} facilities")):
        organisation, _user = cast.operators[row["name"]]
        build_facility(material, row, organisation=organisation, seed=seed, now=now - AGO)
    _tell_cases(opened, first=True)
    return opened


def build_part(part: str, opened: Opened) -> None:
    """One of `LATER`; once, whoever asks how often."""
    if history(kind=SUBJECT, id=part).exists():
        return
    PARTS[part](opened)
    record(who=SYSTEM, action="demonstration.load", subject=(SUBJECT, part), now=opened.now)


def _material() -> Material:
    return Material.read(demonstration.folder())


def _tell_cases(of: Opened, *, first: bool) -> None:
    material = _material()
    plotted = plots(material, count=of.cases, seed=of.seed, now=of.now)
    wanted = plotted[:FIRST_CASES] if first else plotted[FIRST_CASES:]
    for plot in told_of(wanted, _("Demonstration: {done} of {all} cases")):
        tell(plot, material, of.cast)


def _set_prices(of: Opened) -> None:
    material = _material()
    rows = material.facilities[: of.facilities]
    priced = [build_prices(material, row, of.cast, seed=of.seed, now=of.now - AGO) for row in rows]
    ask_prices(material, priced, of.cast, seed=of.seed, now=of.now)


def _book(of: Opened) -> None:
    names = [row["name"] for row in _material().facilities[: of.facilities][:BOOKED]]
    build_bookings(of.cast, names, seed=of.seed, now=of.now)


PARTS: dict[str, Callable[[Opened], object]] = {
    "cases": lambda of: _tell_cases(of, first=False),
    "prices": _set_prices,
    "bookings": _book,
    "experts": lambda of: build_experts(demonstration.folder(), of.cast, seed=of.seed, now=of.now),
    "calls": lambda of: build_calls(demonstration.folder(), of.cast, seed=of.seed, now=of.now),
    "orders": lambda of: settle_matches(of.cast, seed=of.seed, now=of.now),
    "bills": lambda of: bill_bookings(of.cast, seed=of.seed, now=of.now),
    "approvals": lambda of: build_approvals(
        _material(), demonstration.folder(), of.cast, now=of.now
    ),
}
LATER = tuple(PARTS)
