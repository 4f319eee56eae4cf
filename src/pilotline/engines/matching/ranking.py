"""From a problem to ranked ids: what `solve` does before it gives its reasons."""

from pilotline.engines.matching.catalogue import Catalogue, Snapshot
from pilotline.engines.matching.feedback import widen
from pilotline.engines.matching.filtering import compile_filter
from pilotline.engines.matching.latent import Latent
from pilotline.engines.matching.problem import Feedback, Problem
from pilotline.engines.matching.scoring import Scorer, make_scorer
from pilotline.engines.matching.search import Hits, find
from pilotline.engines.matching.tokenise import query_weights


def prepare(snapshot: Snapshot, problem: Problem, latent: Latent | None) -> Scorer:
    """Check a problem, read its words, learn more from the first answers if it says so."""
    problem.check(snapshot.layout.schema)
    words = query_weights(problem.words, snapshot.tokeniser)
    if problem.feedback is not None and words:
        words = _learn_words(snapshot, words, problem.feedback)
    return make_scorer(snapshot, problem, words, latent)


def _learn_words(
    snapshot: Snapshot, words: dict[str, float], feedback: Feedback
) -> dict[str, float]:
    plain = Problem(words=words, weights={"text": 1.0}, must_match_text=True)
    scorer = make_scorer(snapshot, plain, words, None)
    first, _ = find(scorer, compile_filter((), True), feedback.records)
    return widen(snapshot, words, first, feedback)


def best(scorer: Scorer) -> tuple[Hits, int | None]:
    """The best hits of a scorer's problem, and how many there are when counted."""
    problem = scorer.problem
    wanted = compile_filter(scorer.hard_tests, problem.keep_unknown)
    return find(scorer, wanted, problem.limit)


def rank(
    problem: Problem, catalogue: Catalogue, *, latent: Latent | None = None
) -> list[tuple[int, float]]:
    """Ids and totals of the best candidates, without the reasons."""
    hits, _ = best(prepare(catalogue.snapshot(), problem, latent))
    return list(zip(hits.ids.tolist(), hits.totals.tolist(), strict=True))
