"""Words of a segment, laid out twice: by record (to score survivors) and by word (to find them).

A word's weight in a record is BM25F's saturated frequency, f / (k1 + f) with f the sum over
fields of weight * count / (1 - b + b * length / typical length); it lies in 0..1 and is kept in
16 bits. A record's score for a query is the sum over words of query weight * idf * weight.
Sources: Robertson, Zaragoza, Taylor, "Simple BM25 extension to multiple weighted fields" (CIKM
2004); Turtle, Flood, "Query evaluation: strategies and optimizations" (1995) for the pruning
that `text_search` does on this index.
"""

from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from pilotline.engines.matching.layout import Floats, Ints

FULL = 65535.0
ROWS_AT_A_TIME = 1 << 16
DENSE_FROM = 50_000
DENSE_SHARE = 16
WORDS_SWEPT_PER_ROW = 16

Integers: TypeAlias = NDArray[Any]
Shorts: TypeAlias = NDArray[np.uint16]


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class TextIndex:
    """`starts` (n+1), `terms`, `weights`: the words of record i lie from starts[i] to
    starts[i+1], ascending. `vocabulary`, `offsets`, `records`, `impacts`: the records of word
    vocabulary[j] lie from offsets[j] to offsets[j+1], ascending, with the same weights; `peaks`
    holds the greatest weight of each word. `dense` holds whole columns of weights for the
    commonest words of a large segment.
    """

    starts: Ints
    terms: Integers
    weights: Shorts
    vocabulary: Integers
    offsets: Ints
    records: NDArray[np.int32]
    impacts: Shorts
    peaks: Shorts
    dense: dict[int, Shorts] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.starts) - 1

    def positions(self, terms: Ints) -> Ints:
        """Where each term lies in `vocabulary`, or -1."""
        if not len(self.vocabulary):
            return np.full(len(terms), -1, np.int64)
        found = np.searchsorted(self.vocabulary, terms)
        found[found == len(self.vocabulary)] = 0
        found[self.vocabulary[found] != terms] = -1
        return found

    def frequencies(self, terms: Ints) -> Ints:
        """In how many records of this segment each term occurs."""
        found = self.positions(terms)
        ends = self.offsets[1:][found] if len(self.vocabulary) else np.zeros_like(found)
        begins = self.offsets[:-1][found] if len(self.vocabulary) else np.zeros_like(found)
        return np.where(found < 0, 0, ends - begins)


def narrow(top: int) -> type[np.uint16] | type[np.uint32]:
    """The narrowest type that holds word numbers up to `top`."""
    return np.uint16 if top < 1 << 16 else np.uint32


def gather(starts: Ints, rows: Ints) -> tuple[Ints, Ints]:
    """Positions of all entries of the given rows, and for each the index of its row in `rows`."""
    first = starts[rows]
    lengths = starts[rows + 1] - first
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    positions = np.repeat(first - (ends - lengths), lengths) + np.arange(total)
    return positions, np.repeat(np.arange(len(rows)), lengths)


def score_rows(index: TextIndex, rows: Ints, terms: Ints, factors: Floats) -> Floats:
    """Text score of the given rows. `terms` ascending and all in this index's vocabulary,
    `factors` query weight times idf of each."""
    if not len(rows) or not len(terms):
        return np.zeros(len(rows))
    if len(rows) * WORDS_SWEPT_PER_ROW > len(index):
        return _score_all(index, terms, factors)[rows]
    positions, owner = gather(index.starts, rows)
    words = index.terms[positions]
    place = np.searchsorted(terms.astype(words.dtype), words)
    place[place == len(terms)] = 0
    hits = np.flatnonzero(terms[place] == words)
    points = factors[place[hits]] * index.weights[positions[hits]]
    return np.bincount(owner[hits], points, minlength=len(rows)) / FULL


def _score_all(index: TextIndex, terms: Ints, factors: Floats) -> Floats:
    """Text score of every row, word by word: cheaper when a good part of them is asked for."""
    scores = np.zeros(len(index))
    for place, factor in zip(index.positions(terms), factors, strict=True):
        span = slice(int(index.offsets[place]), int(index.offsets[place + 1]))
        scores[index.records[span]] += factor * index.impacts[span]
    return scores / FULL


def invert(starts: Ints, terms: Integers, weights: Shorts) -> TextIndex:
    """Build the index by word from the index by record, in time linear in its size."""
    size = int(terms.max()) + 1 if len(terms) else 0
    counts = np.bincount(terms, minlength=size).astype(np.int64) if size else np.zeros(0, np.int64)
    ends = np.cumsum(counts)
    write = ends - counts
    records = np.empty(len(terms), np.int32)
    impacts = np.empty(len(terms), np.uint16)
    for base in range(0, len(starts) - 1, ROWS_AT_A_TIME):
        rows = starts[base : base + ROWS_AT_A_TIME + 1]
        keys = _sorted_keys(rows, terms, weights)
        found = (keys >> np.uint64(32)).astype(np.int64)
        first = np.flatnonzero(np.diff(found, prepend=-1))
        lengths = np.diff(first, append=len(found))
        target = np.repeat(write[found[first]] - first, lengths) + np.arange(len(found))
        records[target] = (keys >> np.uint64(16) & np.uint64(0xFFFF)).astype(np.int32) + base
        impacts[target] = (keys & np.uint64(0xFFFF)).astype(np.uint16)
        write[found[first]] += lengths
    vocabulary = np.flatnonzero(counts)
    offsets = np.concatenate(([0], ends[vocabulary])).astype(np.int64)
    peaks = np.maximum.reduceat(impacts, offsets[:-1]) if len(vocabulary) else impacts
    dense = _dense_columns(len(starts) - 1, vocabulary, offsets, records, impacts)
    return TextIndex(starts, terms, weights, vocabulary, offsets, records, impacts, peaks, dense)


def _sorted_keys(rows: Ints, terms: Integers, weights: Shorts) -> NDArray[np.uint64]:
    """Term, local row and weight of a run of rows in one word each, ascending."""
    span = slice(int(rows[0]), int(rows[-1]))
    keys = terms[span].astype(np.uint64) << np.uint64(32)
    local = np.repeat(np.arange(len(rows) - 1, dtype=np.uint64), np.diff(rows))
    keys |= local << np.uint64(16)
    keys |= weights[span].astype(np.uint64)
    keys.sort()
    return keys


def _dense_columns(
    count: int,
    vocabulary: Integers,
    offsets: Ints,
    records: NDArray[np.int32],
    impacts: Shorts,
) -> dict[int, Shorts]:
    """Whole columns for words that occur in more than one record in 16 of a large segment."""
    if count < DENSE_FROM:
        return {}
    columns = {}
    for j in np.flatnonzero(np.diff(offsets) > count // DENSE_SHARE):
        span = slice(int(offsets[j]), int(offsets[j + 1]))
        column = np.zeros(count, np.uint16)
        column[records[span]] = impacts[span]
        columns[int(vocabulary[j])] = column
    return columns
