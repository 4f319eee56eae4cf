"""Where each attribute lies in the packed columns, and how a requirement becomes a test on them.

Ranges take two float columns, low and high; an unknown end is an infinity on the generous side.
Sets, levels and flags share 64-bit words, one bit a value; unknown is all ones. So a record that
is unknown in something passes every test on it and costs nothing extra; whether it is known is a
separate bit, looked at only for the survivors.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from pilotline.engines.matching.problem import Fit, Requirement
from pilotline.engines.matching.schema import Attribute, Schema

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Bits: TypeAlias = NDArray[np.uint64]
Truths: TypeAlias = NDArray[np.bool_]

ALL_ONES = (1 << 64) - 1


@dataclass(frozen=True, slots=True)
class RangeTest:
    """Passes when low <= `low_at_most` and high >= `high_at_least`; None asks nothing."""

    column: int
    low_at_most: float | None
    high_at_least: float | None


@dataclass(frozen=True, slots=True)
class BitTest:
    """Passes when all (or any) of the masked bits are set; `parts` are (word, mask)."""

    parts: tuple[tuple[int, int], ...]
    every: bool
    known_bit: int


@dataclass(frozen=True, slots=True)
class PartitionTest:
    """Passes for records laid out under one of these codes."""

    codes: frozenset[int]


Test: TypeAlias = RangeTest | BitTest | PartitionTest


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a schema. The partition attribute has no column: it is the order of rows."""

    schema: Schema
    ranges: dict[str, int] = field(init=False)
    first_bit: dict[str, int] = field(init=False)
    known_bit: dict[str, int] = field(init=False)
    words: int = field(init=False)
    _attributes: dict[str, Attribute] = field(init=False)
    _positions: dict[str, dict[str, int]] = field(init=False)

    def __post_init__(self) -> None:
        ranges = [a for a in self.schema.attributes if a.is_range]
        bitmaps = [
            a for a in self.schema.attributes if not a.is_range and a.name != self.schema.partition
        ]
        set_field = object.__setattr__
        set_field(self, "_attributes", {a.name: a for a in self.schema.attributes})
        positions = {
            a.name: {v: i for i, v in enumerate(a.values)} for a in self._attributes.values()
        }
        set_field(self, "_positions", positions)
        set_field(self, "ranges", {a.name: i for i, a in enumerate(ranges)})
        set_field(self, "known_bit", {a.name: i for i, a in enumerate(bitmaps)})
        first_bit, free = {}, 0
        # Widest first, so that as few attributes as possible straddle two words.
        for attribute in sorted(bitmaps, key=lambda a: -len(a.values)):
            width = len(attribute.values)
            if width <= 64 and free % 64 + width > 64:
                free += 64 - free % 64
            first_bit[attribute.name] = free
            free += width
        set_field(self, "first_bit", first_bit)
        set_field(self, "words", -(-free // 64))

    @property
    def partitions(self) -> int:
        """Number of partition codes, the last of which holds records whose code is unknown."""
        if not self.schema.partition:
            return 1
        return len(self.schema.attribute(self.schema.partition).values) + 1

    def test(self, requirement: Requirement) -> Test:
        """The test that a record must pass so as not to be unmet."""
        attribute = self._attributes[requirement.attribute]
        if attribute.is_range:
            return self._range_test(requirement)
        wanted = _wanted_values(self._positions[attribute.name], requirement)
        if attribute.name == self.schema.partition:
            if requirement.fit is Fit.SUPERSET and len(set(wanted)) > 1:
                return PartitionTest(frozenset())
            return PartitionTest(frozenset(wanted))
        mask, parts, word = 0, [], 0
        for value in wanted:
            mask |= 1 << value
        mask <<= self.first_bit[attribute.name]
        while mask:
            if mask & ALL_ONES:
                parts.append((word, mask & ALL_ONES))
            mask >>= 64
            word += 1
        return BitTest(
            tuple(parts),
            requirement.fit is Fit.SUPERSET,
            self.known_bit[attribute.name],
        )

    def _range_test(self, requirement: Requirement) -> RangeTest:
        column, low, high = self.ranges[requirement.attribute], requirement.low, requirement.high
        if requirement.fit is Fit.COVER:
            return RangeTest(column, low, high)
        if requirement.fit is Fit.OVERLAP:
            return RangeTest(column, high, low)
        if requirement.fit is Fit.AT_LEAST:
            return RangeTest(column, None, low)
        return RangeTest(column, high, None)

    def values_of(self, attribute: Attribute, words: Bits) -> tuple[str, ...]:
        """The names of the values set in one record's words."""
        first = self.first_bit[attribute.name]
        return tuple(
            value
            for i, value in enumerate(attribute.values)
            if int(words[(first + i) // 64]) >> (first + i) % 64 & 1
        )


def _wanted_values(position: dict[str, int], requirement: Requirement) -> Iterable[int]:
    named = [position[value] for value in requirement.values]
    if requirement.fit is Fit.AT_LEAST:
        return range(named[0], len(position))
    if requirement.fit is Fit.AT_MOST:
        return range(named[0] + 1)
    return named


def failed(test: Test, lows: Floats, highs: Floats, words: Bits) -> Truths:
    """Which of the given records fail a test. Columns have shape (columns, records).

    Records that are unknown never fail. A `PartitionTest` is not answered here.
    """
    if isinstance(test, RangeTest):
        result = np.zeros(lows.shape[1], bool)
        if test.low_at_most is not None:
            result |= lows[test.column] > test.low_at_most
        if test.high_at_least is not None:
            result |= highs[test.column] < test.high_at_least
        return result
    if isinstance(test, BitTest):
        missing = np.zeros(words.shape[1], bool) if test.every else np.ones(words.shape[1], bool)
        for word, mask in test.parts:
            chosen = words[word] & np.uint64(mask)
            if test.every:
                missing |= chosen != np.uint64(mask)
            else:
                missing &= chosen == 0
        return missing
    raise TypeError("a partition is chosen by position")


def unknown(test: Test, lows: Floats, highs: Floats, known: Bits) -> Truths:
    """Which of the given records are unknown in what a test looks at (and may yet fail it).

    An end that is not known lies beyond the other one, which may be far enough by itself: what
    reaches 100 Pa or less reaches 200 Pa.
    """
    if isinstance(test, RangeTest):
        low, high = lows[test.column], highs[test.column]
        result = np.zeros(lows.shape[1], bool)
        if test.low_at_most is not None:
            result |= np.isinf(low) & (high > test.low_at_most)
        if test.high_at_least is not None:
            result |= np.isinf(high) & (low < test.high_at_least)
        return result
    if isinstance(test, BitTest):
        unset: Truths = known & np.uint64(1 << test.known_bit) == 0
        return unset
    raise TypeError("a partition is chosen by position")
