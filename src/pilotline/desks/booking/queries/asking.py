"""Every reason why wishes cannot be had, asked of the tables."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pilotline.desks.booking.models import Bookable, Licence
from pilotline.desks.booking.queries.diaries import diaries, living
from pilotline.desks.booking.rules.access import operates
from pilotline.desks.booking.rules.wishes import (
    LOOK_AHEAD,
    Wish,
    problems_of_settings,
    problems_of_time,
    problems_with_itself,
)
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import NotFound, Problem
from pilotline.rulebook import Rulebook


def problems_of_wishes(
    bookables: Mapping[int, Bookable],
    wishes: Sequence[Wish],
    *,
    who: Actor,
    family: str,
    rulebook: Rulebook,
    now: datetime,
    without: int | None = None,
) -> Iterator[Problem]:
    """All of them at once, each with the resource it belongs to (two queries).

    Raises NotFound for a resource of a facility that is not published and not the actor's own.
    """
    for bookable in bookables.values():
        facility = bookable.resource.facility
        if facility.status != "published" and not is_owner(who, bookable):
            raise NotFound
    itself = list(problems_with_itself(wishes, {b.pk: b.pieces for b in bookables.values()}))
    yield from itself
    crowded = {problem.data["resource"] for problem in itself}
    licensed = licensed_until(bookables, who)
    reach = [w for w in wishes if _within(bookables[w.resource], w, now)]
    known = {}
    if reach:
        start, end = min(w.start for w in reach), max(w.end for w in reach)
        known = diaries(
            bookables.values(),
            start,
            end + LOOK_AHEAD,
            rulebook=rulebook,
            now=now,
            without=without,
        )
    for wish in wishes:
        bookable = bookables[wish.resource]
        yield from problems_of_settings(bookable, wish, now=now, is_owner=is_owner(who, bookable))
        if wish in reach and wish.resource not in crowded:
            diary = known[wish.resource]
            yield from problems_of_time(diary, bookable.resource.name, wish, family)
            known[wish.resource] = diary.with_use(wish.start, wish.end, family)
        until = licensed.get(wish.resource)
        if bookable.licence and not is_owner(who, bookable):
            yield from _licence(bookable, until, wish)


def is_late(wishes: Sequence[Wish], *, now: datetime) -> bool:
    """Whether something stands in one of these times already (one query). On a resource of
    several pieces that alone is no refusal."""
    times = Q(pk__in=[])
    for wish in wishes:
        times |= Q(resource=wish.resource, use__overlap=(wish.start, wish.end))
    return living(now).filter(times).exists()


def _within(bookable: Bookable, wish: Wish, now: datetime) -> bool:
    """Beyond the horizon nothing is looked up: a wish of 200 years costs nothing."""
    days = (wish.end - now).days
    return days <= bookable.horizon_days


def is_owner(who: Actor, bookable: Bookable) -> bool:
    """Its operator's people, and the machine, book without notice, licence and approval."""
    return who.is_system or operates(who, bookable.resource.facility.operator_id)


def licensed_until(resources: Iterable[int], who: Actor) -> dict[int, str]:
    """For how long this person is licensed, by resource: ISO days."""
    if who.id is None:
        return {}
    rows = Licence.objects.filter(resource__in=list(resources), user=who.id, ended_at=None)
    return {row.resource_id: row.until.isoformat() for row in rows}


def _licence(bookable: Bookable, until: str | None, wish: Wish) -> Iterator[Problem]:
    name, data = bookable.resource.name, {"resource": wish.resource}
    if until is None:
        text = _("{name} needs training or a licence that you do not have: ask its operator.")
        yield Problem("no-licence", text.format(name=name), "wishes", data=data)
    elif until < timezone.localtime(wish.end).date().isoformat():
        text = _("Your licence for {name} ends on {day}, before this use.")
        yield Problem("licence-ends", text.format(name=name, day=until), "wishes", data=data)
