"""Booking from the applicant's side: what is free, holding it, moving it, giving it back."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from ninja import Field, Query, Router, Schema

from pilotline.desks.booking import queries, services
from pilotline.desks.booking.rules.recurring import Repeat
from pilotline.desks.registry import queries as registry
from pilotline.kernel.errors import NotFound
from pilotline.web.api.booking_shapes import (
    BookableShape,
    BookingShape,
    Family,
    FreeShape,
    Minutes,
    Moment,
    OneBooking,
    State,
    WaitingShape,
    WishGiven,
)
from pilotline.web.api.booking_told import (
    bookable_of,
    booking_of,
    free_of,
    one_booking,
    waiting_of,
)
from pilotline.web.api.doors import Bearer
from pilotline.web.api.route import (
    Choice,
    Given,
    Id,
    Limit,
    Listed,
    Offset,
    get,
    made,
    part_of,
    post,
)

router = Router(tags=[_("Bookings")])
MINE = Bearer("applicant")
Resources = Annotated[list[Id], Query(description=_("Numbers of resources; several at once."))]
FREE = _("At most 93 days at once.")
HOLD = _(
    "All times or none. When one cannot be had, 422 names every reason at once, and for a taken "
    "time the next free ones in data.free."
)


class HoldGiven(Given):
    organisation: Id
    wishes: list[WishGiven] = Field(max_length=20)
    purpose: str = Field(max_length=2000, examples=["共沉淀中试，三批"])
    family: Family = ""
    case: Id | None = None
    match: Id | None = Field(default=None, description=_("An agreed match that led here."))


class SeriesGiven(HoldGiven):
    every: Literal["day", "week", "month"]
    interval: int = Field(default=1, ge=1, le=52)
    count: int = Field(ge=2, le=1000, description=_("How many bookings in all."), examples=[10])
    whole: bool = Field(default=True, description=_("All or none; else those that fit are kept."))


class ChangeGiven(Given):
    wishes: list[WishGiven] = Field(max_length=20)
    percent: int | None = Field(
        default=None, ge=0, le=100, description=_("The fee you were shown; 409 when it has risen.")
    )


class CancelGiven(Given):
    reason: str = Field(default="", max_length=2000)
    percent: int | None = Field(
        default=None, ge=0, le=100, description=_("The fee you were shown; 409 when it has risen.")
    )


class WaitGiven(Given):
    organisation: Id
    resource: Id
    minutes: Minutes
    start: Moment
    end: Moment
    purpose: str = Field(max_length=2000)
    family: Family = ""
    case: Id | None = None


class Starts(Schema):
    """Starts at which all resources are free together."""

    starts: list[str] = Field(examples=[["2026-12-01T09:00:00+08:00"]])


class Misfit(Schema):
    """A day of a series that cannot be had, and why."""

    day: str = Field(examples=["2027-02-30"])
    code: str
    text: str


class SeriesShape(Schema):
    id: Id
    bookings: list[BookingShape]
    left_out: list[Misfit]


@get(
    router, "/facilities/{code}/bookables", "bookables", _("What can be booked at a facility"),
    Listed[BookableShape],
)  # fmt: skip
def bookables(
    request: HttpRequest, code: str, limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    found = queries.bookables_at(facility=registry.public_facility(code).pk)
    return part_of(found, limit, offset, bookable_of)


@get(
    router, "/free", "free", _("What is free when"), list[FreeShape], about=FREE, auth=Bearer()
)  # fmt: skip
def free(
    request: HttpRequest,
    resources: Resources,
    start: Annotated[Moment, Query()],
    end: Annotated[Moment, Query()],
    family: Choice = "",
) -> Any:
    rows = queries.free_times(
        who=request.who,
        resources=resources,
        start=start,
        end=end,
        family=family,
        now=timezone.now(),
    )
    return [free_of(row) for row in rows]


@get(
    router, "/free/next", "free-next", _("The next times at which all of these are free"), Starts,
    about=FREE, auth=Bearer(),
)  # fmt: skip
def free_next(
    request: HttpRequest,
    resources: Resources,
    minutes: Annotated[int, Query(ge=1, le=133_920)],
    start: Annotated[Moment, Query()],
    end: Annotated[Moment, Query()],
    family: Choice = "",
    most: Annotated[int, Query(ge=1, le=50)] = 10,
) -> Any:
    found = queries.next_free(
        who=request.who,
        resources=resources,
        minutes=minutes,
        start=start,
        end=end,
        family=family,
        most=most,
        now=timezone.now(),
    )
    return {"starts": [timezone.localtime(moment).isoformat() for moment in found]}


@get(
    router, "/my/bookings", "my-bookings", _("My bookings"), Listed[BookingShape], auth=MINE
)  # fmt: skip
def mine(
    request: HttpRequest, state: State = "", limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    rows = queries.own_bookings(who=request.who, state=state)
    return part_of(rows, limit, offset, booking_of)


@post(
    router, "/my/bookings", "my-bookings", _("Hold times"), OneBooking, status=201, creates=True,
    about=HOLD, auth=MINE,
)  # fmt: skip
def hold(request: HttpRequest, given: HoldGiven) -> Any:
    booking = services.hold(who=request.who, now=timezone.now(), **_hold(given))
    return made(one_booking(request.who, booking.pk))


@post(
    router, "/my/bookings/series", "my-booking-series", _("Hold times again and again"),
    SeriesShape, status=201, creates=True, auth=MINE,
)  # fmt: skip
def hold_series(request: HttpRequest, given: SeriesGiven) -> Any:
    series, kept, misfits = services.hold_series(
        who=request.who,
        repeat=Repeat(given.every, given.count, given.interval),
        whole=given.whole,
        now=timezone.now(),
        **_hold(given),
    )
    rows = queries.own_bookings(who=request.who).filter(pk__in=[b.pk for b in kept])
    bookings = [booking_of(row) for row in rows.order_by("starts")]
    return made({"id": series.pk, "bookings": bookings, "left_out": misfits})


def _hold(given: HoldGiven) -> dict[str, Any]:
    return {
        "organisation": given.organisation,
        "wishes": [wish.wish() for wish in given.wishes],
        "purpose": given.purpose,
        "family": given.family,
        "case": given.case,
        "match": given.match,
    }


@get(
    router, "/my/bookings/{id}", "my-booking", _("One booking, with what leaving it costs now"),
    OneBooking, auth=MINE,
)  # fmt: skip
def one(request: HttpRequest, id: Id) -> Any:
    return _mine(request, id)


@post(
    router, "/my/bookings/{id}/confirm", "my-booking-confirm", _("Confirm what is held"),
    OneBooking, auth=MINE,
)  # fmt: skip
def confirm(request: HttpRequest, id: Id) -> Any:
    _mine(request, id)
    services.confirm(who=request.who, booking=id, now=timezone.now())
    return _mine(request, id)


@post(
    router, "/my/bookings/{id}/change", "my-booking-change", _("Move it to other times"),
    OneBooking, auth=MINE,
)  # fmt: skip
def change(request: HttpRequest, id: Id, given: ChangeGiven) -> Any:
    _mine(request, id)
    services.change(
        who=request.who,
        booking=id,
        wishes=[wish.wish() for wish in given.wishes],
        percent=given.percent,
        now=timezone.now(),
    )
    return _mine(request, id)


@post(
    router, "/my/bookings/{id}/cancel", "my-booking-cancel", _("Give it back"), OneBooking,
    auth=MINE,
)  # fmt: skip
def cancel(request: HttpRequest, id: Id, given: CancelGiven) -> Any:
    _mine(request, id)
    services.cancel(who=request.who, booking=id, now=timezone.now(), **given.model_dump())
    return _mine(request, id)


@get(
    router, "/my/waiting", "my-waiting", _("What I wait for"), Listed[WaitingShape], auth=MINE
)  # fmt: skip
def waiting(request: HttpRequest, limit: Limit = 50, offset: Offset = 0) -> dict[str, Any]:
    return part_of(queries.own_waiting(who=request.who), limit, offset, waiting_of)


@post(
    router, "/my/waiting", "my-waiting", _("Stand in line for a taken time"), WaitingShape,
    status=201, creates=True, auth=MINE,
)  # fmt: skip
def wait(request: HttpRequest, given: WaitGiven) -> Any:
    found = services.wait_for(who=request.who, now=timezone.now(), **given.model_dump())
    return made(waiting_of(queries.own_waiting(who=request.who).get(pk=found.pk)))


@post(
    router, "/my/waiting/{id}/leave", "my-waiting-leave", _("Leave the line"), WaitingShape,
    auth=MINE,
)  # fmt: skip
def leave(request: HttpRequest, id: Id) -> Any:
    rows = queries.own_waiting(who=request.who)
    if not rows.filter(pk=id).exists():
        raise NotFound
    services.leave_line(who=request.who, waiting=id, now=timezone.now())
    return waiting_of(rows.get(pk=id))


def _mine(request: HttpRequest, id: int) -> dict[str, Any]:
    """A booking of the caller's own organisations; through another door it is not there."""
    found = queries.booking(who=request.who, id=id)
    if not request.who.belongs_to(found.organisation_id):
        raise NotFound
    return one_booking(request.who, id)
