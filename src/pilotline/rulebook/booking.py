"""How time is booked: how long a hold lasts, what a late change costs, how full a line is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pilotline.rulebook.model import Entry, heading


@dataclass(frozen=True, slots=True)
class FeeStep:
    """With less than `hours` to the start, `percent` of the price is due."""

    hours: int
    percent: int


@dataclass(frozen=True, slots=True)
class Fullness:
    """Where the utilisation of a scale should lie, as shares of the open time."""

    scale: str
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingRules(Entry):
    """What a department decides about booking.

    `cancellation` and `change` are sorted by hours, nearest first; from the largest number of
    hours on both are free. `joint_answer_hours` is the least time that operators are left to
    answer a joint plan.
    """

    hold_minutes: int
    offer_minutes: int
    approval_hours: int
    change_hours: int
    series_count: int
    series_days: int
    cancellation: tuple[FeeStep, ...]
    change: tuple[FeeStep, ...]
    utilisation: tuple[Fullness, ...]
    idle_days: int
    joint_answer_hours: int = 0

    def cancellation_percent(self, hours: float) -> int:
        """The fee, in percent of the price, of giving back so many hours before the start."""
        return _percent(self.cancellation, hours)

    def change_percent(self, hours: float) -> int:
        """The fee, in percent of the price, of moving a booking so many hours before its start."""
        return _percent(self.change, hours)

    def fullness(self, scale: str) -> Fullness | None:
        """Where use should lie for a scale; None when the rulebook says nothing of it."""
        return next((f for f in self.utilisation if f.scale == scale), None)


def _percent(steps: tuple[FeeStep, ...], hours: float) -> int:
    return next((step.percent for step in steps if hours < step.hours), 0)


def read(raw: Mapping[str, Any]) -> BookingRules:
    return BookingRules(
        **heading(raw),
        hold_minutes=raw["hold_minutes"],
        offer_minutes=raw["offer_minutes"],
        approval_hours=raw["approval_hours"],
        change_hours=raw["change_hours"],
        series_count=raw["series_count"],
        series_days=raw["series_days"],
        cancellation=_steps(raw["cancellation"]),
        change=_steps(raw["change"]),
        utilisation=tuple(Fullness(u["scale"], u["low"], u["high"]) for u in raw["utilisation"]),
        idle_days=raw["idle_days"],
        joint_answer_hours=raw.get("joint_answer_hours", 0),
    )


def _steps(listed: list[Mapping[str, int]]) -> tuple[FeeStep, ...]:
    return tuple(
        sorted((FeeStep(s["hours"], s["percent"]) for s in listed), key=lambda step: step.hours)
    )
