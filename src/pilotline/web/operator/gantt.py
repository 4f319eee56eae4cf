"""The picture of a plan: for each resource what stands already, and beneath it what is proposed."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from pilotline.desks.booking.queries import Track
from pilotline.desks.booking.rules.wishes import show_time
from pilotline.web.shared import values
from pilotline.web.shared.facility_view import name_of

NAMES, DAYS, LANE, HEAD = 180, 900, 18, 26
ROW = 2 * LANE + 12
MOST_TICKS = 15


def picture(tracks: Sequence[Track], start: datetime, end: datetime) -> SafeString:
    """An SVG of all tracks in [start, end). Every bar has a title; the tables beside it say the
    same in words."""
    if not tracks:
        return SafeString("")
    height = HEAD + ROW * len(tracks)
    rows = format_html_join(
        "", "{}", ((_row(track, HEAD + ROW * i, start, end),) for i, track in enumerate(tracks))
    )
    return format_html(
        '<svg class="gantt" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}</svg>',
        NAMES + DAYS,
        height,
        _("What stands in the calendars, and what the plan adds"),
        _ticks(start, end, height),
        rows,
    )


def _at(moment: datetime, start: datetime, end: datetime) -> float:
    share = (moment - start) / (end - start)
    return round(NAMES + DAYS * min(1.0, max(0.0, share)), 1)


def _ticks(start: datetime, end: datetime, height: int) -> SafeString:
    days = max(1, (end - start).days)
    step = timedelta(days=-(-days // MOST_TICKS))
    ticks, moment = [], start
    while moment < end:
        x = _at(moment, start, end)
        local = timezone.localtime(moment)
        ticks.append((x, x, height, x + 3, f"{local.month}/{local.day}"))
        moment += step
    return format_html_join(
        "",
        '<line class="tick" x1="{}" x2="{}" y1="0" y2="{}"/>'
        '<text class="day" x="{}" y="16">{}</text>',
        ticks,
    )


def _row(track: Track, top: int, start: datetime, end: datetime) -> SafeString:
    name = name_of(track.bookable.resource)
    # A Chinese character is about as wide as two Latin letters.
    most = 12 if values.is_chinese() else 22
    standing = (
        (
            "closed" if row.booking_id is None else "standing",
            *_span(row.use.lower, row.use.upper, start, end),
            top + 4,
            LANE - 2,
            _words(
                row.booking.number if row.booking else _("Closed time"),
                row.use.lower,
                row.use.upper,
            ),
        )
        for row in track.standing
    )
    proposed = (
        (
            "proposed",
            *_span(line.starts, line.ends, start, end),
            top + 4 + LANE,
            LANE - 2,
            _words(line.waiting.organisation.name, line.starts, line.ends),
        )
        for line in track.proposed
    )
    bar = '<rect class="{}" x="{}" width="{}" y="{}" height="{}" rx="2"><title>{}</title></rect>'
    return format_html(
        '<line class="rule" x1="0" x2="{}" y1="{}" y2="{}"/>'
        '<text class="name" x="4" y="{}"><title>{}</title>{}</text>{}{}',
        NAMES + DAYS,
        top,
        top,
        top + LANE,
        name,
        name if len(name) <= most else f"{name[: most - 1]}…",
        format_html_join("", bar, standing),
        format_html_join("", bar, proposed),
    )


def _span(low: datetime, high: datetime, start: datetime, end: datetime) -> tuple[float, float]:
    left = _at(low, start, end)
    return left, max(2.0, round(_at(high, start, end) - left, 1))


def _words(name: str, start: datetime, end: datetime) -> str:
    return f"{name} {show_time(start)} – {show_time(end)}"
