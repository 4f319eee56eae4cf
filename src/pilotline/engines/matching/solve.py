"""Solve: rank what can serve a need, and explain it."""

from dataclasses import dataclass, replace

import numpy as np

from pilotline.engines.matching.catalogue import Catalogue
from pilotline.engines.matching.diagnosis import conflicts, patterns_of, waivers
from pilotline.engines.matching.explain import explain
from pilotline.engines.matching.filtering import masks
from pilotline.engines.matching.latent import Latent
from pilotline.engines.matching.layout import Floats, Ints
from pilotline.engines.matching.pairs import Halves, Sharing, best_pairs
from pilotline.engines.matching.problem import Problem, Requirement
from pilotline.engines.matching.ranking import best, prepare
from pilotline.engines.matching.result import NearMiss, Pair, Result, Status
from pilotline.engines.matching.scoring import Scorer, text_scores
from pilotline.engines.matching.search import Hits, join_hits, make_hits


def solve(problem: Problem, catalogue: Catalogue, *, latent: Latent | None = None) -> Result:
    """The best candidates with their reasons; what nearly fits; why nothing does.

    Deterministic. Raises ValueError when the problem does not speak the catalogue's schema, or
    weighs `latent` and no model is given.
    """
    scorer = prepare(catalogue.snapshot(), problem, latent)
    hits, found = best(scorer)
    answer = Result(explain(scorer, hits.places(scorer.snapshot)), found)
    if problem.near_misses or problem.pairs or found == 0:
        return _diagnose(scorer, answer)
    return answer


@dataclass(frozen=True, slots=True)
class _Judged:
    """Every record of the catalogue: hard requirements failed and unknown, as bitmaps."""

    hits: Hits
    groups: Ints
    fails: Ints
    unsure: Ints

    def telling(self, hard: int) -> "_Judged":
        """Without those that fail nothing and meet none, or less than is unknown, of `hard`."""
        unknown = np.bitwise_count(self.unsure).astype(np.int64)
        tells = (self.fails != 0) | (hard - unknown >= np.maximum(unknown, 1))
        kept = np.flatnonzero(tells)
        return _Judged(self.hits.take(kept), self.groups[kept], self.fails[kept], self.unsure[kept])


def _judge_all(scorer: Scorer) -> _Judged:
    hits, groups, fails, doubts = [], [], [], []
    for number, part in enumerate(scorer.snapshot.parts):
        rows, failing, unknown = masks(part, scorer.hard_tests)
        totals = np.zeros(len(rows))
        hits.append(make_hits(number, part, rows, totals, unknown != 0))
        groups.append(part.segment.columns.groups[rows])
        fails.append(failing)
        doubts.append(unknown)
    none = np.zeros(0, np.int64)
    return _Judged(
        join_hits(hits),
        np.concatenate([none, *groups]),
        np.concatenate([none, *fails]),
        np.concatenate([none, *doubts]),
    )


def _diagnose(scorer: Scorer, answer: Result) -> Result:
    problem = scorer.problem
    keys = tuple(requirement.key for requirement in problem.hard)
    everyone = _judge_all(scorer)
    sure = (everyone.fails | everyone.unsure) == 0
    judged = everyone.telling(len(keys)) if problem.telling_only else everyone
    fails = judged.fails if problem.keep_unknown else judged.fails | judged.unsure
    patterns = patterns_of(fails, judged.hits.candidates)
    return replace(
        answer,
        near_misses=_near_misses(scorer, judged, fails, keys),
        pairs=_pairs(scorer, everyone) if problem.pairs and not sure.any() else (),
        conflicts=conflicts(patterns, keys),
        waivers=waivers(patterns, keys),
    )


def _near_misses(
    scorer: Scorer, judged: _Judged, fails: Ints, keys: tuple[str, ...]
) -> tuple[NearMiss, ...]:
    if not scorer.problem.near_misses:
        return ()
    passing = judged.hits.candidates[fails == 0]
    near = (fails != 0) & (fails & (fails - 1) == 0)
    chosen = np.flatnonzero(near & ~np.isin(judged.hits.candidates, passing))
    hits = _with_totals(scorer, judged.hits.take(chosen))
    shown = hits.distinct().best(scorer.problem.near_misses)
    failed = dict(zip(judged.hits.ids[chosen].tolist(), fails[chosen].tolist(), strict=True))
    rows = explain(scorer, shown.places(scorer.snapshot))
    return tuple(NearMiss(row, keys[failed[row.id].bit_length() - 1]) for row in rows)


def _with_totals(scorer: Scorer, hits: Hits) -> Hits:
    totals: Floats = np.zeros(len(hits))
    for number, part in enumerate(scorer.snapshot.parts):
        here = np.flatnonzero(hits.parts == number)
        rows = hits.rows[here]
        totals[here] = scorer.totals(part, rows, text_scores(part, rows, scorer.question))
    return replace(hits, totals=totals)


def _pairs(scorer: Scorer, judged: _Judged) -> tuple[Pair, ...]:
    hard = scorer.problem.hard
    sharing = _sharing(hard)
    hits = _with_totals(scorer, judged.hits)
    met = sharing.every & ~(judged.fails | judged.unsure)
    halves = Halves(met, hits.totals, judged.groups, hits.ids)
    pairs = []
    for chosen in best_pairs(halves, sharing, scorer.problem.pairs):
        places = hits.take(np.array(chosen)).places(scorer.snapshot)
        first, second = explain(scorer, places)
        covers = {
            requirement.key: tuple(
                row.id for row in (first, second) if row.status(requirement.key) is Status.MET
            )
            for requirement in hard
        }
        pairs.append(Pair(first, second, covers, (first.total + second.total) / 2))
    return tuple(pairs)


def _sharing(hard: tuple[Requirement, ...]) -> Sharing:
    """How a pair may share the hard requirements out."""
    wholes: dict[str, int] = {}
    for i, requirement in enumerate(hard):
        if requirement.together:
            wholes[requirement.together] = wholes.get(requirement.together, 0) | 1 << i
    each = sum(1 << i for i, requirement in enumerate(hard) if requirement.each)
    return Sharing((1 << len(hard)) - 1, each, tuple(wholes.values()))
