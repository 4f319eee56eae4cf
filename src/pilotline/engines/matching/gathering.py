"""Gather any number of packed records into one, within little more memory than they take.

Arrays grow in place, so that a large one is moved by the operating system and never lies in
memory twice; they are put in order of partition once, at the end.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pilotline.engines.matching.layout import Ints
from pilotline.engines.matching.schema import Source
from pilotline.engines.matching.segment import Rows
from pilotline.engines.matching.text_index import ROWS_AT_A_TIME, gather, narrow


class _Growing:
    """A one-dimensional array that is added to at its end."""

    def __init__(self, dtype: np.dtype[Any]) -> None:
        self.array: NDArray[Any] = np.empty(1024, dtype)
        self.used = 0

    def extend(self, more: NDArray[Any]) -> None:
        needed = self.used + len(more)
        if needed > len(self.array):
            # Half as much again; no view of it exists while it grows.
            self.array.resize(max(needed, len(self.array) * 3 // 2), refcheck=False)
        self.array[self.used : needed] = more
        self.used = needed

    def take(self) -> NDArray[Any]:
        """The array as filled; this is empty afterwards."""
        array, self.array = self.array[: self.used], np.empty(0, self.array.dtype)
        return array


class Gatherer:
    """Takes blocks of packed records and gives all of them back in order of partition."""

    def __init__(self, first: Rows) -> None:
        self.shape = first.columns
        self.partitions = len(first.bounds) - 1
        self.columns = [
            [_Growing(array.dtype) for _ in np.atleast_2d(array)] for array in first.columns.arrays
        ]
        self.codes = _Growing(np.dtype(np.int32))
        self.lengths = _Growing(np.dtype(np.int32))
        self.terms = _Growing(np.dtype(np.uint32))
        self.weights = _Growing(np.dtype(np.uint16))
        self.sources: list[dict[str, Source] | None] = []
        self.named = False
        self.add(first)

    def add(self, block: Rows) -> None:
        """Take a block in."""
        for growing, array in zip(self.columns, block.columns.arrays, strict=True):
            for line, more in zip(growing, np.atleast_2d(array), strict=True):
                line.extend(more)
        self.codes.extend(block.codes)
        self.lengths.extend(np.diff(block.starts))
        self.terms.extend(block.terms)
        self.weights.extend(block.weights)
        self.named |= block.sources is not None
        self.sources.extend(block.sources or [None] * len(block))

    def finish(self) -> Rows:
        """All records, in order of partition, then of arrival. To be called once."""
        codes = self.codes.take()
        order = np.argsort(codes, kind="stable")
        counts = np.bincount(codes, minlength=self.partitions)
        columns = self.shape.empty(len(order))
        for growing, array in zip(self.columns, columns.arrays, strict=True):
            for line, target in zip(growing, np.atleast_2d(array), strict=True):
                target[:] = line.take()[order]
        return Rows(
            columns,
            np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
            *self._words(order),
            tuple(self.sources[i] for i in order.tolist()) if self.named else None,
        )

    def _words(self, order: Ints) -> tuple[Ints, NDArray[Any], NDArray[np.uint16]]:
        """Row starts, terms and weights in the new order."""
        lengths = self.lengths.take()
        old = np.concatenate(([0], np.cumsum(lengths, dtype=np.int64)))
        starts = np.concatenate(([0], np.cumsum(lengths[order], dtype=np.int64)))
        terms, weights = self.terms.take(), self.weights.take()
        new_terms = np.empty(len(terms), narrow(int(terms.max(initial=0))))
        new_weights = np.empty(len(weights), np.uint16)
        for base in range(0, len(order), ROWS_AT_A_TIME):
            read, _ = gather(old, order[base : base + ROWS_AT_A_TIME])
            into = slice(int(starts[base]), int(starts[base]) + len(read))
            new_terms[into] = terms[read]
            new_weights[into] = weights[read]
        return starts, new_terms, new_weights
