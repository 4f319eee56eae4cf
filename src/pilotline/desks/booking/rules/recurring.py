"""The days of a series."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pilotline.desks.booking.rules.wishes import LATEST, Wish
from pilotline.kernel.errors import Problem
from pilotline.rulebook.booking import BookingRules

STEPS = {"day": 1, "week": 7}
EVERY = (*STEPS, "month")


@dataclass(frozen=True, slots=True)
class Repeat:
    """Every `interval`-th day, week or month, `count` times in all."""

    every: str
    count: int
    interval: int = 1


def problems_of_repeat(
    repeat: Repeat, wishes: list[Wish], rules: BookingRules
) -> Iterator[Problem]:
    """Too often, too long, or not a rhythm at all; said before any day is looked at."""
    if repeat.every not in EVERY or not 1 <= repeat.interval <= 52:
        yield Problem("no-rhythm", _("Repeat every day, week or month."), "every")
        return
    if not 2 <= repeat.count <= rules.series_count:
        yield Problem(
            "series-count",
            _("A series has 2 to {most} bookings.").format(most=rules.series_count),
            "count",
        )
    days = (repeat.count - 1) * repeat.interval * STEPS.get(repeat.every, 30)
    if days > rules.series_days:
        yield Problem(
            "series-days",
            _("A series spans at most {most} days; this one spans about {found}.").format(
                most=rules.series_days, found=days
            ),
            "count",
        )
    if any((w.start + timedelta(days=min(days, 40_000))).year >= LATEST for w in wishes):
        yield Problem("no-such-day", _("This day is out of reach."), "count")


def dates_of(repeat: Repeat, wishes: list[Wish]) -> Iterator[tuple[str, list[Wish] | None]]:
    """The day of each booking of the series with its wishes; None where a month lacks the day."""
    for number in range(repeat.count):
        moved = [_moved(wish, repeat, number) for wish in wishes]
        if any(wish is None for wish in moved):
            yield _missing_day(wishes[0].start, repeat, number), None
            continue
        whole = [wish for wish in moved if wish is not None]
        yield f"{timezone.localtime(whole[0].start):%Y-%m-%d}", whole


def _moved(wish: Wish, repeat: Repeat, number: int) -> Wish | None:
    length = wish.end - wish.start
    start = timezone.localtime(wish.start)
    if repeat.every in STEPS:
        later = start + timedelta(days=number * repeat.interval * STEPS[repeat.every])
        return Wish(wish.resource, later, later + length)
    year, month = _month(start, repeat, number)
    try:
        later = start.replace(year=year, month=month)
    except ValueError:  # 30 February, 31 April
        return None
    return Wish(wish.resource, later, later + length)


def _month(start: datetime, repeat: Repeat, number: int) -> tuple[int, int]:
    months = start.year * 12 + start.month - 1 + number * repeat.interval
    return months // 12, months % 12 + 1


def _missing_day(start: datetime, repeat: Repeat, number: int) -> str:
    local = timezone.localtime(start)
    year, month = _month(local, repeat, number)
    return f"{year:04d}-{month:02d}-{local.day:02d}"
