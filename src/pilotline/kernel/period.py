"""Periods of time: from `start` up to, and without, `end`."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Half-open [start, end), both aware, so that two that touch do not overlap.

    Raises ValueError for a naive time or when start is not before end.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.utcoffset() is None or self.end.utcoffset() is None:
            raise ValueError("a period needs aware times")
        if self.start >= self.end:
            raise ValueError("a period ends after it starts")

    @property
    def length(self) -> timedelta:
        return self.end - self.start

    def contains(self, inner: "Period | datetime") -> bool:
        if isinstance(inner, Period):
            return self.start <= inner.start and inner.end <= self.end
        return self.start <= inner < self.end

    def overlap(self, other: "Period") -> "Period | None":
        """What both share; None when they only touch or lie apart."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Period(start, end) if start < end else None
