"""The only place where calendars are written: one order of locks, buffers, the last word.

Whoever writes a calendar locks, in this order: the `Bookable` rows of all resources by number,
then bookings by number. So two writers of one resource follow each other, buffers are worked
out against neighbours that cannot move, and no two can wait for each other. Should anything
ever write past this, the exclusion constraint still refuses an overlap.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from pilotline.desks.booking.models import Bookable, Booking, Closure, Occupation
from pilotline.desks.booking.queries.diaries import gaps_of, with_hours
from pilotline.desks.booking.rules.free import Gaps
from pilotline.desks.booking.rules.wishes import Wish
from pilotline.desks.journal.queries import release_remembered
from pilotline.kernel.errors import Conflict, NotFound

P = ParamSpec("P")
T = TypeVar("T")
RETRIED = {"40001", "40P01"}  # could not serialize, deadlock
TRIES = 4
NO_OVERLAP = "no_two_at_the_same_time"


def change_of_calendar(change: Callable[P, T]) -> Callable[P, T]:
    """Runs a service in one transaction, again when the database asks for it.

    Inside somebody else's transaction it cannot be run again: then the error is theirs.
    """

    @wraps(change)
    def again(*args: P.args, **kwargs: P.kwargs) -> T:
        tries = 1 if connection.in_atomic_block else TRIES
        for turn in range(1, tries + 1):
            try:
                with release_remembered(), transaction.atomic(), last_word():
                    return change(*args, **kwargs)
            except OperationalError as error:
                if getattr(error.__cause__, "sqlstate", "") not in RETRIED or turn == tries:
                    raise
                time.sleep(0.02 * turn)
        raise Conflict

    return again


@contextmanager
def last_word() -> Iterator[None]:
    """The constraint's refusal, said as a Conflict."""
    try:
        yield
    except IntegrityError as error:
        if NO_OVERLAP not in str(error):
            raise
        raise Conflict(_("Somebody else was faster: this time has just been taken.")) from error


def lock_resources(resources: Iterable[int]) -> dict[int, Bookable]:
    """Lock the calendars of these resources, always in the same order. NotFound for others."""
    return _all_of(Bookable.objects.select_for_update(of=("self",)), resources)


def read_resources(resources: Iterable[int]) -> dict[int, Bookable]:
    """The same without a lock: for answers that change nothing."""
    return _all_of(Bookable.objects.all(), resources)


def _all_of(rows: QuerySet[Bookable], resources: Iterable[int]) -> dict[int, Bookable]:
    wanted = sorted(set(resources))
    found = {b.pk: b for b in with_hours(rows.filter(pk__in=wanted).order_by("pk"))}
    if len(found) != len(wanted):
        raise NotFound(_("One of these resources cannot be booked."))
    return found


def lock_booking(id: int) -> tuple[Booking, dict[int, Bookable]]:
    """Lock a booking and, before it, the calendars it stands in."""
    for _turn in range(TRIES):
        resources = _resources_of(id)
        bookables = lock_resources(resources)
        found = (
            Booking.objects.select_for_update(of=("self",))
            .select_related("organisation", "person", "case")
            .filter(pk=id)
            .first()
        )
        if found is None:
            raise NotFound
        # It may have moved to other resources while we waited.
        if _resources_of(id) <= bookables.keys():
            return found, bookables
    raise Conflict


def _resources_of(booking: int) -> set[int]:
    rows = Occupation.objects.filter(booking=booking, living=True)
    return set(rows.values_list("resource", flat=True))


def occupy(
    bookables: dict[int, Bookable],
    wishes: Sequence[Wish],
    *,
    booking: Booking | None = None,
    closure: Closure | None = None,
    family: str = "",
    approvals: frozenset[int] = frozenset(),
) -> list[Occupation]:
    """Write the occupations with their buffers and mend those of what stands behind them.

    The resources are locked and the rules have found the times free. A booking takes the first
    piece that is clear, a closure takes all of them.
    """
    made = []
    for wish in sorted(wishes, key=lambda w: (w.resource, w.start)):
        bookable = bookables[wish.resource]
        gaps = gaps_of(bookable)
        for piece in _pieces(bookable, wish, gaps, family, whole=closure is not None):
            before, after = _around(wish.resource, piece, wish.start, wish.end)
            if after is not None:
                _set_front(after, gaps, family, wish.end)
            front = gaps.between(before.family, family) if before else timedelta()
            made.append(
                Occupation.objects.create(
                    booking=booking,
                    closure=closure,
                    resource_id=wish.resource,
                    piece=piece,
                    use=DateTimeTZRange(wish.start, wish.end),
                    blocked=DateTimeTZRange(wish.start - front, wish.end),
                    family=family,
                    approval="asked" if wish.resource in approvals else "",
                )
            )
    return made


def _pieces(
    bookable: Bookable, wish: Wish, gaps: Gaps, family: str, *, whole: bool
) -> Iterable[int]:
    """The pieces that are to be taken. Where none is clear it is the first: the constraint
    has the last word."""
    if whole or bookable.pieces == 1:
        return range(1, bookable.pieces + 1)
    use = (wish.start, wish.end)
    standing = Occupation.objects.filter(resource=bookable.pk, living=True, use__overlap=use)
    taken = set(standing.values_list("piece", flat=True))
    for piece in sorted(set(range(1, bookable.pieces + 1)) - taken):
        before, after = _around(wish.resource, piece, wish.start, wish.end)
        late = before and before.use.upper + gaps.between(before.family, family) > wish.start
        soon = after and wish.end + gaps.between(family, after.family) > after.use.lower
        if not late and not soon:
            return [piece]
    return [1]


def vacate(bookables: dict[int, Bookable], rows: Iterable[Occupation]) -> list[Occupation]:
    """Give times back and let what stands behind them reach forward to its new neighbour."""
    freed = list(rows)
    for row in freed:
        row.living = False
        row.save(update_fields=["living"])
        before, after = _around(row.resource_id, row.piece, row.use.lower, row.use.upper)
        if after is not None:
            gaps = gaps_of(bookables[row.resource_id])
            if before is None:
                _write_front(after, timedelta(), timedelta())
            else:
                _set_front(after, gaps, before.family, before.use.upper)
    return freed


def _around(
    resource: int, piece: int, start: datetime, end: datetime
) -> tuple[Occupation | None, Occupation | None]:
    rows = Occupation.objects.filter(resource=resource, piece=piece, living=True)
    before = rows.filter(use__startswith__lt=start).order_by("-use").first()
    after = rows.filter(use__startswith__gte=end).order_by("use").first()
    return before, after


def _set_front(row: Occupation, gaps: Gaps, family: str, free_from: datetime) -> None:
    """The changeover from `family`, as far as there is room for it."""
    wanted = gaps.between(family, row.family)
    room = row.use.lower - free_from
    _write_front(row, min(wanted, room), max(wanted - room, timedelta()))


def _write_front(row: Occupation, front: timedelta, short: timedelta) -> None:
    blocked = DateTimeTZRange(row.use.lower - front, row.use.upper)
    minutes = int(short.total_seconds() // 60)
    if (blocked, minutes) != (row.blocked, row.short):
        row.blocked, row.short = blocked, minutes
        row.save(update_fields=["blocked", "short"])
