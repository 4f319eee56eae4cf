"""A segment: some records, packed in columns and laid out by partition."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from pilotline.engines.matching.layout import Bits, BitTest, Floats, Ints, RangeTest, Truths
from pilotline.engines.matching.schema import Source
from pilotline.engines.matching.text_index import (
    ROWS_AT_A_TIME,
    Integers,
    Shorts,
    TextIndex,
    gather,
    invert,
    narrow,
)

TURNED_AT_ONCE = 8_192

Planes: TypeAlias = NDArray[np.uint8]
Sources: TypeAlias = tuple[dict[str, Source] | None, ...] | None


@dataclass(frozen=True, slots=True)
class Columns:
    """Records as columns: shape (columns, n) but for `ids`, `groups`, `candidates` and
    `known`, which are (n,).

    `measures` and `places` (longitude, latitude) are NaN where unknown.
    """

    ids: Ints
    groups: Ints
    candidates: Ints
    lows: Floats
    highs: Floats
    words: Bits
    known: Bits
    measures: Floats
    places: Floats

    def take(self, rows: Ints) -> "Columns":
        return Columns(
            self.ids[rows],
            self.groups[rows],
            self.candidates[rows],
            self.lows[:, rows],
            self.highs[:, rows],
            self.words[:, rows],
            self.known[rows],
            self.measures[:, rows],
            self.places[:, rows],
        )

    def empty(self, count: int) -> "Columns":
        """Room for `count` records of the same columns."""
        return Columns(*(np.empty((*a.shape[:-1], count), a.dtype) for a in self.arrays))

    @property
    def arrays(self) -> tuple[Ints | Floats | Bits, ...]:
        return (
            self.ids,
            self.groups,
            self.candidates,
            self.lows,
            self.highs,
            self.words,
            self.known,
            self.measures,
            self.places,
        )


@dataclass(frozen=True, slots=True)
class Census:
    """What is known of every record of a segment, so that nobody need ask each."""

    open_lows: tuple[bool, ...]
    open_highs: tuple[bool, ...]
    known_to_all: int
    has_alternatives: bool

    def is_complete(self, test: RangeTest | BitTest) -> bool:
        """True when no record is unknown in what the test looks at."""
        if isinstance(test, BitTest):
            return bool(self.known_to_all >> test.known_bit & 1)
        return not (
            (test.low_at_most is not None and self.open_lows[test.column])
            or (test.high_at_least is not None and self.open_highs[test.column])
        )


def take_census(columns: Columns) -> Census:
    """Look at every record once."""
    return Census(
        tuple(bool(np.isinf(column).any()) for column in columns.lows),
        tuple(bool(np.isinf(column).any()) for column in columns.highs),
        int(np.bitwise_and.reduce(columns.known)) if len(columns.known) else 0,
        bool((columns.candidates != columns.ids).any()),
    )


def make_planes(words: Bits) -> Planes:
    """The words turned round: for each of their bits one bitmap over all records.

    Shape (64 * words, records / 8); record i is bit 7 - i % 8 of byte i // 8.
    """
    lines, count = words.shape
    planes = np.zeros((64 * lines, -(-count // 8)), np.uint8)
    for line, word in enumerate(words):
        for base in range(0, count, TURNED_AT_ONCE):
            some = word[base : base + TURNED_AT_ONCE].astype("<u8").view(np.uint8)
            bits = np.unpackbits(some.reshape(-1, 8), axis=1, bitorder="little")
            turned = np.packbits(np.ascontiguousarray(bits.T), axis=1)
            planes[64 * line : 64 * line + 64, base // 8 : base // 8 + turned.shape[1]] = turned
    return planes


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Packed records in order of partition, their words by record: all that a segment is made of.

    `bounds` (partitions+1): the rows of partition p lie from bounds[p] to bounds[p+1]. `starts`,
    `terms`, `weights`: as in `TextIndex`. `sources[row]` names where each attribute of a record
    came from; None when no record says.
    """

    columns: Columns
    bounds: Ints
    starts: Ints
    terms: Integers
    weights: Shorts
    sources: Sources = None

    def __len__(self) -> int:
        return len(self.columns.ids)

    @property
    def codes(self) -> Ints:
        """The partition code of every row."""
        return np.repeat(np.arange(len(self.bounds) - 1), np.diff(self.bounds))


