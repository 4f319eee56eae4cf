"""A bill: lines in order, each with the entry that made it and the terms it came from."""

from dataclasses import dataclass
from decimal import Decimal

# What a term says: how the quantity came about, then what it was multiplied by or held to.
TERMS = (
    "given",  # the quantity as measured or planned, in its own unit
    "converted",  # the same in the unit of the entry
    "minimum",  # raised to the least that is charged
    "step",  # rounded up to whole steps
    "once",  # charged once for a use
    "part",  # the part of the quantity that lies in this tier
    "price",
    "class_price",
    "tier",
    "class",
    "further",
    "urgent",
    "cap",  # what the cap leaves of the amount
    "share",  # a share (overhead, tax) …
    "of",  # … of this amount
    "value",  # what the resource cost …
    "years",  # … over so many years …
    "hours",  # … of so many hours of use
    "by_hour",  # stated by the hour
    "rounded",  # the total was rounded to whole steps of this
)


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a formula with its number; `unit` is a unit of the tariff, `CNY` or empty."""

    word: str
    value: Decimal
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line. `kind` is an entry's kind, or overhead, rounding, tax (which have no entry).

    `use` is empty for what belongs to the whole bill. `quantity` is what is charged, in `unit`.
    """

    kind: str
    amount: Decimal
    terms: tuple[Term, ...]
    tariff: str = ""
    entry: str = ""
    use: str = ""
    resource: str = ""
    what: str = ""
    unit: str = ""
    quantity: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Bill:
    """The amounts of all lines add to `total`; `net` + `tax` = `total`.

    Where prices include the tax there is no line for it: `tax` says how much of the total it is.
    """

    lines: tuple[Line, ...]
    net: Decimal
    tax: Decimal
    total: Decimal
