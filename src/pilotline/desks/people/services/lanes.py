"""Tries to log in take their place in lanes; see `rules.lanes` for the idea."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils.translation import ngettext_lazy

from pilotline.desks.people import rules
from pilotline.desks.people.models import Lane, Remembered
from pilotline.desks.people.rules import Pace
from pilotline.kernel.errors import Problem, Refused

KEPT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Tries:
    """The lanes that a try was charged to, so that success can give the charge back."""

    keys: tuple[str, ...]


@transaction.atomic
def enter_lanes(*, lanes: Mapping[str, Pace], now: datetime) -> Tries:
    """Charge one try to each lane, before the password is looked at.

    Raises Refused, with the minutes left, when one of them has to wait; then nothing is charged,
    so that waiting people are not punished for looking.
    """
    Lane.objects.bulk_create(
        [Lane(key=key, last_try=now) for key in sorted(lanes)], ignore_conflicts=True
    )
    rows = list(Lane.objects.select_for_update(no_key=True).filter(key__in=lanes).order_by("key"))
    longest = max(rules.wait(row.tries, row.last_try, lanes[row.key], now) for row in rows)
    if longest:
        minutes = math.ceil(longest / timedelta(minutes=1))
        raise Refused([Problem("too-many-tries", _told(minutes), data={"minutes": minutes})])
    for row in rows:
        row.tries = rules.charged(row.tries, row.last_try, lanes[row.key], now)
        row.last_try = now
        row.save(update_fields=["tries", "last_try"])
    return Tries(tuple(lanes))


@transaction.atomic
def leave_lanes(*, tries: Tries) -> None:
    """The try succeeded: give its charge back. What others tried there before still counts."""
    rows = Lane.objects.select_for_update(no_key=True).filter(key__in=tries.keys).order_by("key")
    Lane.objects.filter(pk__in=[row.pk for row in rows]).update(
        tries=Greatest(F("tries") - 1.0, 0.0)
    )


def sweep(*, now: datetime) -> int:
    """Forget lanes that nobody used for a week, and what the cache has outlived. How many."""
    lanes, _kinds = Lane.objects.filter(last_try__lt=now - KEPT).delete()
    remembered, _kinds = Remembered.objects.filter(expires__lt=now).delete()
    return lanes + remembered


def _told(minutes: int) -> object:
    return ngettext_lazy(
        "Too many tries. Please wait %(minutes)d minute.",
        "Too many tries. Please wait %(minutes)d minutes.",
        minutes,
    ) % {"minutes": minutes}
