"""What is to be priced: tariffs, who asks, what is used. All faults are found at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from pilotline.kernel.errors import PilotlineError

# Units of time from the smallest to the largest; they convert into each other by the tariff.
TIMES = ("hour", "half_day", "day", "week", "month")
COUNTS = ("sample", "sample_point", "batch", "run", "piece", "person_hour", "kg", "kg_day")
METERS = ("kwh", "m3", "tonne", "litre")
UNITS = (*TIMES, *COUNTS, *METERS)
# What an entry is for, in the order in which a bill lists it.
KINDS = ("use", "set_up", "cleaning", "operator", "consumable", "utility", "storage", "service")
PERIODS = ("use", "day", "week", "month", "year")
MODES = ("half_up", "half_even", "up", "down")
TIER_RULES = ("whole", "slice")
TIER_SPANS = ("use", "all")
TAX_MODES = ("added", "included")
ZERO, ONE = Decimal(0), Decimal(1)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong. `at` is the path to it: `entries.2.tiers.1`, `uses.0`."""

    code: str
    at: str = ""
    data: Mapping[str, str] = field(default_factory=dict)


class Unpriceable(PilotlineError):
    """These tariffs or quantities cannot be priced."""

    code = "unpriceable"

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        said = ", ".join(f"{f.at}: {f.code}" if f.at else f.code for f in self.faults)
        super().__init__(said, count=len(self.faults))


@dataclass(frozen=True, slots=True)
class Tier:
    """Quantities of the half-open range [start, end) cost `factor` times the price."""

    start: Decimal
    end: Decimal | None
    factor: Decimal


@dataclass(frozen=True, slots=True)
class Cap:
    """No more than `amount` yuan for one entry in one period; for all classes when none is named.

    Caps hold for the entry's own lines, before overhead and tax.
    """

    amount: Decimal
    period: str
    classes: tuple[str, ...] = ()

    def holds_for(self, user_class: str) -> bool:
        return not self.classes or user_class in self.classes


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a price list.

    A quantity is converted into `unit`, raised to `minimum` and rounded up to a whole number of
    `step`s (0: not rounded). `prices` overrule `price` and the factor of a class. With
    `each_use` the entry is charged once for every use of the resource, unasked. `tiers` lie
    without gap from 0 on; by the rule `whole` the tier that is reached holds for the whole
    quantity, by `slice` each tier prices its own part; `tiers_over` counts one use or all uses
    (and what was used before); `tiers_for` narrows them to classes. Of several uses charged in
    one `group` the dearest is charged in full, every further one times `further`.
    """

    id: str
    kind: str
    unit: str
    price: Decimal
    what: str = ""
    minimum: Decimal = ZERO
    step: Decimal = ZERO
    each_use: bool = False
    prices: Mapping[str, Decimal] = field(default_factory=dict)
    tiers: tuple[Tier, ...] = ()
    tiers_rule: str = "whole"
    tiers_over: str = "use"
    tiers_for: tuple[str, ...] = ()
    caps: tuple[Cap, ...] = ()
    group: str = ""
    further: Decimal = ONE
    by_class: bool = True
    when_urgent: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """The price list of one resource, or (with an empty `resource`) of the whole facility.

    `factors` multiply by user class (a class that is not there pays the list price); `hours`
    says how long a half day, day, week and month are; `overhead` is a share of the lines before
    tax, for `overhead_for` or all classes; `tax` is a share of the net. Valid on days of
    [valid_from, valid_to).
    """

    id: str
    entries: tuple[Entry, ...]
    resource: str = ""
    factors: Mapping[str, Decimal] = field(default_factory=dict)
    urgent: Decimal | None = None
    overhead: Decimal = ZERO
    overhead_for: tuple[str, ...] = ()
    tax: Decimal = ZERO
    tax_mode: str = "added"
    hours: Mapping[str, Decimal] = field(
        default_factory=lambda: {
            "half_day": Decimal(4),
            "day": Decimal(8),
            "week": Decimal(40),
            "month": Decimal(174),
        }
    )
    valid_from: date = date.min
    valid_to: date | None = None

    def is_valid(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)

    def length(self, unit: str) -> Decimal:
        """How many hours one unit of time has."""
        return ONE if unit == "hour" else self.hours[unit]


@dataclass(frozen=True, slots=True)
class Rounding:
    """How money is rounded: every line to `line` yuan, the total to `total` (0: as it adds up)."""

    mode: str = "half_up"
    line: Decimal = Decimal("0.01")
    total: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Quantity:
    """So much of one kind: 6 hours of use, 3 samples of service, 120 kWh of the meter `power`."""

    kind: str
    unit: str
    amount: Decimal
    what: str = ""


@dataclass(frozen=True, slots=True)
class Use:
    """A resource that is used once, with all that this takes. `day` puts it into cap periods."""

    id: str
    resource: str
    day: date
    quantities: tuple[Quantity, ...]
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Before:
    """What an entry was charged earlier in the period of its cap or for its tiers."""

    tariff: str
    entry: str
    period: str
    quantity: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What one user of a class pays for some uses, by tariffs that hold on `on`.

    A resource's own tariff goes before the facility's, entry by entry. `classes` are all that
    tariffs may name. `before.period` is what `periods.name` gives for the cap's period, or `all`
    for tiers. Raises Unpriceable with every fault of tariffs and uses.
    """

    tariffs: tuple[Tariff, ...]
    uses: tuple[Use, ...]
    user_class: str
    classes: tuple[str, ...]
    on: date
    rounding: Rounding = Rounding()
    before: tuple[Before, ...] = ()

    def tariffs_for(self, resource: str) -> tuple[Tariff, ...]:
        """The resource's own tariffs, then the facility's."""
        own = tuple(t for t in self.tariffs if t.resource == resource and resource)
        return own + tuple(t for t in self.tariffs if not t.resource)


def period_of(period: str, use: Use) -> str:
    """The name of the period of a cap that a use falls into: `2026-11`, `2026-W48`, its id."""
    if period == "use":
        return use.id
    if period == "week":
        year, week, _day = use.day.isocalendar()
        return f"{year}-W{week:02d}"
    return {
        "day": f"{use.day:%Y-%m-%d}",
        "month": f"{use.day:%Y-%m}",
        "year": f"{use.day:%Y}",
    }[period]
