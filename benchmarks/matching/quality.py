"""How good the order is, on two public sets with judged answers.

STARD-closed: 1,543 questions of laymen against 1,445 articles of Chinese law (nDCG@10).
Cranfield: 225 questions against 1,400 abstracts in aeronautics (mean average precision).
Settings were chosen on the questions of even number; the held-out figure is of the odd ones.
"""

import json
import lzma
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log2
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.reporting import Figures
from pilotline.engines.matching import latent
from pilotline.engines.matching.catalogue import Catalogue
from pilotline.engines.matching.problem import Feedback, Problem
from pilotline.engines.matching.ranking import rank
from pilotline.engines.matching.schema import Record, Schema, TextField
from pilotline.engines.matching.tokenise import Tokeniser

Measure = Callable[[Sequence[int], dict[int, float]], float]


@dataclass(frozen=True, slots=True)
class Collection:
    """Texts, questions, and for each question the grade of each relevant text."""

    texts: list[str]
    questions: list[str]
    judged: list[dict[int, float]]


@dataclass(frozen=True, slots=True)
class Settings:
    """What was chosen on the even questions."""

    saturation: float
    length_penalty: float
    latent: float
    rank: int = 150
    feedback: Feedback | None = None
    depth: int = 10


STARD = Settings(saturation=1.5, length_penalty=0.9, latent=0.0)
CRANFIELD = Settings(
    saturation=2.0,
    length_penalty=0.75,
    latent=2.0,
    feedback=Feedback(records=10, words=80, share=0.5),
    depth=1400,
)


def _lines(path: Path) -> list[dict[str, Any]]:
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def read(folder: Path, documents: str, queries: str) -> Collection:
    """A collection from two compressed JSON-lines files."""
    texts, asked = _lines(folder / documents), _lines(folder / queries)
    number = {text["id"]: i for i, text in enumerate(texts)}
    return Collection(
        [
            text["text"]
            if text["text"].startswith(text["title"])
            else f"{text['title']} {text['text']}"
            for text in texts
        ],
        [question["text"] for question in asked],
        [{number[k]: v for k, v in question["rel"].items() if k in number} for question in asked],
    )


def ndcg10(ranking: Sequence[int], grades: dict[int, float]) -> float:
    """Normalised discounted cumulative gain of the first ten."""
    gain = sum(grades.get(d, 0) / log2(i + 2) for i, d in enumerate(ranking[:10]))
    best = sorted(grades.values(), reverse=True)[:10]
    ideal = sum(grade / log2(i + 2) for i, grade in enumerate(best))
    return gain / ideal if ideal else 0.0


def average_precision(ranking: Sequence[int], grades: dict[int, float]) -> float:
    """Mean, over the relevant texts, of the precision where each stands; 0 where it does not."""
    hits, total = 0, 0.0
    for place, document in enumerate(ranking, 1):
        if document in grades:
            hits += 1
            total += hits / place
    return total / len(grades) if grades else 0.0


def ours(collection: Collection, settings: Settings) -> list[list[int]]:
    """Rankings by the engine, through `solve`."""
    tokeniser = Tokeniser()
    lengths = [len(tokeniser.words(text)) for text in collection.texts]
    field = TextField("text", 1.0, settings.length_penalty, float(np.mean(lengths)))
    catalogue = Catalogue(
        Schema(text_fields=(field,), saturation=settings.saturation),
        [Record(i, texts={"text": text}) for i, text in enumerate(collection.texts)],
        tokeniser,
    )
    weights = {"text": 1.0}
    model = None
    if settings.latent:
        weights["latent"] = settings.latent
        model = latent.fit(catalogue.snapshot(), settings.rank)
    problems = [
        Problem(words=question, weights=weights, limit=settings.depth, feedback=settings.feedback)
        for question in collection.questions
    ]
    return [[i for i, _ in rank(problem, catalogue, latent=model)] for problem in problems]


def plain(collection: Collection, cut: Callable[[str], list[str]], depth: int) -> list[list[int]]:
    """Rankings by the baseline: BM25 (k1 1.2, b 0.75) over one kind of word, nothing else."""
    tokens = [cut(text) for text in collection.texts]
    vocabulary = {word: i for i, word in enumerate(sorted({w for words in tokens for w in words}))}
    counts = np.zeros((len(tokens), len(vocabulary)), np.float32)
    for row, words in zip(counts, tokens, strict=True):
        np.add.at(row, [vocabulary[word] for word in words], 1)
    length = counts.sum(axis=1, keepdims=True)
    df = (counts > 0).sum(axis=0)
    idf = np.log(1 + (len(tokens) - df + 0.5) / (df + 0.5))
    counts /= counts + 1.2 * (0.25 + 0.75 * length / length.mean())
    counts *= idf.astype(np.float32)
    rankings = []
    for question in collection.questions:
        asked = [vocabulary[word] for word in cut(question) if word in vocabulary]
        scores = counts[:, asked].sum(axis=1)
        rankings.append([int(i) for i in np.argsort(-scores, kind="stable")[:depth]])
    return rankings


def by_bm25s(
    collection: Collection, cut: Callable[[str], list[str]], depth: int
) -> list[list[int]]:
    """Rankings by bm25s with its own defaults over the words of our tokeniser."""
    import bm25s

    engine = bm25s.BM25(backend="numpy")
    engine.index([cut(text) for text in collection.texts], show_progress=False)
    rankings = []
    for question in collection.questions:
        known = [word for word in cut(question) if word in engine.vocab_dict]
        scores = engine.get_scores(known) if known else np.zeros(len(collection.texts))
        rankings.append([int(i) for i in np.argsort(-scores, kind="stable")[:depth]])
    return rankings


def pairs(text: str) -> list[str]:
    """Neighbouring Chinese characters: the strongest single kind of word of a plain engine."""
    return [
        piece[i : i + 2]
        for piece in re.findall(r"[\u3400-\u9fff]+", text)
        for i in range(max(1, len(piece) - 1))
    ]


def measure(
    name: str, rankings: list[list[int]], collection: Collection, score: Measure
) -> Figures:
    """The mean over all questions, and over the odd ones, on which nothing was chosen."""
    scores = [score(r, g) for r, g in zip(rankings, collection.judged, strict=True)]
    return {name: float(np.mean(scores)), f"{name}_held_out": float(np.mean(scores[1::2]))}


def run(folder: Path) -> dict[str, Figures]:
    """The quality figures of ours, the baseline and bm25s."""
    stard = read(folder, "stard_closed_corpus.jsonl.xz", "stard_closed_queries.jsonl.xz")
    cranfield = read(folder, "cranfield_docs.jsonl.xz", "cranfield_queries.jsonl.xz")
    words = Tokeniser().words

    def both(chinese: list[list[int]], english: list[list[int]]) -> Figures:
        return measure("stard_ndcg10", chinese, stard, ndcg10) | measure(
            "cranfield_map", english, cranfield, average_precision
        )

    return {
        "pilotline": both(ours(stard, STARD), ours(cranfield, CRANFIELD)),
        "baseline": both(plain(stard, pairs, 10), plain(cranfield, words, 1400)),
        "bm25s": both(by_bm25s(stard, words, 10), by_bm25s(cranfield, words, 1400)),
    }
