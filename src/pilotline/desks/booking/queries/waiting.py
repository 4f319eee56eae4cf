"""Who stands in line, and why somebody cannot."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from pilotline.desks.booking.models import Bookable, Waiting
from pilotline.desks.booking.queries.asking import is_owner, licensed_until
from pilotline.desks.booking.queries.diaries import diaries
from pilotline.desks.booking.queries.settings import bookable_of
from pilotline.desks.booking.rules.free import next_starts
from pilotline.desks.booking.rules.opening import NoCalendar
from pilotline.desks.booking.rules.settings import problems_of_family
from pilotline.desks.booking.rules.wishes import (
    EARLIEST,
    LATEST,
    problem_of_calendar,
    problems_of_words,
    show_time,
)
from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.people import queries as people
from pilotline.desks.registry import queries as registry
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import Problem
from pilotline.kernel.period import Period
from pilotline.rulebook.calendar import CalendarEnds


def bookable_for(*, who: Actor, resource: int) -> Bookable:
    """The resource somebody wants to wait for. NotFound when it is not bookable."""
    return bookable_of(who=who, id=resource)


def problems_of_waiting(
    who: Actor, bookable: Bookable, organisation: int, given: Mapping[str, Any], now: datetime
) -> list[Problem]:
    """Everything that is wrong with a wish to wait; nothing when the window can be searched."""
    found = [
        *problems_of_words(given["purpose"]),
        *problems_of_family(given["family"], current_rulebook()),
        *_problems_of_window(bookable, given, now),
    ]
    if not people.is_confirmed(organisation):
        text = _("Your organisation must be confirmed before it can book.")
        found.append(Problem("not-confirmed", text, "organisation"))
    unlicensed = bookable.licence and not licensed_until([bookable.pk], who)
    if unlicensed and not is_owner(who, bookable):
        text = _("{name} needs training or a licence that you do not have: ask its operator.")
        found.append(Problem("no-licence", text.format(name=bookable.resource.name)))
    if not found and _stands(bookable.pk, organisation, given):
        text = _("Your organisation stands in line for such a time already.")
        found.append(Problem("in-line", text))
    return found


def _problems_of_window(
    bookable: Bookable, given: Mapping[str, Any], now: datetime
) -> Iterator[Problem]:
    start, end, minutes = given["start"], given["end"], given["minutes"]
    if not bookable.is_open:
        text = _("{name} cannot be booked now.").format(name=bookable.resource.name)
        yield Problem("not-bookable", text)
    if not bookable.shortest <= minutes <= bookable.longest or minutes % bookable.slot:
        text = _("Choose {least} to {most} minutes, in steps of {slot}.").format(
            least=bookable.shortest, most=bookable.longest, slot=bookable.slot
        )
        yield Problem("length", text, "minutes")
    if not (EARLIEST <= start.year < LATEST and EARLIEST <= end.year < LATEST):
        yield Problem("no-such-day", _("This day is out of reach."), "start")
    elif end <= start:
        yield Problem("negative", _("The end must be later than the start."), "end")
    elif end <= now:
        yield Problem("past", _("This time is over already."), "end")
    elif end > now + timedelta(days=bookable.horizon_days):
        text = _("{name} is booked at most {most} days ahead.").format(
            name=bookable.resource.name, most=bookable.horizon_days
        )
        yield Problem("too-far", text, "end")
    elif end - max(start, now) < timedelta(minutes=min(max(minutes, 0), bookable.longest)):
        yield Problem("window", _("The window is shorter than the time you want."), "end")


def _stands(resource: int, organisation: int, given: Mapping[str, Any]) -> bool:
    return Waiting.objects.filter(
        resource=resource,
        organisation=organisation,
        state=Waiting.State.WAITING,
        window__overlap=(given["start"], given["end"]),
    ).exists()


def free_in(
    bookable: Bookable, window: Period, minutes: int, family: str, now: datetime
) -> list[Problem]:
    """Why nobody needs to wait: the time is free already."""
    length = timedelta(minutes=minutes)
    start = max(window.start, now + timedelta(minutes=bookable.lead))
    last = window.end - length + timedelta(seconds=1)
    if start >= last:
        return []
    diary = diaries([bookable], start, last, rulebook=current_rulebook(), now=now)[bookable.pk]
    try:
        free = next_starts(diary, start, last, length, family, most=1)
    except (NoCalendar, CalendarEnds) as error:
        return [problem_of_calendar(error, {"resource": bookable.pk})]
    if not free:
        return []
    text = _("{name} is free from {start}: book it at once.").format(
        name=bookable.resource.name, start=show_time(free[0])
    )
    return [Problem("free", text, "start", data={"start": free[0].isoformat()})]


def own_waiting(*, who: Actor) -> QuerySet[Waiting]:
    """What the actor's organisations wait for or waited for, newest first."""
    found = _with_names().filter(organisation__in=who.organisations)
    return found.order_by("-pk")


def line(*, who: Actor) -> QuerySet[Waiting]:
    """Who stands in line at the actor's own facilities, in the order in which they are served,
    and who waits for a joint plan in which they have a part."""
    own = registry.own_resources(who=who)
    joint = Q(joint=True, places__facility__in=registry.own_facilities(who))
    mine = Waiting.objects.filter(joint | Q(joint=False, resource__in=own))
    return _with_names().filter(pk__in=mine.values("pk")).order_by("resource", "pk")


def own_place(*, who: Actor, waiting: Waiting) -> Any:
    """The resource of the wish that an operator is shown: of a joint one the first of its own."""
    for place in waiting.places.all() if waiting.joint else ():
        if who.belongs_to(place.facility.operator_id):
            return place.resource
    return waiting.resource


def in_line(**where: int) -> QuerySet[Waiting]:
    """Who still waits, of one `case` or `organisation`, for machines."""
    return Waiting.objects.filter(state=Waiting.State.WAITING, **where).order_by("pk")


def _with_names() -> QuerySet[Waiting]:
    return Waiting.objects.select_related(
        "resource__facility", "organisation", "booking", "case", "person"
    ).prefetch_related("steps", "places__facility", "places__resource")
