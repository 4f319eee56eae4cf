"""How much of the open time is booked, counted from the bookings themselves."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Func, Max, Q, QuerySet
from django.db.models.fields import DateTimeField

from pilotline.desks.booking.models import Bookable, Occupation
from pilotline.desks.booking.queries.diaries import hours_of, with_hours
from pilotline.desks.booking.queries.free import problems_of_stretch
from pilotline.desks.booking.queries.rulebook import booking_rules
from pilotline.desks.booking.rules.access import governs
from pilotline.desks.booking.rules.opening import Hours, NoCalendar
from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.registry import queries as registry
from pilotline.kernel.actor import Actor, significant
from pilotline.kernel.errors import NotAllowed, refuse
from pilotline.kernel.period import Period
from pilotline.rulebook.booking import BookingRules
from pilotline.rulebook.calendar import CalendarEnds

COUNTED = ("confirmed", "used", "closed")
MOST_DAYS = 400
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Use:
    """One resource in a stretch of time; minutes, of all its pieces. `closed` lies within `open`.

    `share` is booked time over open time that was not closed; None where nothing was open.
    `verdict`: idle, low, good, full, or empty where the rulebook names no measure for its scale.
    """

    bookable: Bookable
    open: int
    booked: int
    closed: int
    share: float | None
    verdict: str


@dataclass(frozen=True, slots=True)
class Fullness:
    """The same for all resources of one scale: where use lies and where it should lie."""

    scale: str
    count: int
    open: int
    booked: int
    share: float | None
    low: float | None
    high: float | None
    verdict: str


def use_of(*, bookables: Iterable[Bookable], start: datetime, end: datetime) -> list[Use]:
    """How each of these was used in [start, end) (one query beside those of the bookables)."""
    listed = list(bookables)
    rules, opens = booking_rules(), _Opens(start, end)
    booked, closed = _taken([b.pk for b in listed], start, end)
    return [_use(b, opens.of(b), booked.get(b.pk, ()), closed.get(b.pk, ()), rules) for b in listed]


def use_in(*, bookables: Iterable[Bookable], start: datetime, end: datetime) -> list[Use]:
    """The same for a stretch that somebody typed: Refused when it is too long or no stretch."""
    refuse(problems_of_stretch(start, end, most=MOST_DAYS))
    return use_of(bookables=bookables, start=start, end=end)


def told(row: Fullness) -> dict[str, Any]:
    """A row as plain values."""
    return asdict(row)


def governed_bookables(*, who: Actor) -> QuerySet[Bookable]:
    """What can be booked in the regions that an authority answers for."""
    if not who.has("authority"):
        raise NotAllowed
    wanted = Q(pk__in=[])
    for region in who.regions:
        if governs(who, region, writes=False):
            wanted |= Q(resource__facility__region__startswith=significant(region))
    found = Bookable.objects.filter(wanted, is_open=True, resource__status="active")
    found = found.filter(resource__facility__status="published")
    return with_hours(found).order_by("resource__facility", "resource__position", "pk")


def by_scale(uses: Sequence[Use]) -> list[Fullness]:
    """Sums by scale in the order of the rulebook; resources without a scale come last."""
    rules = booking_rules()
    order = [*current_rulebook().scales.ids, ""]
    found = []
    for scale in order:
        mine = [use for use in uses if use.bookable.scale == scale]
        if not mine:
            continue
        opened = sum(use.open - use.closed for use in mine)
        booked = sum(use.booked for use in mine)
        share = booked / opened if opened else None
        full = rules.fullness(scale)
        found.append(
            Fullness(
                scale,
                len(mine),
                opened,
                booked,
                share,
                full.low if full else None,
                full.high if full else None,
                _verdict(share, booked, scale, rules),
            )
        )
    return found


def idle(*, bookables: QuerySet[Bookable], now: datetime) -> QuerySet[Bookable]:
    """Those with no booking in the rulebook's number of days and none to come."""
    since = now - timedelta(days=booking_rules().idle_days)
    rows = Occupation.objects.filter(booking__state__in=COUNTED, living=True)
    busy = rows.filter(use__endswith__gt=since).values("resource")
    return bookables.exclude(pk__in=busy)


