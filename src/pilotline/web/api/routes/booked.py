"""Booking from the facility's side, and how full facilities are from above."""

from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from ninja import Field, Query, Router

from pilotline.desks.booking import queries, services
from pilotline.kernel.errors import NotFound
from pilotline.web.api.booking_shapes import (
    BookableShape,
    BookingShape,
    ChangeoverGiven,
    ClosureShape,
    Hours,
    IdleShape,
    LicenceShape,
    Moment,
    OneBooking,
    RowShape,
    State,
    UtilisationShape,
    WaitingShape,
)
from pilotline.web.api.booking_told import (
    bookable_of,
    booking_of,
    closure_of,
    licence_of,
    one_booking,
    row_of,
    thing_of,
    use_of,
    waiting_at,
)
from pilotline.web.api.doors import Bearer
from pilotline.web.api.route import (
    Done,
    Given,
    Id,
    Limit,
    Listed,
    Offset,
    get,
    made,
    part_of,
    post,
    put,
)

router = Router(tags=[_("Calendars and bookings of my facilities")])
OPERATOR, REGION = Bearer("operator"), Bearer("authority")
Start, End = Annotated[Moment, Query()], Annotated[Moment, Query()]
SETTINGS = _("What is not given stays as it is. Opening hours and changeovers are given whole.")
Number = Annotated[int | None, Field(default=None, ge=0, le=1_000_000)]


class BookableGiven(Given):
    is_open: bool | None = None
    is_public: bool | None = None
    days: Literal["every", "working"] | None = None
    through: bool | None = None
    slot: Number = None
    shortest: Number = None
    longest: Number = None
    lead: Number = None
    horizon_days: Number = None
    changeover: Number = None
    approval: bool | None = None
    licence: bool | None = None
    pieces: Number = None
    scale: str | None = Field(default=None, max_length=40)
    about: str | None = Field(default=None, max_length=2000)
    openings: list[Hours] | None = Field(default=None, max_length=100)
    changeovers: list[ChangeoverGiven] | None = Field(default=None, max_length=500)


class ReasonGiven(Given):
    reason: str = Field(max_length=2000, description=_("The applicant reads it."))


class CloseGiven(Given):
    minutes: dict[str, int] = Field(
        default_factory=dict,
        description=_("Measured minutes by number of the time; as booked where none are given."),
    )


class ClosureGiven(Given):
    resources: list[Id] = Field(max_length=100)
    start: Moment
    end: Moment
    kind: Literal["maintenance", "calibration", "other"]
    reason: str = Field(default="", max_length=1000)


class LicenceGiven(Given):
    resource: Id
    user: Id
    until: date
    note: str = Field(default="", max_length=1000)


@get(
    router, "/operator/bookables", "operator-bookables", _("My resources that can be booked"),
    Listed[BookableShape], auth=OPERATOR,
)  # fmt: skip
def bookables(request: HttpRequest, limit: Limit = 50, offset: Offset = 0) -> dict[str, Any]:
    return part_of(queries.own_bookables(who=request.who), limit, offset, bookable_of)


@get(
    router, "/operator/bookables/{id}", "operator-bookable", _("How one of them is booked"),
    BookableShape, auth=OPERATOR,
)  # fmt: skip
def one_bookable(request: HttpRequest, id: Id) -> Any:
    return _bookable(request, id)


@put(
    router, "/operator/bookables/{id}", "operator-bookable", _("Set how it is booked"),
    BookableShape, about=SETTINGS, auth=OPERATOR,
)  # fmt: skip
def set_bookable(request: HttpRequest, id: Id, given: BookableGiven) -> Any:
    values = {name: value for name, value in given.model_dump().items() if value is not None}
    for name in ("openings", "changeovers"):
        values.pop(name, None)
    services.set_bookable(
        who=request.who,
        resource=id,
        values=values,
        openings=None if given.openings is None else [row.triple() for row in given.openings],
        changeovers=None
        if given.changeovers is None
        else [(row.before, row.after, row.minutes) for row in given.changeovers],
        now=timezone.now(),
    )
    return _bookable(request, id)


