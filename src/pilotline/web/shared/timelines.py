"""Calendars as pictures: a line of time for each resource, drawn without styles or scripts.

Every part is a share of the stretch that is shown, so the picture fits any width; what is free
is a link where it can be booked, what is taken a link where the reader may know it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from pilotline.desks.booking import queries
from pilotline.web.shared.bookings import CLOSURES, STATES

SPANS = {"day": 1, "week": 7, "month": 31}
SPAN_WORDS = {
    "day": pgettext_lazy("calendar", "Day"),
    "week": gettext_lazy("Week"),
    "month": gettext_lazy("Month"),
}
WEEKDAYS = (
    gettext_lazy("Mon"), gettext_lazy("Tue"), gettext_lazy("Wed"), gettext_lazy("Thu"),
    gettext_lazy("Fri"), gettext_lazy("Sat"), gettext_lazy("Sun"),
)  # fmt: skip
EARLIEST, LATEST = 2020, 2100


@dataclass(frozen=True, slots=True)
class Stretch:
    """What is shown: from midnight to midnight, `span` is one of SPANS."""

    span: str
    start: datetime
    end: datetime

    @classmethod
    def of(cls, request: HttpRequest) -> "Stretch":
        """From the address (`day`, `span`); the week of `start`, or this week, where it says
        nothing sensible."""
        span = request.GET.get("span", "week")
        span = span if span in SPANS else "week"
        day = timezone.localdate()
        try:
            # What is to be booked is shown, unless another day was turned to.
            asked = parse_date(request.GET.get("day") or request.GET.get("start", "")[:10])
        except ValueError:
            asked = None
        if asked is not None and EARLIEST <= asked.year < LATEST:
            day = asked
        if span == "week":
            day -= timedelta(days=day.weekday())
        if span == "month":
            day = day.replace(day=1)
        zone = timezone.get_default_timezone()
        start = datetime(day.year, day.month, day.day, tzinfo=zone)
        end = start + timedelta(days=SPANS[span])
        if span == "month":
            end = end.replace(day=1)
        return cls(span, start, end)

    def share(self, moment: datetime) -> float:
        """Where a moment lies, from 0 to 100."""
        place = (moment - self.start) / (self.end - self.start) * 100
        return round(min(100.0, max(0.0, place)), 3)

    def ticks(self) -> list[dict[str, Any]]:
        """The marks above the line: hours of a day, days of a week or month."""
        if self.span == "day":
            hours = range(0, 24, 3)
            return [{"words": f"{h:02d}:00", "weak": h < 8 or h >= 18} for h in hours]
        days = (self.end - self.start).days
        found = []
        for number in range(days):
            day = timezone.localtime(self.start + timedelta(days=number))
            words = f"{day.day}"
            if self.span == "week":
                words = f"{WEEKDAYS[day.weekday()]} {day.month}/{day.day}"
            found.append({"words": words, "weak": day.weekday() >= 5})
        return found

    def links(self, kept: dict[str, str] | list[tuple[str, str]]) -> dict[str, Any]:
        """Addresses of the stretch before and after, of today, and of the other spans."""
        base = list(kept.items()) if isinstance(kept, dict) else kept

        def to(day: datetime, span: str) -> str:
            return "?" + urlencode([*base, ("day", f"{day:%Y-%m-%d}"), ("span", span)])

        before = self.start - timedelta(days=1)
        now = timezone.localtime()
        return {
            "before": to(before, self.span),
            "after": to(self.end, self.span),
            "today": to(now, self.span),
            "spans": [
                {"url": to(self.start, span), "title": words, "is_current": span == self.span}
                for span, words in SPAN_WORDS.items()
            ],
        }

    @property
    def title(self) -> str:
        last = self.end - timedelta(days=1)
        if self.span == "day":
            return f"{self.start:%Y-%m-%d}"
        return f"{self.start:%Y-%m-%d} – {last:%Y-%m-%d}"


def lines(
    rows: Iterable[queries.Row],
    stretch: Stretch,
    *,
    book: Callable[[int, datetime, datetime], str] | None = None,
    look: Callable[[Any], str] | None = None,
) -> list[dict[str, Any]]:
    """Rows for the template. `book` gives the address where a free time is booked, `look` that
    of an occupation the reader may know."""
    now = timezone.now()
    return [_line(row, stretch, book, look, now) for row in rows]


def _line(row: queries.Row, stretch: Stretch, book: Any, look: Any, now: datetime) -> Any:
    bookable = row.bookable
    parts = []
    for window in row.free.windows:
        start = max(window.start, now)
        if start < window.end:
            url = book(bookable.pk, start, window.end) if book else ""
            words = _("free from %(start)s to %(end)s") % _times(start, window.end)
            parts.append(_part(stretch, start, window.end, "free", words, url))
    for block in row.shown:
        lane = _lane(block.piece, bookable.pieces)
        if block.front < block.start:
            words = _("changeover until %(end)s") % {"end": _clock(block.start)}
            parts.append(_part(stretch, block.front, block.start, "front", words) | lane)
        kind, words = _taken(block)
        url = look(block.occupation) if look and block.occupation else ""
        parts.append(_part(stretch, block.start, block.end, kind, words, url) | lane)
    return {
        "bookable": bookable,
        "resource": bookable.resource,
        "opens": [_part(stretch, w.start, w.end, "open", "") for w in row.free.opens],
        "parts": parts,
        "now": stretch.share(now) if stretch.start <= now < stretch.end else None,
        "ends_on": row.free.ends_on,
        "start": stretch.start.isoformat(),
        "minutes": int((stretch.end - stretch.start).total_seconds() // 60),
    }


def _taken(block: queries.Block) -> tuple[str, str]:
    times = _("%(start)s to %(end)s") % _times(block.start, block.end)
    row = block.occupation
    if row is None:
        return "taken", f"{_('taken')} · {times}"
    if row.closure is not None:
        return "closure", f"{CLOSURES[row.closure.kind]} · {times}"
    booking = row.booking
    if booking is None:
        return "taken", times
    words = f"{booking.number} · {booking.organisation.name} · {STATES[booking.state]} · {times}"
    return ("waits" if booking.state in ("held", "asked") else "taken"), words


def _part(
    stretch: Stretch, start: datetime, end: datetime, kind: str, words: str, url: str = ""
) -> dict[str, Any]:
    left = stretch.share(start)
    width = max(0.0, stretch.share(end) - left)
    place = {"y": 0, "height": 10} if kind in ("free", "open") else _lane(1, 1)
    return place | {"x": left, "width": round(width, 3), "kind": kind, "words": words, "url": url}


def _lane(piece: int, pieces: int) -> dict[str, float]:
    """Where a line of height 10 shows one of its pieces: one below the other."""
    height = 8 / pieces
    return {"y": round(1 + (piece - 1) * height, 2), "height": round(height, 2)}


def _times(start: datetime, end: datetime) -> dict[str, str]:
    return {"start": _clock(start), "end": _clock(end)}


def _clock(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%m-%d %H:%M}"
