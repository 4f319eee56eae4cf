"""The shapes in which programs send and read bookings, free times and calendars."""

from datetime import datetime
from typing import Annotated, Literal

from django.utils.translation import gettext_noop as _
from ninja import Field, Schema
from pydantic import AwareDatetime

from pilotline.desks.booking.rules.settings import read_minute
from pilotline.desks.booking.rules.wishes import Wish
from pilotline.kernel.errors import Problem, Refused
from pilotline.web.api.route import Given, Id

Moment = Annotated[
    AwareDatetime,
    Field(description=_("With a time zone."), examples=["2026-12-01T09:00:00+08:00"]),
]
Minutes = Annotated[int, Field(ge=1, le=600_000, examples=[120])]
Family = Annotated[
    str, Field(max_length=40, description=_("A material family of the rulebook, or empty."))
]
State = Literal[
    "", "held", "asked", "confirmed", "used", "closed", "expired", "cancelled", "declined"
]
CLOCK = r"^([01]?\d|2[0-4]):[0-5]\d$"


class WishGiven(Given):
    """One resource for a time: from start up to, and without, end."""

    resource: Id
    start: Moment
    end: Moment

    def wish(self) -> Wish:
        return Wish(self.resource, self.start, self.end)


class Hours(Given):
    """Open on one day of the week, 0 is Monday; 24:00 is the end of the day."""

    weekday: int = Field(ge=0, le=6)
    start: str = Field(pattern=CLOCK, examples=["08:30"])
    end: str = Field(pattern=CLOCK, examples=["17:30"])

    def triple(self) -> tuple[int, int, int]:
        start, end = read_minute(self.start), read_minute(self.end)
        if start is None or end is None:
            raise Refused([Problem("hours", _("This is no time of day."), "openings")])
        return self.weekday, start, end


class ChangeoverGiven(Given):
    """Minutes between two material families; empty stands for any."""

    before: Family = ""
    after: Family = ""
    minutes: int = Field(ge=0, le=20_160)


class TimeShape(Schema):
    """One resource of a booking and its time."""

    id: Id
    resource: Id
    name: str
    facility: str = Field(description=_("The facility's code."))
    facility_name: str
    start: datetime
    end: datetime
    approval: str = Field(description=_("Empty, asked, given or refused."))
    measured_minutes: int | None


class BookingShape(Schema):
    """A booking: time on one or several resources, all or none."""

    id: Id
    number: str = Field(examples=["YY-2026-000012"])
    state: str = Field(examples=["held"])
    organisation: Id
    organisation_name: str
    person: str
    case: Id | None
    match: Id | None
    series: Id | None
    purpose: str
    family: str
    starts: datetime
    ends: datetime
    held_until: datetime | None = Field(description=_("When a hold or a request runs out."))
    fee_percent: int = Field(description=_("Of the price, due for a late change or cancellation."))
    reason: str
    version: int
    times: list[TimeShape]


class CostsShape(Schema):
    """Fees in percent of the price, were it done now."""

    cancelling: int
    changing: int
    may_change: bool
    example: bool = Field(description=_("The rulebook's steps are an example."))


class OneBooking(BookingShape):
    """A booking, and what a change or a cancellation would cost now."""

    costs: CostsShape


class Window(Schema):
    start: datetime
    end: datetime


class FreeShape(Schema):
    """Where one resource is open and not taken."""

    resource: Id
    name: str
    slot: int
    shortest: int
    longest: int
    windows: list[Window]
    ends_on: str = Field(
        description=_("The working calendar's last day, when it ends before the end asked for.")
    )


class HoursShape(Schema):
    weekday: int
    start: str
    end: str


class ChangeoverShape(Schema):
    before: str
    after: str
    minutes: int


class BookableShape(Schema):
    """How one resource is booked. Times are minutes."""

    resource: Id
    name: str
    kind: str
    facility: str
    is_open: bool
    is_public: bool
    days: str = Field(description=_("every or working."), examples=["working"])
    through: bool = Field(description=_("A use may run through closed hours."))
    slot: int
    shortest: int
    longest: int
    lead: int
    horizon_days: int
    changeover: int
    approval: bool
    licence: bool
    pieces: int = Field(description=_("Equal pieces, each booked on its own."))
    scale: str
    about: str
    openings: list[HoursShape]
    changeovers: list[ChangeoverShape]


class BlockShape(Window):
    """A taken time; whose it is only for those who may know."""

    booking: Id | None
    number: str
    organisation: str
    state: str
    closure: str = Field(description=_("maintenance, calibration, other, or empty."))


class RowShape(Schema):
    """One resource's stretch of calendar."""

    resource: Id
    name: str
    free: list[Window]
    taken: list[BlockShape]


class WaitingStepShape(Schema):
    """One step of a wish, and what could do it: each way one resource, or two at once."""

    number: int
    minutes: int
    ways: list[list[Id]]


class WaitingShape(Schema):
    """A wish to have a time. `joint`: its steps lie with several operators."""

    id: Id
    resource: Id
    name: str
    facility: str
    organisation: Id
    organisation_name: str
    purpose: str
    family: str
    minutes: int
    start: datetime
    end: datetime
    state: str = Field(examples=["waiting"])
    booking: Id | None
    match: Id | None
    joint: bool
    steps: list[WaitingStepShape]


class ClosureShape(Schema):
    id: Id
    facility: str
    kind: str
    start: datetime
    end: datetime
    reason: str
    lifted: bool
    resources: list[Id]


class LicenceShape(Schema):
    id: Id
    resource: Id
    name: str
    user: Id
    user_name: str
    until: str
    note: str


class UseShape(Schema):
    """One resource's use; minutes of opening hours. share is booked over open and not closed."""

    resource: Id
    name: str
    kind: str
    facility: str
    facility_name: str
    region: str
    scale: str
    open: int
    booked: int
    closed: int
    share: float | None
    verdict: str = Field(
        description=_("idle, low, good, full, or empty where there is no measure.")
    )


class FullnessShape(Schema):
    """The same for all resources of one scale."""

    scale: str
    count: int
    open: int
    booked: int
    share: float | None
    low: float | None
    high: float | None
    verdict: str


class UtilisationShape(Schema):
    scales: list[FullnessShape]
    resources: list[UseShape]


class IdleShape(Schema):
    """A resource without any booking, neither lately nor to come."""

    resource: Id
    name: str
    kind: str
    facility: str
    facility_name: str
    region: str
    scale: str
    last_use: datetime | None