def last_uses(resources: Iterable[int], now: datetime) -> dict[int, datetime]:
    """The end of each resource's last use before now (one query)."""
    upper = Func(F("use"), function="upper", output_field=DateTimeField())
    rows = Occupation.objects.filter(
        resource__in=list(resources), booking__state__in=COUNTED, living=True
    ).order_by()
    found = rows.values_list("resource").annotate(last=Max(upper))
    return {pk: last for pk, last in found if last <= now}


class _Opens:
    """Opening windows of a stretch, worked out once for all resources with the same hours."""

    def __init__(self, start: datetime, end: datetime) -> None:
        self._stretch = Period(start, end)
        self._known: dict[Any, list[Period]] = {}
        self._rulebook = current_rulebook()

    def of(self, bookable: Bookable) -> list[Period]:
        hours = hours_of(bookable, self._rulebook)
        key = (hours.working_days, tuple(sorted((d, tuple(h)) for d, h in hours.weekly.items())))
        if key not in self._known:
            self._known[key] = self._windows(hours)
        return self._known[key]

    def _windows(self, hours: Hours) -> list[Period]:
        start, end = self._stretch.start, self._stretch.end
        try:
            windows = hours.windows(start, end)
        except NoCalendar:
            return []
        except CalendarEnds as error:
            last = datetime.fromisoformat(error.data["ends"]).replace(tzinfo=hours.zone)
            windows = hours.windows(start, last) if start < last else []
        cut = (window.overlap(self._stretch) for window in windows)
        return [window for window in cut if window is not None]


Taken = dict[int, list[Period]]


def _taken(resources: list[int], start: datetime, end: datetime) -> tuple[Taken, Taken]:
    """Booked and closed times of each resource."""
    rows = Occupation.objects.filter(resource__in=resources, living=True).filter(
        Q(closure__isnull=False) | Q(booking__state__in=COUNTED), use__overlap=(start, end)
    )
    booked: Taken = {}
    closed: Taken = {}
    for resource, use, closure in rows.order_by("use").values_list("resource", "use", "closure"):
        kept = booked if closure is None else closed
        kept.setdefault(resource, []).append(Period(use.lower, use.upper))
    return booked, closed


def _use(
    bookable: Bookable,
    opens: list[Period],
    booked: Sequence[Period],
    closed: Sequence[Period],
    rules: BookingRules,
) -> Use:
    opened = bookable.pieces * (sum((w.length for w in opens), timedelta()) // MINUTE)
    used, shut = _shared(opens, booked), _shared(opens, closed)
    share = used / (opened - shut) if opened > shut else None
    verdict = _verdict(share, used, bookable.scale, rules)
    return Use(bookable, opened, used, shut, share, verdict)


def _shared(opens: Sequence[Period], taken: Sequence[Period]) -> int:
    """Minutes that two lists of periods in order have in common."""
    total, at = timedelta(), 0
    for period in taken:
        while at < len(opens) and opens[at].end <= period.start:
            at += 1
        place = at
        while place < len(opens) and opens[place].start < period.end:
            both = opens[place].overlap(period)
            total += both.length if both else timedelta()
            place += 1
    return total // MINUTE


def _verdict(share: float | None, booked: int, scale: str, rules: BookingRules) -> str:
    full = rules.fullness(scale)
    if share is None or full is None:
        return ""
    if not booked:
        return "idle"
    return "low" if share < full.low else "full" if share > full.high else "good"


def own_used(*, who: Actor) -> QuerySet[Bookable]:
    """What the actor operates and opened for booking."""
    found = with_hours(Bookable.objects.filter(is_open=True))
    return found.filter(resource__in=registry.own_resources(who=who)).order_by(
        "resource__facility", "resource__position", "pk"
    )
