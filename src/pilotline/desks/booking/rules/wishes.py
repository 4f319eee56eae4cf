"""What is wanted, and every reason why it cannot be had."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pilotline.desks.booking.models import Bookable
from pilotline.desks.booking.rules.free import Diary, next_starts
from pilotline.desks.booking.rules.opening import NoCalendar
from pilotline.kernel.errors import Problem
from pilotline.rulebook.calendar import CalendarEnds

MOST_WISHES = 20
MOST_WORDS = 500
LOOK_AHEAD = timedelta(days=60)
EARLIEST, LATEST = 2000, 2200


@dataclass(frozen=True, slots=True)
class Wish:
    """One resource for [start, end); aware times."""

    resource: int
    start: datetime
    end: datetime


def show_time(moment: datetime) -> str:
    """`2026-12-01 09:00`, in the time of the place."""
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"


def problems_of_words(purpose: str) -> Iterator[Problem]:
    if not purpose.strip():
        yield Problem("no-purpose", _("Say in a few words what the time is for."), "purpose")
    if len(purpose) > MOST_WORDS:
        yield Problem(
            "too-long",
            _("At most {most} characters, please: these are {found}.").format(
                most=MOST_WORDS, found=len(purpose)
            ),
            "purpose",
        )


def problems_of_shape(wishes: Sequence[Wish], now: datetime) -> Iterator[Problem]:
    """What can be said without knowing the resources: all later checks rest on it."""
    if not wishes:
        yield Problem("nothing", _("Choose at least one resource and a time."), "wishes")
    if len(wishes) > MOST_WISHES:
        yield Problem(
            "too-many",
            _("At most {most} times in one booking.").format(most=MOST_WISHES),
            "wishes",
        )
    for wish in wishes:
        data = {"resource": wish.resource}
        if not (EARLIEST <= wish.start.year < LATEST and EARLIEST <= wish.end.year < LATEST):
            yield Problem("no-such-day", _("This day is out of reach."), "wishes", data=data)
        elif wish.end <= wish.start:
            yield Problem(
                "negative", _("The end must be later than the start."), "wishes", data=data
            )
        elif wish.start < now:
            yield Problem(
                "past",
                _("{start} is in the past: choose a time to come.").format(
                    start=show_time(wish.start)
                ),
                "wishes",
                data=data,
            )


def problems_with_itself(wishes: Sequence[Wish], pieces: Mapping[int, int]) -> Iterator[Problem]:
    """Times that overlap on more pieces of a resource than it has, `pieces` by resource."""
    for resource, most in pieces.items():
        own = [wish for wish in wishes if wish.resource == resource]
        at_once = max(
            (sum(w.start <= one.start < w.end for w in own) for one in own),
            default=0,
        )
        data = {"resource": resource}
        if at_once > most == 1:
            text = _("Two of these times overlap on the same resource.")
            yield Problem("itself", text, "wishes", data=data)
        elif at_once > most:
            text = _("There are {most} of these pieces, and {wanted} are wanted at once.")
            said = text.format(most=most, wanted=at_once)
            yield Problem("pieces", said, "wishes", data=data)


def problems_of_settings(
    bookable: Bookable, wish: Wish, *, now: datetime, is_owner: bool
) -> Iterator[Problem]:
    """Lengths, notice and reach as the operator of the resource set them."""
    minutes = int((wish.end - wish.start).total_seconds() // 60)
    named = {"name": bookable.resource.name}
    data = {"resource": wish.resource}
    if not bookable.is_open or bookable.resource.status != "active":
        yield Problem(
            "not-bookable", _("{name} cannot be booked now.").format(**named), "wishes", data=data
        )
    if minutes < bookable.shortest:
        yield Problem(
            "too-short",
            _("{name} is booked for at least {least} minutes at a time.").format(
                least=bookable.shortest, **named
            ),
            "wishes",
            data=data,
        )
    if minutes > bookable.longest:
        yield Problem(
            "too-much",
            _("{name} is booked for at most {most} minutes at a time.").format(
                most=bookable.longest, **named
            ),
            "wishes",
            data=data,
        )
    if not is_owner and wish.start < now + timedelta(minutes=bookable.lead):
        yield Problem(
            "too-soon",
            _("{name} is booked at least {least} hours before.").format(
                least=-(-bookable.lead // 60), **named
            ),
            "wishes",
            data=data,
        )
    if wish.end > now + timedelta(days=bookable.horizon_days):
        yield Problem(
            "too-far",
            _("{name} is booked at most {most} days ahead.").format(
                most=bookable.horizon_days, **named
            ),
            "wishes",
            data=data,
        )


def problems_of_time(diary: Diary, name: str, wish: Wish, family: str) -> Iterator[Problem]:
    """Closed, not on the grid, or taken; then the next free times ride along in the data."""
    data = {"resource": wish.resource}
    length = timedelta(minutes=diary.slot)
    if not diary.on_grid(wish.start) or (wish.end - wish.start) % length:
        yield Problem(
            "off-grid",
            _("{name} is booked in steps of {slot} minutes.").format(name=name, slot=diary.slot),
            "wishes",
            data=data,
        )
    try:
        if not diary.is_open(wish.start, wish.end):
            yield _elsewhere("closed", _("{name} is not open then."), diary, name, wish, family)
        elif not diary.is_clear(wish.start, wish.end, family):
            yield _elsewhere("taken", _("{name} is taken then."), diary, name, wish, family)
    except (NoCalendar, CalendarEnds) as error:
        yield problem_of_calendar(error, data)


def problem_of_calendar(error: NoCalendar | CalendarEnds, data: Mapping[str, Any]) -> Problem:
    """The working calendar does not say whether that day is worked."""
    if isinstance(error, CalendarEnds):
        text = _("The working calendar ends on {day}: nothing later can be booked yet.").format(
            day=error.data["ends"]
        )
        return Problem("calendar-ends", text, "wishes", data=data)
    return Problem("no-calendar", error.text, "wishes", data=data)


def _elsewhere(code: str, text: Any, diary: Diary, name: str, wish: Wish, family: str) -> Problem:
    free = free_after(diary, wish, family)
    said = text.format(name=name)
    if free:
        times = ", ".join(show_time(start) for start in free)
        said = _("{why} Next free: {times}.").format(why=said, times=times)
    elif code == "taken":
        said = _("{why} Nothing is free in the next {days} days: join the waiting list.").format(
            why=said, days=LOOK_AHEAD.days
        )
    times_data = [
        {"start": start.isoformat(), "end": (start + (wish.end - wish.start)).isoformat()}
        for start in free
    ]
    return Problem(code, said, "wishes", data={"resource": wish.resource, "free": times_data})


def free_after(diary: Diary, wish: Wish, family: str) -> list[datetime]:
    """The next starts for a wish of this length, nearest first, as far as the calendar goes."""
    try:
        return next_starts(
            diary, wish.start, wish.start + LOOK_AHEAD, wish.end - wish.start, family
        )
    except CalendarEnds as error:
        return _up_to_the_end(diary, wish, family, error)
    except NoCalendar:
        return []


def _up_to_the_end(diary: Diary, wish: Wish, family: str, error: CalendarEnds) -> list[datetime]:
    ends = datetime.fromisoformat(error.data["ends"]).replace(tzinfo=diary.hours.zone)
    length = wish.end - wish.start
    if ends - length <= wish.start:
        return []
    return next_starts(diary, wish.start, ends - length, length, family)
