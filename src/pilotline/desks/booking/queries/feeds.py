"""Calendars for calendar programs, by links that nobody can guess."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from pilotline.desks.booking.models import Feed, Occupation
from pilotline.desks.people import queries as people
from pilotline.desks.registry import queries as registry
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import NotAllowed, NotFound

PAST, AHEAD = timedelta(days=92), timedelta(days=400)
STATUS = {"held": "TENTATIVE", "asked": "TENTATIVE"}


@dataclass(frozen=True, slots=True)
class FeedFile:
    """A calendar as calendar programs read it; `tag` changes when its content does."""

    content: bytes
    tag: str
    language: str


def digest(secret: str) -> str:
    """How a link's secret is kept: long random texts need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def own_feeds(*, who: Actor) -> QuerySet[Feed]:
    """A person's links that have not been ended, newest first."""
    found = Feed.objects.select_related("resource", "facility")
    return found.filter(owner=who.id, ended_at=None).order_by("-pk")


def may_have_feed(who: Actor, *, resource: int | None, facility: int | None) -> bool:
    """One's own calendar, or that of what one operates."""
    if resource is None and facility is None:
        return who.id is not None
    try:
        own = registry.own_resources(who=who)
    except NotAllowed:
        return False
    if facility is not None:
        return resource is None and registry.own_facilities(who).filter(pk=facility).exists()
    return own.filter(pk=resource).exists()


def feed_by(*, secret: str) -> Feed:
    """The living link of this secret. NotFound when it was ended, or its owner may no more."""
    found = (
        Feed.objects.select_related("owner", "resource", "facility")
        .filter(digest=digest(secret), ended_at=None, owner__is_active=True)
        .first()
    )
    if found is None:
        raise NotFound
    who = people.actor_for(found.owner)
    if not may_have_feed(who, resource=found.resource_id, facility=found.facility_id):
        raise NotFound
    return found


def feed_file(*, feed: Feed, now: datetime) -> FeedFile:
    """The feed's bookings and closures around now, as an iCalendar file (one query)."""
    rows = _rows(feed).filter(living=True, use__overlap=(now - PAST, now + AHEAD))
    calendar = Calendar()
    calendar.add("prodid", "-//Pilotline//booking//")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", title_of(feed))
    for row in rows:
        calendar.add_component(_event(row, own=_is_personal(feed)))
    content = calendar.to_ical()
    return FeedFile(content, hashlib.sha256(content).hexdigest()[:32], feed.language)


def title_of(feed: Feed) -> str:
    """What the calendar is called."""
    thing = feed.resource or feed.facility
    return _named(thing) if thing else _("My bookings")


def _named(thing: Any) -> str:
    """What a resource or facility is called in the reader's language."""
    is_english = (get_language() or "").startswith("en")
    return thing.name_en if is_english and thing.name_en else thing.name


def _is_personal(feed: Feed) -> bool:
    return feed.resource_id is None and feed.facility_id is None


def _rows(feed: Feed) -> QuerySet[Occupation]:
    found = Occupation.objects.select_related(
        "resource__facility", "booking__organisation", "closure"
    )
    if feed.resource_id is not None:
        wanted = Q(resource=feed.resource_id)
    elif feed.facility_id is not None:
        wanted = Q(resource__facility=feed.facility_id)
    else:
        wanted = Q(booking__person=feed.owner_id) & Q(
            booking__organisation__in=people.actor_for(feed.owner).organisations
        )
    # A closure takes every piece, and is one event all the same.
    once = Q(closure=None) | Q(piece=1)
    return found.filter(wanted, once).order_by("use", "pk")


def _event(row: Occupation, *, own: bool) -> Event:
    event = Event()
    event.add("uid", f"occupation-{row.pk}@pilotline")
    event.add("dtstart", row.use.lower)
    event.add("dtend", row.use.upper)
    booking, closure = row.booking, row.closure
    if booking is not None:
        title = _named(row.resource) if own else booking.organisation.name
        event.add("summary", f"{title} · {booking.number}")
        event.add("description", booking.purpose)
        event.add("status", STATUS.get(booking.state, "CONFIRMED"))
        event.add("sequence", booking.version)
        event.add("dtstamp", booking.made_at)
    elif closure is not None:
        event.add("summary", f"{_named(row.resource)} · {closure_words()[closure.kind]}")
        event.add("description", closure.reason)
        event.add("status", "CONFIRMED")
        event.add("dtstamp", closure.made_at)
    event.add("location", _place(row))
    return event


def _place(row: Occupation) -> str:
    facility = row.resource.facility
    return ", ".join(part for part in (_named(facility), facility.address) if part)


def closure_words() -> dict[str, str]:
    """The kinds of closures in the reader's language."""
    return {
        "maintenance": _("Maintenance"),
        "calibration": _("Calibration"),
        "other": _("Out of use"),
    }
