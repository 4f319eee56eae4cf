"""What is wrong with the settings, hours, changeovers and closures an operator enters."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from pilotline.desks.booking.models.bookable import DAY_MINUTES
from pilotline.desks.booking.rules.free import MOST_CHANGEOVER
from pilotline.desks.booking.rules.wishes import EARLIEST, LATEST
from pilotline.kernel.errors import Problem
from pilotline.rulebook import Rulebook

BOOKED_KINDS = frozenset({"line", "equipment", "site", "skill"})
SETTINGS = frozenset(
    {
        "is_open",
        "is_public",
        "days",
        "through",
        "slot",
        "shortest",
        "longest",
        "lead",
        "horizon_days",
        "changeover",
        "approval",
        "licence",
        "pieces",
        "scale",
        "about",
    }
)
LONGEST = 366 * DAY_MINUTES
# Least and most of every number, in its own unit: minutes, and days for the last.
LIMITS = {
    "slot": (5, DAY_MINUTES),
    "shortest": (1, LONGEST),
    "longest": (1, LONGEST),
    "lead": (0, LONGEST),
    "changeover": (0, MOST_CHANGEOVER),
    "horizon_days": (1, 1100),
    "pieces": (1, 200),
}
MOST_OPENINGS = 70
MOST_CHANGEOVERS = 400
MOST_REASON = 300

Opening = tuple[int, int, int]


def problems_of_bookable(values: Mapping[str, Any], rulebook: Rulebook) -> Iterator[Problem]:
    """All that is wrong with the settings, which are given whole."""
    for name, (least, most) in LIMITS.items():
        if not least <= values[name] <= most:
            text = _("Enter a number from {least} to {most}.").format(least=least, most=most)
            yield Problem("out-of-range", text, name)
    if values["longest"] < values["shortest"]:
        yield Problem(
            "lengths", _("The longest booking is shorter than the shortest one."), "longest"
        )
    if values["days"] not in ("every", "working"):
        yield Problem("days", _("Choose: every day, or working days."), "days")
    if values["scale"] and values["scale"] not in rulebook.scales:
        yield Problem("scale", _("The rulebook has no such scale."), "scale")
    if len(values["about"]) > 1000:
        yield Problem("too-long", _("That is too long: shorten it."), "about")


def problems_of_pieces(given: Mapping[str, Any], quantity: int, taken: int) -> Iterator[Problem]:
    """`quantity`: how many the catalogue names; `taken`: the highest piece still booked."""
    pieces = given.get("pieces")
    if pieces is None:
        return
    if pieces > quantity:
        text = _("The catalogue names {most} of it: no more can be booked.").format(most=quantity)
        yield Problem("pieces", text, "pieces")
    if pieces < taken:
        text = _("Bookings still stand on piece {taken}: move or cancel them first.")
        yield Problem("pieces-taken", text.format(taken=taken), "pieces")


def problems_of_openings(openings: Sequence[Opening]) -> Iterator[Problem]:
    """Hours outside a day, the wrong way round, or overlapping: each is named."""
    if len(openings) > MOST_OPENINGS:
        yield Problem("too-many", _("These are too many opening hours."), "openings")
    for weekday, start, end in openings:
        if not 0 <= weekday <= 6:
            yield Problem("weekday", _("There are seven days in a week."), "openings")
        if not 0 <= start < end <= DAY_MINUTES:
            yield Problem(
                "hours",
                _("{hours} are no opening hours: the end must be later, within one day.").format(
                    hours=show_hours(start, end)
                ),
                "openings",
                data={"weekday": weekday},
            )
    last: Opening | None = None
    for weekday, start, end in sorted(openings):
        if last and last[0] == weekday and start < last[2]:
            yield Problem(
                "overlap",
                _("{first} and {second} overlap on the same day.").format(
                    first=show_hours(*last[1:]), second=show_hours(start, end)
                ),
                "openings",
                data={"weekday": weekday},
            )
        last = (weekday, start, end)


def show_hours(start: int, end: int) -> str:
    """`08:30–12:00`."""
    return f"{show_minute(start)}–{show_minute(end)}"


def show_minute(minute: int) -> str:
    """`08:30`; the end of the day is `24:00`."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def read_minute(text: str) -> int | None:
    """`8:30`, `08:30`, `24:00`; None for what is no time of day."""
    hour, _colon, minute = text.strip().replace("：", ":").partition(":")
    if not (hour.isdecimal() and minute.isdecimal() and len(hour) <= 2 and len(minute) == 2):
        return None
    found = int(hour) * 60 + int(minute)
    return found if int(minute) < 60 and found <= DAY_MINUTES else None


def problems_of_changeovers(
    rows: Sequence[tuple[str, str, int]], rulebook: Rulebook
) -> Iterator[Problem]:
    if len(rows) > MOST_CHANGEOVERS:
        yield Problem("too-many", _("These are too many changeovers."), "changeovers")
    seen = set()
    for before, after, minutes in rows:
        for family in (before, after):
            if family and family not in rulebook.material_families:
                text = _("The rulebook has no material family “{family}”.").format(family=family)
                yield Problem("family", text, "changeovers")
        if not 0 <= minutes <= MOST_CHANGEOVER:
            text = _("Enter a number from {least} to {most}.").format(least=0, most=MOST_CHANGEOVER)
            yield Problem("out-of-range", text, "changeovers")
        if (before, after) in seen:
            yield Problem("twice", _("The same pair stands here twice."), "changeovers")
        seen.add((before, after))


def problems_of_closure(
    start: datetime, end: datetime, *, kind: str, reason: str, now: datetime
) -> Iterator[Problem]:
    if kind not in ("maintenance", "calibration", "other"):
        yield Problem("kind", _("Choose: maintenance, calibration or another reason."), "kind")
    if not (EARLIEST <= start.year < LATEST and EARLIEST <= end.year < LATEST):
        yield Problem("no-such-day", _("This day is out of reach."), "start")
    elif end <= start:
        yield Problem("negative", _("The end must be later than the start."), "end")
    elif end <= now:
        yield Problem("past", _("This time is over already."), "end")
    if kind == "other" and not reason.strip():
        yield Problem("no-reason", _("Say why it is closed."), "reason")
    if len(reason) > MOST_REASON:
        yield Problem("too-long", _("That is too long: shorten it."), "reason")


def problems_of_family(family: str, rulebook: Rulebook) -> Iterator[Problem]:
    if family and family not in rulebook.material_families:
        text = _("The rulebook has no material family “{family}”.").format(family=family)
        yield Problem("family", text, "family")
