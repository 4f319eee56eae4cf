"""Related meaning: records near each other because their words keep the same company.

Latent semantic analysis (Deerwester et al., 1990): the records' weighted words are projected on
the directions that explain most of them; a query is compared by cosine. It finds what plain words
miss and blurs what they tell apart, so it is an own part of the score with an own weight. New
records are folded in through their words; the directions stay until the model is fitted again.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from pilotline.engines.matching.catalogue import Snapshot
from pilotline.engines.matching.layout import Floats, Ints
from pilotline.engines.matching.text_index import FULL, TextIndex, gather

MOST_RECORDS = 3_000
TERMS_AT_ONCE = 4_096
ENTRIES_AT_ONCE = 1 << 16
CACHED_UP_TO = 20_000


@dataclass(slots=True)
class Latent:
    """`basis` has shape (terms, rank), each column of length one; `idf` shape (terms,).

    Safe to share between threads: what is kept is only ever added to.
    """

    basis: NDArray[np.float32]
    idf: Floats
    _seen: WeakKeyDictionary[TextIndex, NDArray[np.float32]] = field(
        default_factory=WeakKeyDictionary, repr=False
    )

    def similarity(self, index: TextIndex, rows: Ints, terms: Ints, factors: Floats) -> Floats:
        """Cosine of some rows with a query, not below 0. `factors`: query weight times idf."""
        known = terms < len(self.basis)
        query = factors[known] @ self.basis[terms[known]]
        length = float(np.sqrt(query @ query))
        if length == 0:
            return np.zeros(len(rows))
        if len(index) > CACHED_UP_TO:
            near = self._project(index, rows) @ query
        else:
            if index not in self._seen:
                self._seen[index] = self._project(index, np.arange(len(index)))
            near = self._seen[index][rows] @ query
        return np.maximum(near / length, 0.0).astype(np.float64)

    def _project(self, index: TextIndex, rows: Ints) -> NDArray[np.float32]:
        """The rows' directions, each of length one (or zero when none of its words is known)."""
        vectors = np.zeros((len(rows), self.basis.shape[1]), np.float32)
        sizes = np.diff(index.starts)[rows]
        cuts = np.searchsorted(np.cumsum(sizes), np.arange(0, sizes.sum() + 1, ENTRIES_AT_ONCE))
        for chosen in np.split(np.arange(len(rows)), np.unique(cuts)):
            positions, owner = gather(index.starts, rows[chosen])
            terms = index.terms[positions].astype(np.int64)
            known = terms < len(self.basis)
            terms, owner = terms[known], owner[known]
            weights = (index.weights[positions[known]] / FULL * self.idf[terms]).astype(np.float32)
            entries = self.basis[terms] * weights[:, None]
            first = np.flatnonzero(np.diff(owner, prepend=-1))
            if len(first):
                vectors[chosen[owner[first]]] = np.add.reduceat(entries, first, axis=0)
        lengths = np.sqrt((vectors * vectors).sum(axis=1, keepdims=True))
        vectors /= np.where(lengths > 0, lengths, 1)
        return vectors


def fit(snapshot: Snapshot, rank: int = 150) -> Latent:
    """Learn the directions from the records of a snapshot (from an even sample of many).

    The rank is cut to the number of directions that the records have. Cost: cubic in the
    records used, about three seconds for 1,400. Deterministic.
    """
    if rank < 1:
        raise ValueError("rank must be positive")
    terms = np.arange(len(snapshot.vocabulary.words))
    idf = snapshot.idf(terms)
    entries = _entries(snapshot)
    count = int(entries[0].max()) + 1 if len(entries[0]) else 0
    gram = np.zeros((count, count), np.float32)
    for block in _blocks(entries, idf, count):
        gram += block @ block.T
    strengths, directions = np.linalg.eigh(gram.astype(np.float64))
    best = np.flatnonzero(strengths > 1e-6 * strengths.max(initial=0.0))[::-1][:rank]
    turned = (directions[:, best] / np.sqrt(strengths[best])).astype(np.float32)
    basis = np.concatenate(
        [block.T @ turned for block in _blocks(entries, idf, count)]
        or [np.zeros((0, 0), np.float32)]
    )
    return Latent(basis, idf)


def _entries(snapshot: Snapshot) -> tuple[Ints, Ints, Floats]:
    """Record, term and weight of every word of the records used, in order of term."""
    step = max(1, -(-len(snapshot) // MOST_RECORDS))
    records, terms, weights, base = [], [], [], 0
    for part in snapshot.parts:
        kept = part.kept
        rows = np.arange(len(part.segment)) if kept is None else np.flatnonzero(kept)
        rows = rows[::step]
        positions, owner = gather(part.segment.text.starts, rows)
        records.append(owner + base)
        terms.append(part.segment.text.terms[positions].astype(np.int64))
        weights.append(part.segment.text.weights[positions] / FULL)
        base += len(rows)
    if not records:
        return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0)
    order = np.argsort(np.concatenate(terms), kind="stable")
    return (
        np.concatenate(records)[order],
        np.concatenate(terms)[order],
        np.concatenate(weights)[order],
    )


def _blocks(
    entries: tuple[Ints, Ints, Floats], idf: Floats, count: int
) -> Iterator[NDArray[np.float32]]:
    """The matrix of weight times idf, shape (records, terms), cut into runs of terms."""
    records, terms, weights = entries

    for start in range(0, len(idf), TERMS_AT_ONCE):
        first, last = np.searchsorted(terms, (start, start + TERMS_AT_ONCE))
        here = slice(int(first), int(last))
        block = np.zeros((count, min(TERMS_AT_ONCE, len(idf) - start)), np.float32)
        block[records[here], terms[here] - start] = weights[here] * idf[terms[here]]
        yield block
