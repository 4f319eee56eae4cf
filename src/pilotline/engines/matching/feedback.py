"""More words from the best first answers.

Rocchio's feedback with the answers taken on trust: the words that weigh most in the first
answers, each answer counting by its score and scaled to length one, join the query. Source:
Rocchio (1971); Lavrenko, Croft (2001) for taking the first answers as relevant.
"""

import numpy as np

from pilotline.engines.matching.catalogue import Snapshot
from pilotline.engines.matching.problem import Feedback
from pilotline.engines.matching.search import Hits
from pilotline.engines.matching.text_index import FULL


def widen(
    snapshot: Snapshot, weights: dict[str, float], first: Hits, feedback: Feedback
) -> dict[str, float]:
    """The query's words and those learnt, as weights that add up to one.

    `first` are the best answers to the query by words alone.
    """
    learnt: dict[int, float] = {}
    for place, total in zip(first.places(snapshot), first.totals.tolist(), strict=True):
        text = place.part.segment.text
        span = slice(int(text.starts[place.row]), int(text.starts[place.row + 1]))
        terms = text.terms[span].astype(np.int64)
        points = text.weights[span] / FULL * snapshot.idf(terms)
        length = float(np.sqrt(points @ points))
        for term, point in zip(terms.tolist(), points.tolist(), strict=True):
            learnt[term] = learnt.get(term, 0.0) + total * point / length
    best = sorted(learnt, key=lambda term: (-learnt[term], term))[: feedback.words]
    gained, asked = sum(learnt[term] for term in best), sum(weights.values())
    if gained <= 0 or asked <= 0:
        return weights
    widened = {word: weight * (1 - feedback.share) / asked for word, weight in weights.items()}
    for term in best:
        word = snapshot.vocabulary.words[term]
        widened[word] = widened.get(word, 0.0) + feedback.share * learnt[term] / gained
    return widened
