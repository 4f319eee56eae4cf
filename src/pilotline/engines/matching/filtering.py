"""Which records fail which requirements: quickly for a query, or wholly for its explanation."""

from collections.abc import Iterable, Sequence
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
    tests: tuple[RangeTest | BitTest, ...]
    keep_unknown: bool


def compile_filter(hard: Iterable[Test], keep_unknown: bool) -> Filter:
    """Tests that ask all bits of one word, or of one range, become one."""
    codes: frozenset[int] | None = None
    ranges: dict[int, RangeTest] = {}
    whole: dict[tuple[int, int], int] = {}
    others: list[BitTest] = []
    for test in hard:
        if isinstance(test, PartitionTest):
            codes = test.codes if codes is None else codes & test.codes
        elif isinstance(test, RangeTest):
            ranges[test.column] = _both(ranges.get(test.column), test)
        elif test.every:
            for word, mask in test.parts:
                key = (word, test.known_bit)
                whole[key] = whole.get(key, 0) | mask
        else:
            others.append(test)
    every = [BitTest(((word, mask),), True, bit) for (word, bit), mask in whole.items()]
    return Filter(codes, (*ranges.values(), *every, *others), keep_unknown)


def _both(first: RangeTest | None, second: RangeTest) -> RangeTest:
    if first is None:
        return second
    lows = [t.low_at_most for t in (first, second) if t.low_at_most is not None]
    highs = [t.high_at_least for t in (first, second) if t.high_at_least is not None]
    return RangeTest(first.column, min(lows, default=None), max(highs, default=None))


def survivors(part: Part, wanted: Filter) -> Ints:
    """Rows of a part that are not removed and fail nothing, ascending."""
    segment = part.segment
    tests = sorted(wanted.tests, key=segment.census.passing)
    found = [_run(segment.columns, start, stop, tests) for start, stop in _spans(segment, wanted)]
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


def _run(columns: Columns, start: int, stop: int, tests: Sequence[RangeTest | BitTest]) -> Ints:
    """Test a whole run of rows first, then only what is left of it."""
    if not tests or start == stop:
        return np.arange(start, stop)
    rows = np.flatnonzero(_passes(tests[0], columns, slice(start, stop))) + start
    for test in tests[1:]:
        if not len(rows):
            break
        rows = rows[_passes(test, columns, rows)]
    return rows


def _passes(test: RangeTest | BitTest, columns: Columns, where: slice | Ints) -> Truths:
    if isinstance(test, RangeTest):
        if test.low_at_most is None:
            high_enough: Truths = columns.highs[test.column][where] >= test.high_at_least
            return high_enough
        passes: Truths = columns.lows[test.column][where] <= test.low_at_most
        if test.high_at_least is not None:
            passes &= columns.highs[test.column][where] >= test.high_at_least
        return passes
    hits = None
    for word, mask in test.parts:
        chosen = columns.words[word][where] & np.uint64(mask)
        hit: Truths = chosen == np.uint64(mask) if test.every else chosen != 0
        hits = hit if hits is None else (hits & hit if test.every else hits | hit)
    if hits is None:
        raise ValueError("a test on bits needs bits")
    return hits


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
