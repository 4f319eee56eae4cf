"""What the booking desk announces. Times are ISO texts, half-open."""

from dataclasses import dataclass

from pilotline.kernel.event import Event


@dataclass(frozen=True, slots=True)
class BookingEvent(Event):
    """Fields that all news of a booking has. `operators` answer for its facilities."""

    booking: int
    number: str
    organisation: int
    person: int | None
    operators: list[int]
    starts: str
    ends: str
    case: int | None = None
    match: int | None = None


@dataclass(frozen=True, slots=True)
class BookingHeld(BookingEvent):
    """Time is kept until `until`; then the hold expires by itself."""

    until: str = ""


@dataclass(frozen=True, slots=True)
class BookingAsked(BookingEvent):
    """An owner's approval is wanted before `until`."""

    until: str = ""


@dataclass(frozen=True, slots=True)
class BookingConfirmed(BookingEvent):
    """The time is the applicant's."""


@dataclass(frozen=True, slots=True)
class BookingDeclined(BookingEvent):
    """An owner does not approve, and says why."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class BookingChanged(BookingEvent):
    """Moved to another time. `percent` of the price is the fee of the change."""

    was: str = ""
    percent: int = 0


@dataclass(frozen=True, slots=True)
class BookingCancelled(BookingEvent):
    """Given back. `percent` of the price is the fee; `by`: applicant, operator, authority."""

    percent: int = 0
    by: str = "applicant"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class BookingExpired(BookingEvent):
    """A hold or a request for approval was not answered in time."""


@dataclass(frozen=True, slots=True)
class BookingUsed(BookingEvent):
    """The use has begun or is over; the hours are still to be measured."""


@dataclass(frozen=True, slots=True)
class BookingClosed(BookingEvent):
    """Over and measured: `minutes` by occupation number are what settlement bills."""

    minutes: dict[str, int] | None = None


@dataclass(frozen=True, slots=True)
class SlotOffered(BookingEvent):
    """A freed time was offered to the next in line, who has it until `until`."""

    waiting: int = 0
    until: str = ""


@dataclass(frozen=True, slots=True)
class TimesEvent(Event):
    """Fields that all news of a joint plan's times for one wish has."""

    proposal: int
    waiting: int
    organisation: int
    person: int | None
    operators: list[int]


@dataclass(frozen=True, slots=True)
class TimesProposed(TimesEvent):
    """Several operators are to accept their parts before `until`."""

    until: str = ""


@dataclass(frozen=True, slots=True)
class TimesLost(TimesEvent):
    """The times came to nothing: late, declined, taken or gone. Who waits goes on waiting."""

    why: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ResourceClosed(Event):
    """A resource cannot be used for a while: maintenance, calibration or another reason."""

    closure: int
    facility: int
    resources: list[int]
    starts: str
    ends: str
    kind: str


@dataclass(frozen=True, slots=True)
class TariffSet(Event):
    """A facility has set prices, for one resource or (None) for all of it, from a day on."""

    facility: int
    resource: int | None
    tariff: int
    version: int
    valid_from: str


@dataclass(frozen=True, slots=True)
class QuotationEvent(Event):
    """Fields that all news of a quotation has. `total` is yuan as text."""

    quotation: int
    number: str
    facility: int
    operator: int | None
    organisation: int
    total: str
    booking: int | None = None
    case: int | None = None


@dataclass(frozen=True, slots=True)
class QuotationMade(QuotationEvent):
    """A quotation was worked out; it can be accepted up to and with `valid_until`. `by` is the
    side that asked for it: applicant or operator."""

    valid_until: str = ""
    by: str = "applicant"


@dataclass(frozen=True, slots=True)
class QuotationRunsOut(QuotationEvent):
    """An open quotation will run out soon, after `valid_until`."""

    valid_until: str = ""


@dataclass(frozen=True, slots=True)
class QuotationLapsed(QuotationEvent):
    """Nobody has accepted it in time: its prices are kept no longer."""


@dataclass(frozen=True, slots=True)
class QuotationAccepted(QuotationEvent):
    """The organisation has accepted it: its prices hold."""


@dataclass(frozen=True, slots=True)
class QuotationDeclined(QuotationEvent):
    """The organisation does not want it."""


@dataclass(frozen=True, slots=True)
class QuotationWithdrawn(QuotationEvent):
    """The facility has taken it back before it was accepted."""

    reason: str = ""
