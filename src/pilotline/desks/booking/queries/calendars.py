"""What stands in a calendar: for its keeper with names, for others only that it is taken."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from pilotline.desks.booking.models import Bookable, Occupation
from pilotline.desks.booking.queries.asking import is_owner
from pilotline.desks.booking.queries.diaries import hours_of, living, pieces_of
from pilotline.desks.booking.queries.free import Free, free_of, problems_of_stretch
from pilotline.desks.booking.queries.settings import own_bookables
from pilotline.desks.booking.rules.free import REACH, Diary, Gaps, Taken
from pilotline.desks.journal.queries import current_rulebook
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import Problem, refuse
from pilotline.rulebook import Rulebook

MOST_RESOURCES = 60


@dataclass(frozen=True, slots=True)
class Row:
    """One resource's stretch of calendar. `shown`: occupations, those of others without names."""

    bookable: Bookable
    free: Free
    shown: list["Block"]


@dataclass(frozen=True, slots=True)
class Block:
    """A taken time. `occupation` is None where the reader may not know whose it is; `front` is
    when its changeover begins, `piece` which of the equal pieces is taken."""

    start: datetime
    end: datetime
    front: datetime
    occupation: Occupation | None
    piece: int = 1


def calendar(
    *, who: Actor, bookables: Iterable[Bookable], start: datetime, end: datetime, now: datetime
) -> list[Row]:
    """The calendars of these resources in [start, end) (one query beside their own)."""
    listed = list(bookables)
    if len(listed) > MOST_RESOURCES:
        text = _("Choose fewer resources: at most {most} are shown at once.")
        refuse([Problem("too-many", text.format(most=MOST_RESOURCES))])
    rows = living(now).filter(
        resource__in=[b.pk for b in listed], use__overlap=(start - REACH, end + REACH)
    )
    rows = rows.select_related("booking__organisation", "booking__case", "closure").order_by("use")
    by_resource: dict[int, list[Occupation]] = {}
    for row in rows:
        by_resource.setdefault(row.resource_id, []).append(row)
    book = current_rulebook()
    return [_row(who, b, by_resource.get(b.pk, []), start, end, book) for b in listed]


def own_calendar(
    *,
    who: Actor,
    resources: Iterable[int] | None = None,
    start: datetime,
    end: datetime,
    now: datetime,
) -> list[Row]:
    """The calendars of what the actor operates, of all of it or of these resources only."""
    refuse(problems_of_stretch(start, end))
    found = own_bookables(who=who)
    if resources is not None:
        found = found.filter(pk__in=list(resources))
    return calendar(who=who, bookables=found, start=start, end=end, now=now)


def _row(
    who: Actor,
    bookable: Bookable,
    rows: list[Occupation],
    start: datetime,
    end: datetime,
    book: Rulebook,
) -> Row:
    taken: dict[tuple[int, int], list[Taken]] = {}
    for one in rows:
        times = taken.setdefault((one.resource_id, one.piece), [])
        times.append(Taken(one.use.lower, one.use.upper))
    pieces = pieces_of(bookable, taken)
    diary = Diary(
        resource=bookable.pk,
        hours=hours_of(bookable, book),
        gaps=Gaps(),
        taken=pieces[0],
        others=pieces[1:],
        slot=bookable.slot,
        through=bookable.through,
    )
    owner = is_owner(who, bookable)
    shown = [
        Block(
            row.use.lower,
            row.use.upper,
            row.blocked.lower,
            row if _knows(who, owner, row) else None,
            row.piece,
        )
        for row in rows
        if row.use.upper > start and row.blocked.lower < end
    ]
    return Row(bookable, free_of(bookable, diary, start, end, ""), shown)


def _knows(who: Actor, owner: bool, row: Occupation) -> bool:
    return owner or (row.booking is not None and who.belongs_to(row.booking.organisation_id))