class Segment:
    """Rows made searchable. Never changed once made."""

    __slots__ = ("bounds", "by_id", "census", "columns", "planes", "rows", "sources", "text")

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self.columns = rows.columns
        self.bounds = rows.bounds
        self.sources = rows.sources
        self.text: TextIndex = invert(rows.starts, rows.terms, rows.weights)
        self.by_id = np.argsort(rows.columns.ids, kind="stable").astype(np.int32)
        self.census = take_census(rows.columns)
        self.planes = make_planes(rows.columns.words)

    def __len__(self) -> int:
        return len(self.rows)

    def row_of(self, record: int) -> int:
        """The row of a record id, or -1."""
        place = int(np.searchsorted(self.columns.ids, record, sorter=self.by_id))
        if place == len(self):
            return -1
        row = int(self.by_id[place])
        return row if self.columns.ids[row] == record else -1


def join(parts: list[Rows], keep: Sequence[Truths | None]) -> Rows:
    """All kept rows of some parts, in order of partition, then of part.

    `keep[i]` marks the rows of part i to take, None takes all. Empties `parts` as it goes, so
    that memory is freed early when the caller holds no other reference.
    """
    partitions = len(parts[0].bounds) - 1
    rows = [
        np.arange(len(part)) if kept is None else np.flatnonzero(kept)
        for part, kept in zip(parts, keep, strict=True)
    ]
    codes = np.concatenate(
        [part.codes[chosen].astype(np.int32) for part, chosen in zip(parts, rows, strict=True)]
    )
    target = np.empty(len(codes), np.int64)
    target[np.argsort(codes, kind="stable")] = np.arange(len(codes))
    targets = np.split(target, np.cumsum([len(chosen) for chosen in rows])[:-1])
    counts = np.bincount(codes, minlength=partitions)
    bounds = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
    return _receive(parts, rows, targets, bounds)


def _receive(parts: list[Rows], rows: list[Ints], targets: list[Ints], bounds: Ints) -> Rows:
    """Copy the kept rows of every part to their places, freeing each part when done."""
    count = int(bounds[-1])
    columns = parts[0].columns.empty(count)
    lengths = np.zeros(count + 1, np.int64)
    for part, chosen, into in zip(parts, rows, targets, strict=True):
        lengths[into + 1] = np.diff(part.starts)[chosen]
    starts = np.cumsum(lengths)
    top = max(int(part.terms.max(initial=0)) for part in parts)
    terms = np.empty(int(starts[-1]), narrow(top))
    weights = np.empty(int(starts[-1]), np.uint16)
    named = any(part.sources is not None for part in parts)
    sources: list[dict[str, Source] | None] = [None] * count if named else []
    for chosen, into in zip(rows, targets, strict=True):
        part = parts.pop(0)
        for new, old in zip(columns.arrays, part.columns.arrays, strict=True):
            new[..., into] = old[..., chosen]
        if part.sources is not None:
            for row, place in zip(chosen.tolist(), into.tolist(), strict=True):
                sources[place] = part.sources[row]
        for base in range(0, len(chosen), ROWS_AT_A_TIME):
            here = slice(base, base + ROWS_AT_A_TIME)
            read, owner = gather(part.starts, chosen[here])
            # Entries of a row stay together: shift each row's run to its new start.
            write = read + (starts[into[here]] - part.starts[chosen[here]])[owner]
            terms[write] = part.terms[read]
            weights[write] = part.weights[read]
    return Rows(columns, bounds, starts, terms, weights, tuple(sources) if named else None)
