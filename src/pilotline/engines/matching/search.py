"""Find and rank: the part of solving that must be fast."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pilotline.engines.matching.catalogue import Part, Snapshot
from pilotline.engines.matching.explain import Place
from pilotline.engines.matching.filtering import Filter, survivors, unsure
from pilotline.engines.matching.layout import Floats, Ints, Truths
from pilotline.engines.matching.scoring import Scorer, text_scores
from pilotline.engines.matching.text_index import DENSE_FROM
from pilotline.engines.matching.text_search import best_rows


@dataclass(frozen=True, slots=True)
class Hits:
    """Rows of parts (by number) with their totals, and whether anything hard is unknown."""

    parts: Ints
    rows: Ints
    ids: Ints
    candidates: Ints
    totals: Floats
    unsure: Truths

    def __len__(self) -> int:
        return len(self.ids)

    def take(self, chosen: Ints) -> "Hits":
        return Hits(
            self.parts[chosen],
            self.rows[chosen],
            self.ids[chosen],
            self.candidates[chosen],
            self.totals[chosen],
            self.unsure[chosen],
        )

    def best(self, count: int) -> "Hits":
        """The first `count`: known before unsure, then by total, then by id."""
        chosen = np.arange(len(self))
        if len(self) > 8 * count:
            sure = chosen[~self.unsure]
            chosen = _greatest(sure, self.totals, count)
            if len(sure) < count:
                rest = _greatest(np.flatnonzero(self.unsure), self.totals, count - len(sure))
                chosen = np.concatenate((chosen, rest))
        order = np.lexsort((self.ids[chosen], -self.totals[chosen], self.unsure[chosen]))
        return self.take(chosen[order[:count]])

    def distinct(self) -> "Hits":
        """All hits in order, each candidate once, by its best record."""
        ordered = self.best(len(self))
        _, first = np.unique(ordered.candidates, return_index=True)
        return ordered.take(np.sort(first))

    def places(self, snapshot: Snapshot) -> list[Place]:
        return [
            Place(snapshot.parts[part], row)
            for part, row in zip(self.parts.tolist(), self.rows.tolist(), strict=True)
        ]


def _greatest(chosen: Ints, totals: Floats, count: int) -> Ints:
    """Those of `chosen` whose total is among the `count` greatest, ties included."""
    if len(chosen) <= count:
        return chosen
    values = totals[chosen]
    bar = float(np.partition(values, len(values) - count)[len(values) - count])
    best: Ints = chosen[values >= bar]
    return best


def make_hits(number: int, part: Part, rows: Ints, totals: Floats, doubts: Truths) -> Hits:
    """Hits of one part."""
    columns = part.segment.columns
    numbers = np.full(len(rows), number)
    return Hits(numbers, rows, columns.ids[rows], columns.candidates[rows], totals, doubts)


def join_hits(hits: Sequence[Hits]) -> Hits:
    """All hits of several parts."""
    if len(hits) == 1:
        return hits[0]
    none = np.zeros(0, np.int64)
    return Hits(
        np.concatenate([none, *(h.parts for h in hits)]),
        np.concatenate([none, *(h.rows for h in hits)]),
        np.concatenate([none, *(h.ids for h in hits)]),
        np.concatenate([none, *(h.candidates for h in hits)]),
        np.concatenate([np.zeros(0), *(h.totals for h in hits)]),
        np.concatenate([np.zeros(0, bool), *(h.unsure for h in hits)]),
    )


def find(scorer: Scorer, wanted: Filter, limit: int) -> tuple[Hits, int | None]:
    """The best hits and how many candidates there are, None when nobody needed to count."""
    if scorer.snapshot.has_alternatives:
        parts = enumerate(scorer.snapshot.parts)
        hits = join_hits([_find_by_filter(scorer, wanted, *part) for part in parts]).distinct()
        return hits.best(limit), len(hits)
    found: list[Hits] = []
    count: int | None = 0
    for number, part in enumerate(scorer.snapshot.parts):
        if _words_decide(scorer, wanted, part):
            hits, count = _find_by_words(scorer, number, part, limit), None
        else:
            hits = _find_by_filter(scorer, wanted, number, part)
            count = None if count is None else count + len(hits)
        found.append(hits.best(limit))
    return join_hits(found).best(limit), count


def _words_decide(scorer: Scorer, wanted: Filter, part: Part) -> bool:
    return (
        scorer.text_only
        and scorer.problem.must_match_text
        and wanted.codes is None
        and not wanted.tests
        and len(part.segment) >= DENSE_FROM
    )


def _find_by_words(scorer: Scorer, number: int, part: Part, limit: int) -> Hits:
    index, question = part.segment.text, scorer.question
    held = (index.positions(question.terms) >= 0) & (question.factors > 0)
    rows, scores = best_rows(index, question.terms[held], question.factors[held], limit, part.dead)
    totals = scores / question.ceiling
    return make_hits(number, part, rows, totals, np.zeros(len(rows), bool))


def _find_by_filter(scorer: Scorer, wanted: Filter, number: int, part: Part) -> Hits:
    rows = survivors(part, wanted)
    text = text_scores(part, rows, scorer.question)
    if scorer.problem.must_match_text:
        touched = text > 0
        rows, text = rows[touched], text[touched]
    totals = scorer.totals(part, rows, text)
    return make_hits(number, part, rows, totals, unsure(part.segment, rows, wanted))
