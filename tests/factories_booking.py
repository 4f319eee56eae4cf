"""Makes resources that can be booked, and bookings of them, through the services."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from pilotline.desks.booking import services
from pilotline.desks.booking.models import Booking
from pilotline.desks.booking.rules.wishes import Wish
from pilotline.desks.registry import services as registry
from pilotline.desks.registry.models import Facility, Resource
from pilotline.kernel.actor import Actor
from tests.factories import NOW
from tests.factories_matching import operated

_names = count(1)
HOUR = timedelta(hours=1)
# Monday to Friday, half past eight to half past five, with an hour for lunch left open.
OFFICE = [(day, 510, 1050) for day in range(5)]


def at(day: int, hour: int = 9, minute: int = 0, month: int = 11) -> datetime:
    """A local time in November 2026; the second is a Monday."""
    zone = timezone.get_default_timezone()
    return datetime(2026, month, day, hour, minute, tzinfo=zone)


def place() -> tuple[Actor, Facility]:
    """An operator and a published facility of theirs."""
    return operated(name=f"泺源中试平台{next(_names)}")


def bookable(
    who: Actor,
    facility: Facility,
    *,
    openings: list[tuple[int, int, int]] | None = None,
    changeovers: list[tuple[str, str, int]] | None = None,
    kind: str = "line",
    name: str = "",
    **values: Any,
) -> Resource:
    """A resource of the facility that can be booked in office hours, in steps of half an hour."""
    thing = registry.add_resource(
        who=who,
        facility=facility.code,
        values={"name": name or f"{next(_names)}号中试线", "kind": kind},
        now=NOW,
    )
    given = {"slot": 30, "shortest": 30} | values
    services.set_bookable(
        who=who,
        resource=thing.pk,
        values=given,
        openings=OFFICE if openings is None else openings,
        changeovers=changeovers or [],
        now=NOW,
    )
    return thing


def hold(who: Actor, thing: Resource, start: datetime, hours: float = 2, **given: Any) -> Booking:
    """A hold of one resource."""
    values = {"purpose": "共沉淀中试", "now": NOW, "organisation": min(who.organisations)}
    wish = Wish(thing.pk, start, start + hours * HOUR)
    return services.hold(**{"who": who, "wishes": [wish]} | values | given)


def confirmed(who: Actor, thing: Resource, start: datetime, hours: float = 2) -> Booking:
    """A hold that its applicant has confirmed."""
    made = hold(who, thing, start, hours)
    return services.confirm(who=who, booking=made.pk, now=NOW)
