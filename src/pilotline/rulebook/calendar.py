"""Which days people work: the country's official calendar, and what the region adds to it.

Public holidays and shifted working days come from the library `holidays`. For a year whose
shifts are not announced yet it knows the holidays themselves, so such days are provisional.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import holidays

from pilotline.kernel.errors import PilotlineError
from pilotline.rulebook.model import Entry, heading

DAY = timedelta(days=1)
SATURDAY = 5


class CalendarEnds(PilotlineError):
    """The working calendar does not reach that day; the authority extends it in the rulebook."""

    code = "calendar-ends"


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar(Entry):
    """Working days from `valid_from` to `ends`, both included.

    `announced_to` is the last day whose shifted working days are official. `days_off` and
    `working_days` go before what the country's calendar says.
    """

    country: str
    announced_to: date
    ends: date
    days_off: frozenset[date]
    working_days: frozenset[date]

    def is_working(self, day: date) -> bool:
        """True on a working day; raises CalendarEnds outside of the calendar."""
        if not self.valid_from <= day <= self.ends:
            raise CalendarEnds(day=day.isoformat(), ends=self.ends.isoformat())
        if day in self.days_off:
            return False
        if day in self.working_days:
            return True
        off, shifted = _official(self.country, day.year)
        return day in shifted or (day.weekday() < SATURDAY and day not in off)

    def is_provisional(self, day: date) -> bool:
        """True when shifted working days may still change that day."""
        return day > self.announced_to

    def add(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`; `day` itself is not counted, nor need work.

        0 gives the day itself. Raises CalendarEnds when the calendar is too short.
        """
        if count < 0:
            raise ValueError("working days are counted forwards")
        while count:
            day += DAY
            count -= self.is_working(day)
        return day

    def count(self, start: date, end: date) -> int:
        """Working days after `start` up to and with `end`; 0 when `end` is not later."""
        return sum(self.is_working(day) for day in _days(start + DAY, end + DAY))

    def days_without_work(self, start: date, end: date) -> frozenset[date]:
        """All days of [start, end) that are not worked, for engines, which know no calendar."""
        return frozenset(day for day in _days(start, end) if not self.is_working(day))


def read(raw: Mapping[str, Any]) -> Calendar:
    return Calendar(
        **heading(raw),
        country=raw["country"],
        announced_to=date.fromisoformat(raw["announced_to"]),
        ends=date.fromisoformat(raw["ends"]),
        days_off=_dates(raw.get("days_off", ())),
        working_days=_dates(raw.get("working_days", ())),
    )


def _dates(listed: Any) -> frozenset[date]:
    return frozenset(date.fromisoformat(text) for text in listed)


def _days(start: date, end: date) -> Iterator[date]:
    for number in range((end - start).days):
        yield start + number * DAY


@lru_cache(maxsize=128)
def _official(country: str, year: int) -> tuple[frozenset[date], frozenset[date]]:
    """Days off and shifted working days of a year."""
    found = holidays.country_holidays(country, years=year)
    shifted = getattr(found, "weekend_workdays", ())
    return frozenset(found), frozenset(day for day in shifted if day.year == year)
