"""The exact answer by looking at every record with whole-array steps; also the speed baseline.

It shares nothing with the engine: it reads the generated columns and computes BM25 in double
precision from counted words.
"""

from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.matching import workload
from benchmarks.matching.workload import Query
from benchmarks.reporting import Figures

SATURATION, LENGTH_PENALTY = 1.2, 0.75
TIE = 1e-6


class Scan:
    """All columns in memory, no index."""

    def __init__(self, folder: Path) -> None:
        self.columns = {name: np.array(workload.column(folder, name)) for name in workload.COLUMNS}
        words = self.columns["words"]
        self.frequency = np.zeros(workload.WORDS, np.int64)
        for start in range(0, len(words), workload.BLOCK):
            block = np.sort(words[start : start + workload.BLOCK], axis=1)
            first = np.ones(block.shape, bool)
            first[:, 1:] = block[:, 1:] != block[:, :-1]
            self.frequency += np.bincount(block[first], minlength=workload.WORDS)

    def prepare(self, query: Query, filtered: bool) -> tuple[Query, bool]:
        return query, filtered

    def search(self, prepared: Any) -> list[int]:
        ids, scores = self.scored(*prepared)
        order = np.lexsort((ids, -scores))[:10]
        return [int(i) for i in ids[order]]

    def admissible(self, query: Query, filtered: bool) -> tuple[int, list[int]]:
        """How many answers there should be, and every record as good as the last of them."""
        ids, scores = self.scored(query, filtered)
        if not len(ids):
            return 0, []
        count = min(10, len(ids))
        last = np.partition(scores, len(scores) - count)[len(scores) - count]
        return count, [int(i) for i in ids[scores >= last * (1 - TIE)]]

    def scored(self, query: Query, filtered: bool) -> tuple[Any, Any]:
        """All records that pass and share a word, with their BM25 scores."""
        rows = self.passing(query) if filtered else slice(None)
        words = self.columns["words"][rows]
        scores = np.zeros(len(words))
        total = len(self.columns["words"])
        norm = 1 - LENGTH_PENALTY + LENGTH_PENALTY * words.shape[1] / workload.WORDS_PER_RECORD
        for word in query.words:
            count = (words == word).sum(axis=1) / norm
            df = self.frequency[word]
            idf = np.log(1 + (total - df + 0.5) / (df + 0.5))
            scores += idf * count / (count + SATURATION)
        ids = np.flatnonzero(scores > 0)
        return (rows[ids] if filtered else ids), scores[ids]

    def passing(self, query: Query) -> Any:
        """Rows that meet every limit of a query."""
        c = self.columns
        one = np.uint64(1)
        good = (c["process"] == query.process) & (c["price"] <= query.price)
        good &= (c["volume_low"] <= query.volume[0]) & (c["volume_high"] >= query.volume[1])
        good &= c["temperature_low"] <= query.temperature[0]
        good &= c["temperature_high"] >= query.temperature[1]
        good &= (c["pressure"] >= query.pressure) & (c["hazard"] >= query.hazard)
        good &= c["materials"] >> np.uint64(query.material) & one == one
        good &= c["certificates"] >> np.uint64(query.certificate) & one == one
        good &= np.isin(c["region"], query.regions)
        return np.flatnonzero(good)

    def extras(self, queries: list[Query], repetitions: int) -> Figures:
        return {}
