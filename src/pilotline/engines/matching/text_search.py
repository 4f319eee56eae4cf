"""The k best records of a large segment by text alone, exactly, without scoring them all.

MaxScore (Turtle, Flood 1995) as whole-array steps. Words are taken rarest first. The postings of
the rare ones are summed by sorting (record, points) keys; the best sums are scored in full, which
gives a threshold that no answer may fall below. As soon as all words not yet taken cannot lift a
record over the threshold together, no new record can come from them: they are only looked up for
the candidates that are left, most of which fall on the way.
"""

from dataclasses import dataclass

import numpy as np

from pilotline.engines.matching.layout import Floats, Ints, Truths
from pilotline.engines.matching.text_index import FULL, TextIndex, score_rows

POSTINGS_AT_ONCE = 20_000
PROBED = 32
FEW = 64
POINTS = (1 << 16) - 64


@dataclass(slots=True)
class _Words:
    """A query's words, rarest first; `rest[j]` is the most that words j and later can add."""

    places: Ints
    factors: Floats
    sizes: Ints
    ceilings: Floats
    rest: Floats
    sparse: int


@dataclass(slots=True)
class _Found:
    """Candidates in ascending order with the sum, rounded down, of the words taken so far."""

    rows: Ints
    sums: Ints
    taken: int = 0
    threshold: float = 0.0


def best_rows(
    index: TextIndex, terms: Ints, factors: Floats, k: int, dead: Truths | None
) -> tuple[Ints, Floats]:
    """Rows that may be among the k best, all ties included, and their exact scores.

    `terms` ascending, all in the vocabulary of the index, with positive `factors`.
    """
    words = _order(index, terms, factors)
    if not len(words.places):
        return np.zeros(0, np.int64), np.zeros(0)

    def exact(rows: Ints) -> Floats:
        return score_rows(index, rows, terms, factors)

    found = _Found(np.zeros(0, np.int64), np.zeros(0, np.int64))
    step = float(words.rest[0]) / POINTS
    while found.taken < words.sparse and words.rest[found.taken] >= found.threshold:
        _take(index, words, found, step, dead)
        if len(found.rows) >= k:
            found.threshold = max(found.threshold, _kth(exact(_top(found, k)), k))
    if found.taken < len(words.places) and words.rest[found.taken] >= found.threshold:
        rows = _sweep(index, words, found, step, k, dead)
    else:
        rows = _narrow(index, words, found, step)
    scores = exact(rows)
    if len(rows) > k:
        good = scores >= _kth(scores, k)
        rows, scores = rows[good], scores[good]
    return rows, scores


def _order(index: TextIndex, terms: Ints, factors: Floats) -> _Words:
    places = index.positions(terms)
    sizes = index.offsets[places + 1] - index.offsets[places]
    order = np.argsort(sizes, kind="stable")
    ceilings = (factors * index.peaks[places] / FULL)[order]
    rest = np.append(np.cumsum(ceilings[::-1])[::-1], 0.0)
    sparse = sum(int(term) not in index.dense for term in terms)
    return _Words(places[order], factors[order], sizes[order], ceilings, rest, sparse)


def _kth(scores: Floats, k: int) -> float:
    return float(np.partition(scores, len(scores) - k)[len(scores) - k])


def _top(found: _Found, k: int) -> Ints:
    """The rows with the best sums: at least k of them, few more."""
    wanted = min(len(found.sums), max(PROBED, 2 * k))
    bar = np.partition(found.sums, len(found.sums) - wanted)[len(found.sums) - wanted]
    return found.rows[np.flatnonzero(found.sums >= bar)[: 4 * wanted]]


def _take(index: TextIndex, words: _Words, found: _Found, step: float, dead: Truths | None) -> None:
    """Add the next words' postings to the sums: one at least, more while they are short."""
    keys = [found.rows << 16 | found.sums]
    budget = POSTINGS_AT_ONCE
    while found.taken < words.sparse and (len(keys) == 1 or words.sizes[found.taken] <= budget):
        place = words.places[found.taken]
        span = slice(int(index.offsets[place]), int(index.offsets[place + 1]))
        rate = np.float32(words.factors[found.taken] / FULL / step)
        points = (index.impacts[span] * rate).astype(np.int64)
        keys.append(index.records[span].astype(np.int64) << 16 | points)
        budget -= span.stop - span.start
        found.taken += 1
    key = np.concatenate(keys)
    key.sort()
    rows = key >> 16
    last = np.append(np.flatnonzero(rows[1:] != rows[:-1]), len(rows) - 1)
    found.rows = rows[last]
    found.sums = np.diff(np.cumsum(key & 0xFFFF)[last], prepend=0)
    if dead is not None:
        alive = ~dead[found.rows]
        found.rows, found.sums = found.rows[alive], found.sums[alive]


def _narrow(index: TextIndex, words: _Words, found: _Found, step: float) -> Ints:
    """Drop candidates that the words not taken cannot lift over the threshold, one by one."""
    # Each word's points were rounded down, by less than one step (and a float32's breadth).
    loss = step * 2 * (len(words.places) + 1)
    left = float(words.rest[found.taken])
    keep = found.sums * step >= found.threshold - left - loss
    rows, sums = found.rows[keep], found.sums[keep] * step
    for j in range(found.taken, len(words.places)):
        if len(rows) <= FEW:
            break
        sums = sums + words.factors[j] / FULL * _lookup(index, int(words.places[j]), rows)
        left -= float(words.ceilings[j])
        keep = sums >= found.threshold - left - loss
        rows, sums = rows[keep], sums[keep]
    return rows


def _lookup(index: TextIndex, place: int, rows: Ints) -> Floats:
    """The 16-bit weights of one word in the given rows, 0 where it does not occur."""
    column = index.dense.get(int(index.vocabulary[place]))
    if column is not None:
        return column[rows].astype(np.float64)
    span = slice(int(index.offsets[place]), int(index.offsets[place + 1]))
    records = index.records[span]
    near = np.searchsorted(records, rows.astype(np.int32))
    near[near == len(records)] = 0
    return np.where(records[near] == rows, index.impacts[span][near], 0).astype(np.float64)


def _sweep(
    index: TextIndex, words: _Words, found: _Found, step: float, k: int, dead: Truths | None
) -> Ints:
    """All words are common: add up whole columns and keep what reaches the threshold."""
    sums = np.zeros(len(index), np.float32)
    for j in range(words.sparse, len(words.places)):
        column = index.dense[int(index.vocabulary[words.places[j]])]
        sums += column * np.float32(words.factors[j] / FULL)
    sums[found.rows] += (found.sums * step).astype(np.float32)
    if dead is not None:
        sums[dead] = 0
    loss = step * 2 * (len(words.places) + 1) + 1e-5 * float(words.rest[0])
    bar = found.threshold
    if len(sums) >= k:
        bar = max(bar, float(np.partition(sums, len(sums) - k)[len(sums) - k]) - loss)
    return np.flatnonzero((sums > 0) & (sums >= bar - loss))
