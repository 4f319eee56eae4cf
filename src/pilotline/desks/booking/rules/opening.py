"""When a resource is open: its hours by the day of the week and the region's working days."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from django.utils.translation import gettext_lazy as _

from pilotline.kernel.errors import PilotlineError
from pilotline.kernel.period import Period
from pilotline.rulebook.calendar import Calendar

DAY = timedelta(days=1)
MONDAY, SATURDAY = 0, 5


class NoCalendar(PilotlineError):
    """This resource is open on working days only, and the rulebook has no working calendar."""

    code = "no-calendar"


@dataclass(frozen=True, slots=True)
class Hours:
    """Minutes of the local day by weekday; on every day or on working days only.

    A Saturday or Sunday that is worked by the calendar and has no hours of its own is open like
    a Monday.
    """

    weekly: Mapping[int, Sequence[tuple[int, int]]]
    working_days: bool
    calendar: Calendar | None
    zone: tzinfo

    def on(self, day: date) -> Sequence[tuple[int, int]]:
        """The hours of one day. Raises NoCalendar, and CalendarEnds past the calendar's end."""
        if not self.working_days:
            return self.weekly.get(day.weekday(), ())
        if self.calendar is None:
            raise NoCalendar(
                _(
                    "The rulebook has no working calendar, and this is open on working "
                    "days only: ask the authority to enter one."
                )
            )
        if not self.calendar.is_working(day):
            return ()
        own = self.weekly.get(day.weekday(), ())
        return own or (self.weekly.get(MONDAY, ()) if day.weekday() >= SATURDAY else ())

    def windows(self, start: datetime, end: datetime) -> list[Period]:
        """Open periods that overlap [start, end), in order; those that touch are joined.

        The first and last may reach beyond: they are whole days' hours. Errors as in `on`.
        """
        found: list[Period] = []
        for opens, closes in self._each(start, end):
            if found and found[-1].end == opens:
                found[-1] = Period(found[-1].start, closes)
            else:
                found.append(Period(opens, closes))
        return [window for window in found if window.end > start and window.start < end]

    def _each(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        day, last = start.astimezone(self.zone).date(), end.astimezone(self.zone).date()
        while day <= last:
            if day < last or self._at(day, 0) < end:
                for opens, closes in sorted(self.on(day)):
                    yield self._at(day, opens), self._at(day, closes)
            day += DAY

    def _at(self, day: date, minute: int) -> datetime:
        return datetime.combine(day, time.min, self.zone) + timedelta(minutes=minute)
