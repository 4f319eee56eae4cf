"""What a region decides about prices: who counts as which user, how money is rounded, limits."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pilotline.kernel.actor import covers
from pilotline.rulebook.model import Entry, heading

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class UserFacts:
    """What is known of whoever asks for a price.

    `kind` is one of the rulebook's kinds of organisation, `region` a GB/T 2260 code; `own` says
    whether the organisation operates the very facility.
    """

    kind: str
    region: str
    own: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UserClass(Entry):
    """A class of users with a price of its own. A condition that is not stated holds for all.

    The first class of the file whose conditions all hold is the user's.
    """

    kinds: tuple[str, ...] = ()
    inside_region: bool | None = None
    own: bool | None = None

    def takes(self, facts: UserFacts, region: str) -> bool:
        """True when a user of these facts belongs here; `region` is the rulebook's own."""
        if self.kinds and facts.kind not in self.kinds:
            return False
        if self.inside_region is not None and covers(region, facts.region) != self.inside_region:
            return False
        return self.own is None or facts.own == self.own


@dataclass(frozen=True, slots=True, kw_only=True)
class PricingPolicy(Entry):
    """How prices are made. Shares and factors are Decimal: 0.06, 1.5.

    `rounding` is a way of engines.pricing; every line is rounded to `line_step` yuan, a total to
    `total_step` (0: as it adds up). A price lies outside when it is further than `spread`
    quartile distances from the quartiles of at least `fewest` like resources.
    """

    rounding: str
    line_step: Decimal
    total_step: Decimal
    tax_rates: tuple[Decimal, ...]
    urgent_most: Decimal
    overhead_most: Decimal
    quotation_days: int
    quotation_days_most: int
    quotation_reminder_days: int
    spread: Decimal
    fewest: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceGroup(Entry):
    """Resources alike enough to compare prices by the `unit`.

    A resource belongs here when it is of one of the `kinds` and has one of the `processes` or
    one of the `words` in its name.
    """

    kinds: tuple[str, ...]
    unit: str
    processes: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    def takes(self, kind: str, name: str, processes: tuple[str, ...]) -> bool:
        if kind not in self.kinds:
            return False
        lower = name.casefold()
        return bool(set(processes) & set(self.processes)) or any(
            word.casefold() in lower for word in self.words
        )


def read_class(raw: Mapping[str, Any]) -> UserClass:
    return UserClass(
        **heading(raw),
        kinds=tuple(raw.get("kinds", ())),
        inside_region=raw.get("inside_region"),
        own=raw.get("own"),
    )


def read_policy(raw: Mapping[str, Any]) -> PricingPolicy:
    return PricingPolicy(
        **heading(raw),
        rounding=raw["rounding"],
        line_step=_decimal(raw["line_step"]),
        total_step=_decimal(raw["total_step"]),
        tax_rates=tuple(_decimal(p) / HUNDRED for p in raw["tax_percents"]),
        urgent_most=_decimal(raw["urgent_most_percent"]) / HUNDRED,
        overhead_most=_decimal(raw["overhead_most_percent"]) / HUNDRED,
        quotation_days=raw["quotation_days"],
        quotation_days_most=raw["quotation_days_most"],
        quotation_reminder_days=raw.get("quotation_reminder_days", 3),
        spread=_decimal(raw["spread"]),
        fewest=raw["fewest"],
    )


def read_group(raw: Mapping[str, Any]) -> PriceGroup:
    return PriceGroup(
        **heading(raw),
        kinds=tuple(raw["kinds"]),
        unit=raw["unit"],
        processes=tuple(raw.get("processes", ())),
        words=tuple(raw.get("words", ())),
    )


def class_of(classes: Iterable[UserClass], facts: UserFacts, region: str) -> UserClass | None:
    """The first class that takes the user; None when there is none."""
    return next((one for one in classes if one.takes(facts, region)), None)


def _decimal(number: float | str) -> Decimal:
    """A YAML number as it is written: through its text, never through a binary fraction."""
    return Decimal(str(number))
