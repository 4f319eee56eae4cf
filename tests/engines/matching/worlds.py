"""Random schemas, records and problems for property tests."""

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from pilotline.engines.matching.problem import FITS, Fit, Problem, Requirement
from pilotline.engines.matching.schema import (
    Attribute,
    Kind,
    Measure,
    Record,
    Schema,
    TextField,
)

WORDS = ("stir", "heat", "dry", "mill", "反应", "加氢", "结晶", "膜")
NUMBERS = st.integers(-5, 5).map(float)


@dataclass(frozen=True)
class World:
    """A schema, its records and a problem that speaks it."""

    schema: Schema
    records: list[Record]
    problem: Problem


@st.composite
def schemas(draw: Any) -> Schema:
    attributes = []
    for i in range(draw(st.integers(1, 5))):
        kind = draw(st.sampled_from(Kind))
        # 70 values do not fit one 64-bit word.
        size = draw(st.sampled_from((1, 2, 3, 5, 70))) if kind is Kind.SET else 3
        values = () if kind in (Kind.RANGE, Kind.FLAG) else tuple(f"v{j}" for j in range(size))
        logarithmic = kind is Kind.RANGE and draw(st.booleans())
        attributes.append(Attribute(f"a{i}", kind, values, logarithmic))
    partition = ""
    if draw(st.booleans()):
        attributes.append(Attribute("process", Kind.SET, ("p0", "p1", "p2")))
        partition = "process"
    fields = tuple(
        TextField(f"t{i}", draw(st.sampled_from((0.5, 1.0, 3.0))), 0.75, 4.0)
        for i in range(draw(st.integers(0, 2)))
    )
    measures = (Measure("price", 10.0),) if draw(st.booleans()) else ()
    return Schema(tuple(attributes), fields, measures, partition, 1.2)


def values_of(attribute: Attribute, partition: str) -> st.SearchStrategy[Any]:
    if attribute.is_range:
        bounds = st.tuples(NUMBERS, NUMBERS).map(lambda pair: (min(pair), max(pair)))
        half = st.tuples(st.one_of(st.none(), NUMBERS), st.none())
        return st.one_of(bounds, bounds, half, half.map(lambda pair: (pair[1], pair[0])))
    if attribute.name == partition:
        return st.sampled_from(attribute.values).map(lambda value: (value,))
    return st.lists(st.sampled_from(attribute.values), max_size=4, unique=True).map(tuple)


@st.composite
def records_of(draw: Any, schema: Schema, number: int) -> Record:
    values = {
        a.name: draw(values_of(a, schema.partition))
        for a in schema.attributes
        if draw(st.integers(0, 3))
    }
    texts = {
        field.name: draw(st.lists(st.sampled_from(WORDS), max_size=6))
        for field in schema.text_fields
        if draw(st.integers(0, 3))
    }
    measures = {m.name: float(draw(st.integers(0, 40))) for m in schema.measures}
    place = draw(st.one_of(st.none(), st.tuples(st.floats(115, 122), st.floats(34, 38))))
    sources = dict.fromkeys(values, f"row {number}")
    candidate = draw(st.one_of(st.none(), st.none(), st.integers(100, 103)))
    group = draw(st.integers(1, 4))
    return Record(number, values, texts, measures, place, group, candidate, sources)


@st.composite
def requirements_of(draw: Any, schema: Schema, key: str) -> Requirement:
    attribute = draw(st.sampled_from(schema.attributes))
    fit = draw(st.sampled_from(sorted(FITS[attribute.kind])))
    low = high = None
    values: tuple[str, ...] = ()
    if attribute.is_range:
        low, high = sorted((draw(NUMBERS), draw(NUMBERS)))
        low = None if fit is Fit.AT_MOST else low
        high = None if fit is Fit.AT_LEAST else high
        if fit is Fit.COVER and draw(st.booleans()):
            low = None
    else:
        most = 1 if fit in (Fit.AT_LEAST, Fit.AT_MOST) else 3
        chosen = st.lists(st.sampled_from(attribute.values), min_size=1, max_size=most, unique=True)
        values = tuple(draw(chosen))
    return Requirement(
        key,
        attribute.name,
        fit,
        low,
        high,
        values,
        hard=draw(st.integers(0, 3)) > 0,
        weight=float(draw(st.integers(0, 3))),
        each=draw(st.integers(0, 5)) == 0,
        together=draw(st.sampled_from(("", "", "vessel", "mill"))),
    )


@st.composite
def problems_of(draw: Any, schema: Schema) -> Problem:
    wanted = tuple(draw(requirements_of(schema, f"r{i}")) for i in range(draw(st.integers(0, 5))))
    words = draw(
        st.one_of(
            st.lists(st.sampled_from((*WORDS, "unheard")), max_size=4).map(tuple),
            st.dictionaries(st.sampled_from(WORDS), st.sampled_from((0.5, 2.0)), max_size=3),
        )
    )
    names = ("fit", "text", "distance", *(m.name for m in schema.measures))
    return Problem(
        wanted,
        words,
        {name: float(draw(st.integers(0, 2))) for name in names},
        draw(st.one_of(st.none(), st.just((117.0, 36.6)))),
        limit=draw(st.sampled_from((1, 3, 50))),
        keep_unknown=draw(st.booleans()),
        must_match_text=draw(st.booleans()),
        near_misses=draw(st.sampled_from((0, 2, 50))),
        pairs=draw(st.sampled_from((0, 1, 3, 50))),
    )


@st.composite
def worlds(draw: Any, most_records: int = 12) -> World:
    schema = draw(schemas())
    count = draw(st.integers(0, most_records))
    records = [draw(records_of(schema, i)) for i in range(count)]
    return World(schema, records, draw(problems_of(schema)))
