"""Which records fail which requirements: quickly for a query, or wholly for its explanation."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pilotline.engines.matching.catalogue import Part
from pilotline.engines.matching.layout import (
    BitTest,
    Ints,
    PartitionTest,
    RangeTest,
    Test,
    Truths,
    failed,
    unknown,
)
from pilotline.engines.matching.segment import Columns, Segment

MET, UNMET, UNKNOWN = 0, 1, 2
ROWS_AT_ONCE = 1 << 16


@dataclass(frozen=True, slots=True)
class Filter:
    """The hard requirements of a problem, ready to run. `codes` None means every partition."""

    codes: frozenset[int] | None
    bitmaps: tuple[BitTest, ...]
    ranges: tuple[RangeTest, ...]
    keep_unknown: bool

    @property
    def tests(self) -> tuple[BitTest | RangeTest, ...]:
        return (*self.bitmaps, *self.ranges)


def compile_filter(hard: Iterable[Test], keep_unknown: bool) -> Filter:
    """Sort the tests of all hard requirements by what they look at."""
    codes: frozenset[int] | None = None
    bitmaps: list[BitTest] = []
    ranges: list[RangeTest] = []
    for test in hard:
        if isinstance(test, PartitionTest):
            codes = test.codes if codes is None else codes & test.codes
        elif isinstance(test, RangeTest):
            ranges.append(test)
        else:
            bitmaps.append(test)
    return Filter(codes, tuple(bitmaps), tuple(ranges), keep_unknown)


def survivors(part: Part, wanted: Filter) -> Ints:
    """Rows of a part that are not removed and fail nothing, ascending."""
    segment = part.segment
    found = [_run(segment, start, stop, wanted) for start, stop in _spans(segment, wanted)]
    rows = np.concatenate(found) if len(found) != 1 else found[0]
    if part.dead is not None:
        rows = rows[~part.dead[rows]]
    return rows if wanted.keep_unknown else rows[~unsure(segment, rows, wanted)]


def unsure(segment: Segment, rows: Ints, wanted: Filter) -> Truths:
    """Which of some rows are unknown in anything the filter looks at."""
    found = np.zeros(len(rows), bool)
    if wanted.codes is not None:
        found |= rows >= segment.bounds[-2]
    asked = [test for test in wanted.tests if not segment.census.is_complete(test)]
    if asked:
        columns = segment.columns.take(rows)
        for test in asked:
            found |= unknown(test, columns.lows, columns.highs, columns.known)
    return found


def _spans(segment: Segment, wanted: Filter) -> list[tuple[int, int]]:
    """Runs of rows in the wanted partitions, neighbours joined."""
    last = len(segment.bounds) - 2
    if wanted.codes is None:
        return [(0, len(segment))]
    codes = wanted.codes | {last} if wanted.keep_unknown else wanted.codes
    spans: list[tuple[int, int]] = [(0, 0)]
    for code in sorted(codes):
        start, stop = int(segment.bounds[code]), int(segment.bounds[code + 1])
        if start == spans[-1][1]:
            spans[-1] = (spans[-1][0], stop)
        elif start < stop:
            spans.append((start, stop))
    return [span for span in spans if span[0] < span[1]] or [(0, 0)]


def _run(segment: Segment, start: int, stop: int, wanted: Filter) -> Ints:
    """Bitmaps first, eight records a byte; then the ranges, each on what is left of the run."""
    rows: slice | Ints = slice(start, stop)
    if wanted.bitmaps and start < stop:
        rows = _common(segment, start, stop, wanted.bitmaps)
    for test in wanted.ranges:
        passing = np.flatnonzero(_passes(test, segment.columns, rows))
        rows = passing + start if isinstance(rows, slice) else rows[passing]
    return np.arange(start, stop) if isinstance(rows, slice) else rows


def _common(segment: Segment, start: int, stop: int, tests: Sequence[BitTest]) -> Ints:
    """Rows of a run that pass all tests on bits."""
    first, last = start // 8, -(-stop // 8)
    every = [bit for test in tests if test.every for bit in _bits(test)]
    common = np.full(last - first, 255, np.uint8)
    for bit in every:
        common &= segment.planes[bit, first:last]
    for test in tests:
        if not test.every:
            common &= np.bitwise_or.reduce(segment.planes[list(_bits(test)), first:last], axis=0)
    rows = np.flatnonzero(np.unpackbits(common)) + 8 * first
    # The first and the last byte may hold neighbours of the run.
    return rows[np.searchsorted(rows, start) : np.searchsorted(rows, stop)]


def _bits(test: BitTest) -> Iterator[int]:
    for word, mask in test.parts:
        while mask:
            yield 64 * word + (mask & -mask).bit_length() - 1
            mask &= mask - 1


def _passes(test: RangeTest, columns: Columns, where: slice | Ints) -> Truths:
    if test.low_at_most is None:
        high_enough: Truths = columns.highs[test.column][where] >= test.high_at_least
        return high_enough
    passes: Truths = columns.lows[test.column][where] <= test.low_at_most
    if test.high_at_least is not None:
        passes &= columns.highs[test.column][where] >= test.high_at_least
    return passes


def judge(segment: Segment, rows: Ints, tests: Sequence[Test]) -> NDArray[np.int8]:
    """Whether each row meets (0), fails (1) or leaves unknown (2) each test: (tests, rows)."""
    columns = segment.columns.take(rows)
    verdicts = np.zeros((len(tests), len(rows)), np.int8)
    for verdict, test in zip(verdicts, tests, strict=True):
        if isinstance(test, PartitionTest):
            codes = np.searchsorted(segment.bounds, rows, side="right") - 1
            last = len(segment.bounds) - 2
            verdict[~np.isin(codes, list(test.codes))] = UNMET
            verdict[codes == last] = UNKNOWN
        else:
            verdict[unknown(test, columns.lows, columns.highs, columns.known)] = UNKNOWN
            verdict[failed(test, columns.lows, columns.highs, columns.words)] = UNMET
    return verdicts


def masks(part: Part, tests: Sequence[Test]) -> tuple[Ints, Ints, Ints]:
    """All rows not removed, and for each the tests it fails and is unknown in, as bitmaps."""
    kept = part.kept
    rows = np.arange(len(part.segment)) if kept is None else np.flatnonzero(kept)
    fails, unsure = np.zeros(len(rows), np.int64), np.zeros(len(rows), np.int64)
    for base in range(0, len(rows), ROWS_AT_ONCE):
        here = slice(base, base + ROWS_AT_ONCE)
        verdicts = judge(part.segment, rows[here], tests)
        for i, verdict in enumerate(verdicts):
            fails[here] |= (verdict == UNMET).astype(np.int64) << i
            unsure[here] |= (verdict == UNKNOWN).astype(np.int64) << i
    return rows, fails, unsure
