"""The diaries that rules reason over, read from the tables in a fixed number of queries."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from pilotline.desks.booking.models import Bookable, Occupation
from pilotline.desks.booking.rules.free import REACH, Diary, Gaps, Taken
from pilotline.desks.booking.rules.opening import Hours
from pilotline.desks.booking.rules.states import EXPIRING
from pilotline.rulebook import Rulebook


def with_hours(found: QuerySet[Bookable]) -> QuerySet[Bookable]:
    """Bookables with all that a diary needs of them (three queries)."""
    return found.select_related("resource__facility").prefetch_related("openings", "changeovers")


def living(now: datetime) -> QuerySet[Occupation]:
    """What is taken: a hold that has run out counts no more, even before it is swept away."""
    run_out = Q(booking__state__in=EXPIRING, booking__held_until__lte=now)
    return Occupation.objects.filter(living=True).exclude(run_out)


def taken_near(
    resources: Iterable[int], start: datetime, end: datetime, now: datetime
) -> QuerySet[Occupation]:
    """Living occupations in or near [start, end): neighbours that changeovers can reach."""
    near = (start - REACH, end + REACH)
    return living(now).filter(resource__in=list(resources), use__overlap=near).order_by("use")


def diaries(
    bookables: Iterable[Bookable],
    start: datetime,
    end: datetime,
    *,
    rulebook: Rulebook,
    now: datetime,
    without: int | None = None,
) -> dict[int, Diary]:
    """A diary of each resource, true for times in [start, end) (one query).

    `without`: a booking whose own times are left out, because it is about to move.
    """
    listed = list(bookables)
    rows = taken_near([b.pk for b in listed], start, end, now)
    if without is not None:
        rows = rows.exclude(booking=without)
    taken: dict[tuple[int, int], list[Taken]] = {}
    for resource, piece, use, family in rows.values_list("resource", "piece", "use", "family"):
        taken.setdefault((resource, piece), []).append(Taken(use.lower, use.upper, family))
    return {b.pk: diary_of(b, pieces_of(b, taken), rulebook) for b in listed}


def pieces_of(
    bookable: Bookable, taken: Mapping[tuple[int, int], Sequence[Taken]]
) -> list[Sequence[Taken]]:
    """What is taken of each piece, from times by resource and piece."""
    return [taken.get((bookable.pk, n), ()) for n in range(1, bookable.pieces + 1)]


def diary_of(bookable: Bookable, pieces: Sequence[Sequence[Taken]], rulebook: Rulebook) -> Diary:
    """What decides when this resource is free; hours and changeovers must be prefetched."""
    return Diary(
        resource=bookable.pk,
        hours=hours_of(bookable, rulebook),
        gaps=gaps_of(bookable),
        taken=pieces[0],
        others=pieces[1:],
        slot=bookable.slot,
        shortest=bookable.shortest,
        longest=bookable.longest,
        through=bookable.through,
    )


def hours_of(bookable: Bookable, rulebook: Rulebook) -> Hours:
    weekly: dict[int, list[tuple[int, int]]] = {}
    for opening in bookable.openings.all():
        weekly.setdefault(opening.weekday, []).append((opening.start, opening.end))
    return Hours(
        weekly,
        bookable.days == Bookable.Days.WORKING,
        rulebook.calendar,
        timezone.get_default_timezone(),
    )


def gaps_of(bookable: Bookable) -> Gaps:
    table: Mapping[Any, int] = {(c.before, c.after): c.minutes for c in bookable.changeovers.all()}
    return Gaps(bookable.changeover, table)