@get(
    router, "/operator/calendar", "operator-calendar", _("The calendar of my resources"),
    list[RowShape], about=_("At most 93 days and 60 resources at once."), auth=OPERATOR,
)  # fmt: skip
def calendar(
    request: HttpRequest,
    start: Start,
    end: End,
    resources: Annotated[list[Id] | None, Query()] = None,
) -> Any:
    rows = queries.own_calendar(
        who=request.who, resources=resources, start=start, end=end, now=timezone.now()
    )
    return [row_of(row) for row in rows]


@get(
    router, "/operator/bookings", "operator-bookings", _("Bookings at my facilities"),
    Listed[BookingShape], auth=OPERATOR,
)  # fmt: skip
def bookings(
    request: HttpRequest, state: State = "", limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    rows = queries.facility_bookings(who=request.who, state=state)
    return part_of(rows, limit, offset, booking_of)


@get(
    router, "/operator/bookings/{id}", "operator-booking", _("One of them"), OneBooking,
    auth=OPERATOR,
)  # fmt: skip
def booking(request: HttpRequest, id: Id) -> Any:
    return _booking(request, id)


@post(
    router, "/operator/bookings/{id}/approve", "operator-booking-approve", _("Approve it"),
    OneBooking, auth=OPERATOR,
)  # fmt: skip
def approve(request: HttpRequest, id: Id) -> Any:
    _booking(request, id)
    services.approve(who=request.who, booking=id, now=timezone.now())
    return _booking(request, id)


@post(
    router, "/operator/bookings/{id}/decline", "operator-booking-decline",
    _("Do not approve it, and say why"), OneBooking, auth=OPERATOR,
)  # fmt: skip
def decline(request: HttpRequest, id: Id, given: ReasonGiven) -> Any:
    _booking(request, id)
    services.decline(who=request.who, booking=id, reason=given.reason, now=timezone.now())
    return _booking(request, id)


@post(
    router, "/operator/bookings/{id}/cancel", "operator-booking-cancel",
    _("Give it back as the facility, and say why"), OneBooking, auth=OPERATOR,
)  # fmt: skip
def cancel(request: HttpRequest, id: Id, given: ReasonGiven) -> Any:
    _booking(request, id)
    services.cancel(who=request.who, booking=id, reason=given.reason, now=timezone.now())
    return _booking(request, id)


@post(
    router, "/operator/bookings/{id}/use", "operator-booking-use", _("The use has begun"),
    OneBooking, auth=OPERATOR,
)  # fmt: skip
def use(request: HttpRequest, id: Id) -> Any:
    _booking(request, id)
    services.mark_used(who=request.who, booking=id, now=timezone.now())
    return _booking(request, id)


@post(
    router, "/operator/bookings/{id}/close", "operator-booking-close",
    _("Measure the use and close it"), OneBooking, auth=OPERATOR,
)  # fmt: skip
def close(request: HttpRequest, id: Id, given: CloseGiven) -> Any:
    _booking(request, id)
    known = {int(key): value for key, value in given.minutes.items() if _is_number(key)}
    minutes = known if len(known) == len(given.minutes) else {0: 0}
    services.close(who=request.who, booking=id, minutes=minutes, now=timezone.now())
    return _booking(request, id)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 18


@get(
    router, "/operator/closures", "operator-closures", _("When my resources are out of use"),
    Listed[ClosureShape], auth=OPERATOR,
)  # fmt: skip
def closures(request: HttpRequest, limit: Limit = 50, offset: Offset = 0) -> dict[str, Any]:
    return part_of(queries.closures(who=request.who), limit, offset, closure_of)


@post(
    router, "/operator/closures", "operator-closures", _("Take resources out of use for a while"),
    ClosureShape, status=201, creates=True, auth=OPERATOR,
)  # fmt: skip
def close_resources(request: HttpRequest, given: ClosureGiven) -> Any:
    found = services.close_resources(who=request.who, now=timezone.now(), **given.model_dump())
    return made(closure_of(queries.closures(who=request.who).get(pk=found.pk)))


@post(
    router, "/operator/closures/{id}/lift", "operator-closure-lift",
    _("Put them back into use before the time"), ClosureShape, auth=OPERATOR,
)  # fmt: skip
def lift(request: HttpRequest, id: Id) -> Any:
    rows = queries.closures(who=request.who)
    if not rows.filter(pk=id).exists():
        raise NotFound
    services.lift_closure(who=request.who, closure=id, now=timezone.now())
    return closure_of(rows.get(pk=id))


@get(
    router, "/operator/waiting", "operator-waiting", _("Who stands in line at my facilities"),
    Listed[WaitingShape], auth=OPERATOR,
)  # fmt: skip
def waiting(request: HttpRequest, limit: Limit = 50, offset: Offset = 0) -> dict[str, Any]:
    rows = queries.line(who=request.who)
    return part_of(rows, limit, offset, lambda row: waiting_at(request.who, row))


@get(
    router, "/operator/licences", "operator-licences", _("Who is licensed for my resources"),
    Listed[LicenceShape], auth=OPERATOR,
)  # fmt: skip
def licences(request: HttpRequest, limit: Limit = 50, offset: Offset = 0) -> dict[str, Any]:
    return part_of(queries.licences(who=request.who), limit, offset, licence_of)


@post(
    router, "/operator/licences", "operator-licences", _("License a person for a resource"),
    LicenceShape, status=201, creates=True, auth=OPERATOR,
)  # fmt: skip
def give_licence(request: HttpRequest, given: LicenceGiven) -> Any:
    found = services.give_licence(who=request.who, now=timezone.now(), **given.model_dump())
    return made(licence_of(queries.licences(who=request.who).get(pk=found.pk)))


@post(
    router, "/operator/licences/{id}/end", "operator-licence-end", _("End a licence"), Done,
    auth=OPERATOR,
)  # fmt: skip
def end_licence(request: HttpRequest, id: Id) -> Any:
    services.end_licence(who=request.who, licence=id, now=timezone.now())
    return Done()


@get(
    router, "/authority/utilisation", "authority-utilisation", _("How full facilities are"),
    UtilisationShape, about=_("Counted from confirmed, used and closed bookings."), auth=REGION,
)  # fmt: skip
def utilisation(request: HttpRequest, start: Start, end: End) -> Any:
    uses = queries.use_in(
        bookables=queries.governed_bookables(who=request.who), start=start, end=end
    )
    return {
        "scales": [queries.told(row) for row in queries.by_scale(uses)],
        "resources": [use_of(use) for use in uses],
    }


@get(
    router, "/authority/idle", "authority-idle", _("What nobody books"), Listed[IdleShape],
    auth=REGION,
)  # fmt: skip
def idle(request: HttpRequest, limit: Limit = 50, offset: Offset = 0) -> dict[str, Any]:
    now = timezone.now()
    found = queries.idle(bookables=queries.governed_bookables(who=request.who), now=now)
    last = queries.last_uses([b.pk for b in found[offset : offset + limit]], now)
    return part_of(
        found,
        limit,
        offset,
        lambda b: thing_of(b.resource) | {"scale": b.scale, "last_use": last.get(b.pk)},
    )


def _bookable(request: HttpRequest, id: int) -> dict[str, Any]:
    found = queries.settings_of(who=request.who, id=id)
    if found is None:
        raise NotFound
    return bookable_of(found)


def _booking(request: HttpRequest, id: int) -> dict[str, Any]:
    """A booking at the caller's own facilities; through another door it is not there."""
    found = queries.booking(who=request.who, id=id)
    if "operator" not in queries.sides(who=request.who, booking=found):
        raise NotFound
    return one_booking(request.who, id)
