"""The other direction: one offer looks for its takers among many needs.

Each need's hard requirements are tried on the one record, which is quick because most fall at the
first; the few that stay are scored by the same code as `solve`, so the totals are the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pilotline.engines.matching.catalogue import Catalogue, Part
from pilotline.engines.matching.explain import Place, explain
from pilotline.engines.matching.latent import Latent
from pilotline.engines.matching.layout import Layout, PartitionTest, RangeTest, Test
from pilotline.engines.matching.problem import Problem
from pilotline.engines.matching.result import Row
from pilotline.engines.matching.scoring import Scorer, make_scorer, text_scores
from pilotline.engines.matching.tokenise import query_weights


@dataclass(frozen=True, slots=True)
class Taker:
    """A need that the offer can serve. `row` is the offer as `solve` would show it to the need."""

    need: int
    row: Row


@dataclass(frozen=True, slots=True)
class ReverseResult:
    """The best takers, those with nothing unknown first; `found` counts all that fail nothing."""

    takers: tuple[Taker, ...]
    found: int


@dataclass(frozen=True, slots=True)
class _Need:
    id: int
    problem: Problem
    tests: tuple[Test, ...]
    words: Mapping[str, float]


class Needs:
    """Problems by id, made ready to be held against offers of one catalogue's schema.

    Raises ValueError when a problem does not speak that schema or asks for feedback, which one
    record cannot give.
    """

    def __init__(self, catalogue: Catalogue, problems: Mapping[int, Problem]) -> None:
        snapshot = catalogue.snapshot()
        needs = []
        for number, problem in problems.items():
            problem.check(snapshot.layout.schema)
            if problem.feedback is not None:
                raise ValueError(f"need {number}: no feedback in this direction")
            tests = sorted(map(snapshot.layout.test, problem.hard), key=_cost)
            words = query_weights(problem.words, snapshot.tokeniser)
            needs.append(_Need(number, problem, tuple(tests), words))
        self.needs: Sequence[_Need] = tuple(needs)


def _cost(test: Test) -> int:
    """The partition parts the most, and is the cheapest to try."""
    return 0 if isinstance(test, PartitionTest) else 1


def solve_reverse(
    record: int,
    needs: Needs,
    catalogue: Catalogue,
    *,
    limit: int = 10,
    latent: Latent | None = None,
) -> ReverseResult:
    """The needs that a record of the catalogue serves best.

    Raises KeyError when the catalogue has no such record. Deterministic.
    """
    snapshot = catalogue.snapshot()
    part, row = snapshot.find(record)
    offer = _Offer(snapshot.layout, part, row)
    ranked: list[tuple[bool, float, int, Scorer]] = []
    rows = np.array([row])
    for need in needs.needs:
        verdict = offer.verdict(need.tests)
        if verdict is None or (verdict and not need.problem.keep_unknown):
            continue
        scorer = make_scorer(snapshot, need.problem, dict(need.words), latent)
        text = text_scores(part, rows, scorer.question)
        if need.problem.must_match_text and not text[0] > 0:
            continue
        ranked.append((verdict, -float(scorer.totals(part, rows, text)[0]), need.id, scorer))
    ranked.sort(key=lambda taker: taker[:3])
    takers = []
    for _, _, number, scorer in ranked[:limit]:
        [shown] = explain(scorer, [Place(part, row)])
        takers.append(Taker(number, shown))
    return ReverseResult(tuple(takers), len(ranked))


class _Offer:
    """One packed record, taken out of the columns."""

    def __init__(self, layout: Layout, part: Part, row: int) -> None:
        columns = part.segment.columns
        self.lows: list[float] = columns.lows[:, row].tolist()
        self.highs: list[float] = columns.highs[:, row].tolist()
        self.words: list[int] = columns.words[:, row].tolist()
        self.known = int(columns.known[row])
        self.code = int(np.searchsorted(part.segment.bounds, row, side="right")) - 1
        self.nowhere = layout.partitions - 1

    def verdict(self, tests: Sequence[Test]) -> bool | None:
        """None when a test fails; otherwise whether anything they look at is unknown."""
        unsure = False
        for test in tests:
            if isinstance(test, PartitionTest):
                passes, known = self.code in test.codes, self.code != self.nowhere
            elif isinstance(test, RangeTest):
                passes, known = self._range(test)
            else:
                hits = [self.words[word] & mask for word, mask in test.parts]
                whole = all(hit == mask for hit, (_, mask) in zip(hits, test.parts, strict=True))
                passes = whole if test.every else any(hits)
                known = bool(self.known >> test.known_bit & 1)
            if known and not passes:
                return None
            unsure |= not known
        return unsure

    def _range(self, test: RangeTest) -> tuple[bool, bool]:
        """Whether the range passes and is known; a known end that fails settles both."""
        low, high = self.lows[test.column], self.highs[test.column]
        below, above = test.low_at_most, test.high_at_least
        if (below is not None and low > below) or (above is not None and high < above):
            return False, True
        known_low = below is None or low != -np.inf or high <= below
        known_high = above is None or high != np.inf or low >= above
        return True, known_low and known_high
