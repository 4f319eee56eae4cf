"""Random schemas, records and problems for property tests.

Hypothesis draws the sizes and a seed, plain random numbers the content: a hundred times as many
worlds in the same time, and a failing one still shrinks to few records and requirements.
"""

from dataclasses import dataclass
from random import Random
from typing import Any

from hypothesis import strategies as st

from pilotline.engines.matching.problem import FITS, Fit, Problem, Requirement, Words
from pilotline.engines.matching.schema import (
    Attribute,
    Kind,
    Measure,
    Offered,
    Record,
    Schema,
    TextField,
)

WORDS = ("stir", "heat", "dry", "mill", "反应", "加氢", "结晶", "膜")
CITY = (117.0, 36.6)


@dataclass(frozen=True)
class World:
    """A schema, its records and a problem that speaks it."""

    schema: Schema
    records: list[Record]
    problem: Problem


def number(rng: Random) -> float:
    return float(rng.randint(-5, 5))


def some(rng: Random, values: tuple[str, ...], least: int, most: int) -> tuple[str, ...]:
    return tuple(rng.sample(values, min(len(values), rng.randint(least, most))))


def schema_of(rng: Random, attributes: int) -> Schema:
    declared = []
    for i in range(attributes):
        kind = rng.choice(list(Kind))
        # 70 values do not fit one 64-bit word.
        size = rng.choice((1, 2, 3, 5, 70)) if kind is Kind.SET else 3
        values = () if kind in (Kind.RANGE, Kind.FLAG) else tuple(f"v{j}" for j in range(size))
        declared.append(Attribute(f"a{i}", kind, values, kind is Kind.RANGE and rng.random() < 0.5))
    partition = ""
    if rng.random() < 0.5:
        declared.append(Attribute("process", Kind.SET, ("p0", "p1", "p2")))
        partition = "process"
    fields = tuple(
        TextField(f"t{i}", rng.choice((0.5, 1.0, 3.0)), 0.75, 4.0) for i in range(rng.randint(0, 2))
    )
    measures = (Measure("price", 10.0),) if rng.random() < 0.5 else ()
    return Schema(tuple(declared), fields, measures, partition, 1.2)


def offered(rng: Random, attribute: Attribute, partition: str) -> Offered:
    if attribute.is_range:
        low, high = sorted((number(rng), number(rng)))
        return rng.choice(((low, high), (low, high), (None, high), (low, None), (None, None)))
    if attribute.name == partition:
        return some(rng, attribute.values, 1, 1)
    return some(rng, attribute.values, 0, 4)


def record_of(rng: Random, schema: Schema, identity: int) -> Record:
    values = {
        a.name: offered(rng, a, schema.partition) for a in schema.attributes if rng.random() < 0.75
    }
    texts = {
        field.name: rng.choices(WORDS, k=rng.randint(0, 6))
        for field in schema.text_fields
        if rng.random() < 0.75
    }
    return Record(
        identity,
        values,
        texts,
        {m.name: float(rng.randint(0, 40)) for m in schema.measures if rng.random() < 0.8},
        (rng.uniform(115, 122), rng.uniform(34, 38)) if rng.random() < 0.7 else None,
        group=rng.randint(1, 4),
        candidate=rng.choice((None, None, 100, 101, 102)),
        sources=dict.fromkeys(values, f"row {identity}"),
    )


def requirement_of(rng: Random, schema: Schema, key: str) -> Requirement:
    attribute = rng.choice(schema.attributes)
    fit = rng.choice(sorted(FITS[attribute.kind]))
    low: float | None = None
    high: float | None = None
    values: tuple[str, ...] = ()
    if attribute.is_range:
        low, high = sorted((number(rng), number(rng)))
        low = None if fit is Fit.AT_MOST else low
        high = None if fit is Fit.AT_LEAST else high
        if fit is Fit.COVER and rng.random() < 0.5:
            low = None
    else:
        values = some(rng, attribute.values, 1, 1 if fit in (Fit.AT_LEAST, Fit.AT_MOST) else 3)
    return Requirement(
        key,
        attribute.name,
        fit,
        low,
        high,
        values,
        hard=rng.random() < 0.8,
        weight=float(rng.randint(0, 3)),
        each=rng.random() < 0.15,
        together=rng.choice(("", "", "vessel", "mill")),
    )


def problem_of(rng: Random, schema: Schema, requirements: int) -> Problem:
    words: Words = tuple(rng.choices((*WORDS, "unheard"), k=rng.randint(0, 4)))
    if rng.random() < 0.5:
        words = {word: rng.choice((0.5, 2.0)) for word in rng.sample(WORDS, rng.randint(0, 3))}
    names = ("fit", "text", "distance", *(m.name for m in schema.measures))
    return Problem(
        tuple(requirement_of(rng, schema, f"r{i}") for i in range(requirements)),
        words,
        {name: float(rng.randint(0, 2)) for name in names},
        CITY if rng.random() < 0.5 else None,
        text_half=rng.choice((None, 0.1, 0.5)),
        limit=rng.choice((1, 3, 50)),
        keep_unknown=rng.random() < 0.5,
        must_match_text=rng.random() < 0.3,
        near_misses=rng.choice((0, 2, 50)),
        pairs=rng.choice((0, 1, 3, 50)),
        telling_only=rng.random() < 0.5,
    )


@st.composite
def randoms(draw: Any) -> Random:
    return Random(draw(st.integers(0, 2**32 - 1)))


@st.composite
def worlds(draw: Any, most_records: int = 14) -> World:
    rng = draw(randoms())
    schema = schema_of(rng, draw(st.integers(1, 5)))
    problem = problem_of(rng, schema, draw(st.integers(0, 6)))
    count = draw(st.integers(0, most_records))
    return World(schema, [record_of(rng, schema, i) for i in range(count)], problem)
