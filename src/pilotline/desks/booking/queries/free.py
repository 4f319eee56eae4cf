"""What is free when: for one resource, and for several at the same time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from pilotline.desks.booking.models import Bookable
from pilotline.desks.booking.queries.asking import is_owner
from pilotline.desks.booking.queries.diaries import diaries, with_hours
from pilotline.desks.booking.rules.free import Diary, common_starts
from pilotline.desks.booking.rules.opening import NoCalendar
from pilotline.desks.booking.rules.wishes import EARLIEST, LATEST, MOST_WISHES, problem_of_calendar
from pilotline.desks.journal.queries import current_rulebook
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import NotFound, Problem, Refused, refuse
from pilotline.kernel.period import Period
from pilotline.rulebook.calendar import CalendarEnds

MOST_DAYS = 93
MOST_STARTS = 200


@dataclass(frozen=True, slots=True)
class Free:
    """Where one resource is open and not taken in a stretch of time. `ends_on`: the working
    calendar's last day, when it ends within the stretch."""

    bookable: Bookable
    windows: list[Period]
    opens: list[Period]
    ends_on: str = ""


def free_times(
    *,
    who: Actor,
    resources: Iterable[int],
    start: datetime,
    end: datetime,
    family: str = "",
    now: datetime,
) -> list[Free]:
    """For each resource its free windows in [start, end), at most MOST_DAYS (four queries)."""
    refuse(problems_of_stretch(start, end))
    bookables = visible(who, resources)
    known = diaries(bookables, start, end, rulebook=current_rulebook(), now=now)
    return [free_of(b, known[b.pk], start, end, family) for b in bookables]


def free_of(bookable: Bookable, diary: Diary, start: datetime, end: datetime, family: str) -> Free:
    """What of the opening hours no neighbour takes."""
    try:
        opens = diary.hours.windows(start, end)
    except NoCalendar:
        return Free(bookable, [], [], "-")
    except CalendarEnds as error:
        last = datetime.fromisoformat(error.data["ends"]).replace(tzinfo=diary.hours.zone)
        opens = diary.hours.windows(start, min(last, end)) if start < last else []
        return Free(bookable, _clear(diary, opens, start, end, family), opens, error.data["ends"])
    return Free(bookable, _clear(diary, opens, start, end, family), opens)


def _clear(
    diary: Diary, opens: Sequence[Period], start: datetime, end: datetime, family: str
) -> list[Period]:
    clear = diary.clear_windows(start, end, family)
    pairs = (window.overlap(free) for window in opens for free in clear)
    return [both for both in pairs if both is not None]


def next_free(
    *,
    who: Actor,
    resources: Iterable[int],
    minutes: int,
    start: datetime,
    end: datetime,
    family: str = "",
    most: int = 10,
    now: datetime,
) -> list[datetime]:
    """The next starts at which all of these resources are free together for so long."""
    problems = problems_of_stretch(start, end)
    if not 1 <= minutes <= MOST_DAYS * 24 * 60:
        problems.append(Problem("length", _("Give a length in minutes."), "minutes"))
    refuse(problems)
    bookables = visible(who, resources)
    length = timedelta(minutes=minutes)
    lead = max((b.lead for b in bookables if not is_owner(who, b)), default=0)
    start = max(start, now + timedelta(minutes=lead))
    if start >= end:
        return []
    known = diaries(bookables, start, end + length, rulebook=current_rulebook(), now=now)
    asked = list(known.values())
    try:
        return common_starts(asked, start, end, length, family, most=min(most, MOST_STARTS))
    except CalendarEnds as error:
        last = datetime.fromisoformat(error.data["ends"]).replace(tzinfo=asked[0].hours.zone)
        if last - length <= start:
            raise Refused([problem_of_calendar(error, {})]) from error
        return common_starts(asked, start, last - length, length, family, most=most)
    except NoCalendar as error:
        raise Refused([problem_of_calendar(error, {})]) from error


def visible(who: Actor, resources: Iterable[int]) -> list[Bookable]:
    """Bookable resources in the order asked for; NotFound unless all may be seen by the actor."""
    wanted = list(dict.fromkeys(resources))
    rows = {b.pk: b for b in with_hours(Bookable.objects.filter(pk__in=wanted[: MOST_WISHES + 1]))}
    refuse(_problems_of_choice(wanted))
    for pk in wanted:
        bookable = rows.get(pk)
        if bookable is None or bookable.resource.status != "active":
            raise NotFound
        published = bookable.resource.facility.status == "published" and bookable.is_open
        if not (published or is_owner(who, bookable)):
            raise NotFound
    return [rows[pk] for pk in wanted]


def _problems_of_choice(wanted: list[int]) -> list[Problem]:
    if not wanted:
        return [Problem("nothing", _("Choose at least one resource."), "resources")]
    if len(wanted) > MOST_WISHES:
        text = _("At most {most} resources at once.").format(most=MOST_WISHES)
        return [Problem("too-many", text, "resources")]
    return []


def problems_of_stretch(start: datetime, end: datetime, *, most: int = MOST_DAYS) -> list[Problem]:
    """What is wrong with a stretch of time that somebody asks about."""
    if not (EARLIEST <= start.year < LATEST and EARLIEST <= end.year < LATEST):
        return [Problem("no-such-day", _("This day is out of reach."), "start")]
    if end <= start:
        return [Problem("negative", _("The end must be later than the start."), "end")]
    if end - start > timedelta(days=most):
        text = _("Ask for at most {most} days at once.").format(most=most)
        return [Problem("too-long", text, "end")]
    return []
