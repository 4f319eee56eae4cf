"""The plainest honest method: look at every record, one by one, in plain Python.

It shares no code with the engine but the words of the problem and the tokeniser, and so is the
oracle of the engine's tests and the baseline of its benchmark.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import asin, cos, log, log10, radians, sin, sqrt

from pilotline.engines.matching.problem import Fit, Problem, Requirement
from pilotline.engines.matching.result import Status
from pilotline.engines.matching.schema import Attribute, Record, Schema
from pilotline.engines.matching.tokenise import Tokeniser, query_weights


@dataclass(frozen=True, slots=True)
class PlainRow:
    """One record against one problem."""

    record: Record
    total: float
    parts: Mapping[str, float]
    statuses: Mapping[str, Status]
    unknown: bool
    shares_word: bool

    @property
    def candidate(self) -> int:
        return self.record.id if self.record.candidate is None else self.record.candidate

    def fails(self, problem: Problem) -> frozenset[str]:
        """The hard requirements that keep it out."""
        bad = {Status.UNMET} if problem.keep_unknown else {Status.UNMET, Status.UNKNOWN}
        return frozenset(r.key for r in problem.hard if self.statuses[r.key] in bad)

    def tells(self, problem: Problem) -> bool:
        """Whether anything is known against it, or enough for it."""
        found = [self.statuses[r.key] for r in problem.hard]
        met, unknown = found.count(Status.MET), found.count(Status.UNKNOWN)
        return Status.UNMET in found or met >= max(1, unknown)


@dataclass(frozen=True, slots=True)
class PlainText:
    """Word weights of every record, and how many records hold each word."""

    weights: Mapping[int, Mapping[str, float]]
    frequencies: Mapping[str, int]

    def idf(self, word: str) -> float:
        df = self.frequencies.get(word, 0)
        return log(1 + (len(self.weights) - df + 0.5) / (df + 0.5))


def read_text(schema: Schema, records: Iterable[Record], tokeniser: Tokeniser) -> PlainText:
    """BM25F weights, kept to 16 bits as the engine keeps them."""
    weights: dict[int, dict[str, float]] = {}
    frequencies: dict[str, int] = {}
    for record in records:
        sums: dict[str, float] = {}
        for field in schema.text_fields:
            text = record.texts.get(field.name, ())
            words = tokeniser.words(text) if isinstance(text, str) else text
            norm = 1 + field.length_penalty * (len(words) / field.typical_length - 1)
            for word in words:
                sums[word] = sums.get(word, 0.0) + field.weight / norm
        weights[record.id] = {
            word: max(1, round(65535 * f / (schema.saturation + f))) / 65535
            for word, f in sums.items()
        }
        for word in sums:
            frequencies[word] = frequencies.get(word, 0) + 1
    return PlainText(weights, frequencies)


def solve_plainly(
    problem: Problem, records: Sequence[Record], schema: Schema, tokeniser: Tokeniser
) -> list[PlainRow]:
    """Every candidate with a record that fails no hard requirement, best first."""
    rows = judge_plainly(problem, records, schema, tokeniser)
    any_words = not problem.must_match_text
    left = [row for row in rows if not row.fails(problem) and (any_words or row.shares_word)]
    best: dict[int, PlainRow] = {}
    for row in sorted(left, key=lambda row: (row.unknown, -row.total, row.record.id)):
        best.setdefault(row.candidate, row)
    return list(best.values())


def judge_plainly(
    problem: Problem, records: Sequence[Record], schema: Schema, tokeniser: Tokeniser
) -> list[PlainRow]:
    """Every record, in the order given, with its statuses and total."""
    text = read_text(schema, records, tokeniser)
    words = query_weights(problem.words, tokeniser)
    return [_judge(problem, record, schema, text, words) for record in records]


def _judge(
    problem: Problem,
    record: Record,
    schema: Schema,
    text: PlainText,
    words: Mapping[str, float],
) -> PlainRow:
    statuses = {
        r.key: status_of(r, schema.attribute(r.attribute), record) for r in problem.requirements
    }
    parts = _parts(problem, record, schema, statuses, text, words)
    whole = sum(problem.weights[name] for name in parts)
    total = sum(problem.weights[name] * part for name, part in parts.items())
    return PlainRow(
        record,
        total / whole if whole else 0.0,
        parts,
        statuses,
        any(statuses[r.key] is Status.UNKNOWN for r in problem.hard),
        any(word in text.weights[record.id] for word in words),
    )


def status_of(requirement: Requirement, attribute: Attribute, record: Record) -> Status:
    """Three-valued: a record that says nothing is unknown, not unmet and never met."""
    offered = record.values.get(attribute.name)
    if offered is None:
        return Status.UNKNOWN
    if attribute.is_range:
        return _range_status(requirement, offered[0], offered[1])  # type: ignore[arg-type]
    order = attribute.values.index
    wanted = set(requirement.values)
    if requirement.fit is Fit.SUPERSET:
        good = wanted <= set(offered)
    elif requirement.fit is Fit.ANY_OF:
        good = bool(wanted & set(offered))
    elif requirement.fit is Fit.AT_LEAST:
        good = any(order(str(v)) >= order(requirement.values[0]) for v in offered)
    else:
        good = any(order(str(v)) <= order(requirement.values[0]) for v in offered)
    return Status.MET if good else Status.UNMET


def _range_status(requirement: Requirement, low: float | None, high: float | None) -> Status:
    wanted_low, wanted_high = requirement.low, requirement.high
    needs: list[Status] = []
    if requirement.fit in (Fit.COVER, Fit.AT_MOST):
        bound = wanted_low if requirement.fit is Fit.COVER else wanted_high
        if bound is not None:
            needs.append(_reaches_down(low, high, bound))
    if requirement.fit in (Fit.COVER, Fit.AT_LEAST):
        bound = wanted_high if requirement.fit is Fit.COVER else wanted_low
        if bound is not None:
            needs.append(_reaches_up(low, high, bound))
    if requirement.fit is Fit.OVERLAP and wanted_low is not None and wanted_high is not None:
        needs.append(_reaches_down(low, high, wanted_high))
        needs.append(_reaches_up(low, high, wanted_low))
    if Status.UNMET in needs:
        return Status.UNMET
    return Status.UNKNOWN if Status.UNKNOWN in needs else Status.MET


def _reaches_down(low: float | None, high: float | None, bound: float) -> Status:
    """An end that is not known lies beyond the other one, which may be far enough by itself."""
    if low is not None:
        return Status.MET if low <= bound else Status.UNMET
    return Status.MET if high is not None and high <= bound else Status.UNKNOWN


def _reaches_up(low: float | None, high: float | None, bound: float) -> Status:
    if high is not None:
        return Status.MET if high >= bound else Status.UNMET
    return Status.MET if low is not None and low >= bound else Status.UNKNOWN


def _parts(
    problem: Problem,
    record: Record,
    schema: Schema,
    statuses: Mapping[str, Status],
    text: PlainText,
    words: Mapping[str, float],
) -> dict[str, float]:
    parts: dict[str, float] = {}
    weight = sum(r.weight for r in problem.requirements)
    if problem.weights.get("fit", 0) > 0 and weight > 0:
        earned = sum(
            r.weight * _credit(r, schema.attribute(r.attribute), record)
            for r in problem.requirements
            if statuses[r.key] is Status.MET
        )
        parts["fit"] = earned / weight
    ceiling = sum(w * text.idf(word) for word, w in words.items())
    if problem.weights.get("text", 0) > 0 and ceiling > 0:
        held = text.weights[record.id]
        points = sum(w * text.idf(word) * held.get(word, 0.0) for word, w in words.items())
        parts["text"] = points / ceiling
    if problem.weights.get("distance", 0) > 0 and problem.place is not None:
        away = None if record.place is None else _kilometres(problem.place, record.place)
        parts["distance"] = 0.0 if away is None else 1 / (1 + away / problem.distance_half)
    for measure in schema.measures:
        if problem.weights.get(measure.name, 0) > 0:
            value = record.measures.get(measure.name)
            parts[measure.name] = 0.0 if value is None else 1 / (1 + max(value, 0) / measure.half)
    if problem.text_half is not None and "text" in parts and len(parts) > 1:
        share = parts["text"]
        parts["text"] = share * (1 + problem.text_half) / (share + problem.text_half)
    return parts


def _credit(requirement: Requirement, attribute: Attribute, record: Record) -> float:
    if not attribute.logarithmic or requirement.fit is Fit.AT_MOST:
        return 1.0
    wanted = requirement.low if requirement.high is None else requirement.high
    high = record.values[attribute.name][1]
    if wanted is None or wanted <= 0 or high is None:
        return 1.0
    return 0.5 + 0.5 / (1 + log10(max(float(high), wanted) / wanted))


def _kilometres(a: tuple[float, float], b: tuple[float, float]) -> float:
    (east_a, north_a), (east_b, north_b) = [tuple(map(radians, place)) for place in (a, b)]
    half = (
        sin((north_b - north_a) / 2) ** 2
        + cos(north_a) * cos(north_b) * sin((east_b - east_a) / 2) ** 2
    )
    return 2 * 6371.0088 * asin(sqrt(min(1.0, half)))


def smallest_conflicts(
    failures: Sequence[frozenset[str]], keys: Sequence[str]
) -> set[frozenset[str]]:
    """All smallest sets of keys such that every record fails one of each, by trying them all."""
    if not failures or any(not failed for failed in failures):
        return set()
    for size in range(1, len(keys) + 1):
        hitting = {
            frozenset(chosen)
            for chosen in combinations(keys, size)
            if all(failed & set(chosen) for failed in failures)
        }
        if hitting:
            return hitting
    return set()


def opened_by(problem: Problem, rows: Sequence[PlainRow], waived: frozenset[str]) -> int:
    """How many candidates would come in if these keys were given up."""
    now = {row.candidate for row in rows if not row.fails(problem)}
    then = {row.candidate for row in rows if row.fails(problem) <= waived}
    return len(then - now)


def pair_totals(problem: Problem, rows: Sequence[PlainRow]) -> dict[tuple[int, int], float]:
    """The best mean total of any pair that covers everything, for any two groups."""
    every = {r.key for r in problem.hard}
    each = {r.key for r in problem.hard if r.each}
    wholes = [
        {r.key for r in problem.hard if r.together == name}
        for name in {r.together for r in problem.hard if r.together}
    ]
    met = [{k for k in every if row.statuses[k] is Status.MET} for row in rows]
    best: dict[tuple[int, int], float] = {}
    for i, j in combinations(range(len(rows)), 2):
        whole = all(keys <= met[i] or keys <= met[j] for keys in wholes)
        if whole and met[i] | met[j] == every and each <= met[i] & met[j]:
            one, two = sorted((rows[i].record.group, rows[j].record.group))
            total = (rows[i].total + rows[j].total) / 2
            best[one, two] = max(best.get((one, two), 0.0), total)
    return best
