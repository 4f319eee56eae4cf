"""Plans in words: how far they are, and why somebody goes on waiting."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from pilotline.desks.booking.rules.wishes import show_time
from pilotline.web.shared.facility_view import name_of

STATES = {
    "asked": pgettext_lazy("plan", "being worked out"),
    "ready": pgettext_lazy("plan", "ready"),
    "failed": pgettext_lazy("plan", "not possible"),
}
TONES = {"asked": "info", "ready": "good", "failed": "bad"}


def why(line: Any, things: Mapping[int, Any]) -> str:
    """The reason for going on waiting, as a sentence."""
    said = _why(line, _could(line, things))
    if line.step:
        said = _("Step {number}: {said}").format(number=line.step, said=said)
    if line.earliest is None:
        return said
    where = line.earliest_at
    words = {
        "said": said,
        "earliest": show_time(line.earliest),
        "place": _place(where) if where else "",
    }
    if line.step:
        text = _("{said} The whole project could begin on {earliest}, on {place}.")
    else:
        text = _("{said} The first free time after it is {earliest}, on {place}.")
    return text.format(**words)


def _place(resource: Any) -> str:
    names = {"resource": name_of(resource), "facility": name_of(resource.facility)}
    return _("{resource} ({facility})").format(**names)


def way_in_words(way: Iterable[int], things: Mapping[int, Any]) -> str:
    """What runs at once, by name; `things` are resources by number."""
    return " + ".join(name_of(things[one]) if one in things else "?" for one in way)


def _could(line: Any, things: Mapping[int, Any]) -> str:
    """What could serve the wish, or the step that found no place."""
    for step in line.waiting.steps.all():
        if step.number == line.step:
            return " / ".join(way_in_words(way, things) for way in step.ways)
    return name_of(line.waiting.resource)


def _why(line: Any, name: str) -> str:
    until = show_time(line.waiting.window.upper)
    if line.why == "no-resource":
        return _("{name} cannot be booked now.").format(name=name)
    if line.why == "window-too-short":
        return _("The window is shorter than the time wanted.")
    if line.why == "closed":
        return _("{name} is not open long enough before {until}.").format(name=name, until=until)
    if not line.holders:
        text = _("{name} has no free time before {until}: it is booked or out of use.")
        return text.format(name=name, until=until)
    return ngettext(
        "{name} has no free time before {until}: one use stands in the way.",
        "{name} has no free time before {until}: {count} uses stand in the way.",
        line.holders,
    ).format(name=name, until=until, count=line.holders)
