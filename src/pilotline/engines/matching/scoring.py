"""What a candidate is worth: parts between 0 and 1, and their weighted mean.

fit: the share of requirement weight that is met, less for an oversized range. text: BM25F score
over the most the query's words could earn, so that scores compare across problems; bent where the
problem says which share of it is half. latent: the
cosine of related meaning. distance and measures: 1 / (1 + value / half). Unknown earns nothing.
"""

from dataclasses import dataclass

import numpy as np

from pilotline.engines.matching.catalogue import Part, Snapshot
from pilotline.engines.matching.filtering import MET, judge
from pilotline.engines.matching.latent import Latent
from pilotline.engines.matching.layout import Floats, Ints, Test
from pilotline.engines.matching.problem import Fit, Problem, Requirement
from pilotline.engines.matching.text_index import score_rows

EARTH_RADIUS = 6371.0088


@dataclass(frozen=True, slots=True)
class Question:
    """A query's words in the snapshot's numbers, ascending, each worth `factors` at most.

    `ceiling` also counts words that no record holds.
    """

    terms: Ints
    weights: Floats
    factors: Floats
    ceiling: float


def ask(snapshot: Snapshot, weights: dict[str, float]) -> Question:
    """Number and weigh the words of a query."""
    numbers = snapshot.vocabulary
    # `in` never numbers a word: only what was inserted is in the vocabulary.
    known = sorted((numbers[word], weight) for word, weight in weights.items() if word in numbers)
    terms = np.array([term for term, _ in known], np.int64)
    shares = np.array([weight for _, weight in known], np.float64)
    idf = snapshot.idf(np.append(terms, -1))
    strange = sum(weight for word, weight in weights.items() if word not in numbers)
    factors = shares * idf[:-1]
    return Question(terms, shares, factors, float(factors.sum() + strange * idf[-1]))


def text_scores(part: Part, rows: Ints, question: Question) -> Floats:
    """BM25F scores of some rows, not yet divided by the ceiling."""
    index = part.segment.text
    held = index.positions(question.terms) >= 0
    return score_rows(index, rows, question.terms[held], question.factors[held])


def kilometres(place: tuple[float, float], longitudes: Floats, latitudes: Floats) -> Floats:
    """Great-circle distance by the haversine formula; NaN where a place is unknown."""
    longitude, latitude = np.radians(place)
    east, north = np.radians(longitudes), np.radians(latitudes)
    half = (
        np.sin((north - latitude) / 2) ** 2
        + np.cos(latitude) * np.cos(north) * np.sin((east - longitude) / 2) ** 2
    )
    away: Floats = 2 * EARTH_RADIUS * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0)))
    return away


def credit(requirement: Requirement, logarithmic: bool, highs: Floats) -> Floats:
    """What meeting a requirement earns: 1, or down to 1/2 for a range far larger than wanted.

    On a logarithmic attribute an offer of ten times the wanted size earns 3/4. `highs` are the
    offered upper ends.
    """
    wanted = requirement.low if requirement.high is None else requirement.high
    if not logarithmic or requirement.fit is Fit.AT_MOST or wanted is None or wanted <= 0:
        return np.ones(len(highs))
    excess = np.log10(np.where(np.isfinite(highs), np.maximum(highs, wanted), wanted) / wanted)
    return 0.5 + 0.5 / (1.0 + excess)


@dataclass(slots=True)
class Scorer:
    """Scores rows of a snapshot for one problem. `tests` are those of all its requirements."""

    snapshot: Snapshot
    problem: Problem
    question: Question
    latent: Latent | None
    tests: tuple[Test, ...]
    weights: dict[str, float]

    @property
    def hard_tests(self) -> tuple[Test, ...]:
        """The tests of the hard requirements, in the problem's order."""
        pairs = zip(self.tests, self.problem.requirements, strict=True)
        return tuple(test for test, requirement in pairs if requirement.hard)

    @property
    def text_only(self) -> bool:
        return list(self.weights) == ["text"]

    @property
    def text_half(self) -> float | None:
        """Where words alone decide, nothing is weighed against them and nothing bent."""
        return None if self.text_only else self.problem.text_half

    def parts(self, part: Part, rows: Ints, text: Floats) -> dict[str, Floats]:
        """Every part that counts, for some rows whose text scores are given."""
        found: dict[str, Floats] = {}
        columns = part.segment.columns
        for name in self.weights:
            if name == "text":
                found[name] = bent(text / self.question.ceiling, self.text_half)
            elif name == "fit":
                found[name] = self._fit(part, rows)
            elif name == "latent" and self.latent is not None:
                found[name] = self.latent.similarity(
                    part.segment.text, rows, self.question.terms, self.question.factors
                )
            elif name == "distance" and self.problem.place is not None:
                away = kilometres(self.problem.place, *columns.places[:, rows])
                found[name] = _less_is_better(away, self.problem.distance_half)
            else:
                names = [m.name for m in self.snapshot.layout.schema.measures]
                half = self.snapshot.layout.schema.measures[names.index(name)].half
                found[name] = _less_is_better(columns.measures[names.index(name), rows], half)
        return found

    def totals(self, part: Part, rows: Ints, text: Floats) -> Floats:
        """The score by which some rows are ranked."""
        if self.text_only:
            return text / self.question.ceiling
        return self.total(self.parts(part, rows, text), len(rows))

    def total(self, parts: dict[str, Floats], count: int) -> Floats:
        """The weighted mean of the parts."""
        total = np.zeros(count)
        whole = sum(self.weights.values())
        for name, weight in self.weights.items():
            total += parts[name] * (weight / whole)
        return total

    def _fit(self, part: Part, rows: Ints) -> Floats:
        verdicts = judge(part.segment, rows, self.tests)
        layout = self.snapshot.layout
        earned = np.zeros(len(rows))
        for requirement, verdict in zip(self.problem.requirements, verdicts, strict=True):
            points: Floats | float = 1.0
            attribute = layout.schema.attribute(requirement.attribute)
            if attribute.logarithmic and attribute.is_range:
                highs = part.segment.columns.highs[layout.ranges[attribute.name], rows]
                points = credit(requirement, True, highs)
            earned += np.where(verdict == MET, points, 0.0) * requirement.weight
        return earned / sum(r.weight for r in self.problem.requirements)


def bent(share: Floats, half: float | None) -> Floats:
    """0 and 1 stay; `half` earns about half. The order of shares stays as it is."""
    return share if half is None else share * (1.0 + half) / (share + half)


def _less_is_better(values: Floats, half: float) -> Floats:
    return np.where(np.isnan(values), 0.0, 1.0 / (1.0 + np.maximum(values, 0.0) / half))


def weights_that_count(
    problem: Problem, question: Question, latent: Latent | None
) -> dict[str, float]:
    """The weights of the parts that this problem asks about."""
    asked = {
        "fit": any(r.weight > 0 for r in problem.requirements),
        "text": question.ceiling > 0,
        "latent": question.ceiling > 0,
        "distance": problem.place is not None,
    }
    if problem.weights.get("latent", 0) > 0 and latent is None:
        raise ValueError("a weight for latent needs a latent model")
    return {
        name: weight
        for name, weight in problem.weights.items()
        if weight > 0 and asked.get(name, True)
    }


def make_scorer(
    snapshot: Snapshot, problem: Problem, weights: dict[str, float], latent: Latent | None
) -> Scorer:
    """A scorer for a problem whose words have these weights."""
    question = ask(snapshot, weights)
    return Scorer(
        snapshot,
        problem,
        question,
        latent,
        tuple(snapshot.layout.test(r) for r in problem.requirements),
        weights_that_count(problem, question, latent),
    )
