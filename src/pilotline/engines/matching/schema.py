"""What may be said of a catalogue entry: attributes, text fields, measures; and the entry itself.

A schema is data. The engine knows four kinds of attribute and never a concrete one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from math import isfinite, isnan

Bounds = tuple[float | None, float | None]
Offered = Bounds | tuple[str, ...]
Source = int | str


class Kind(StrEnum):
    """`range`: low to high in one canonical unit; `set`: named values; `level`: named values in
    ascending order; `flag`: the two values `no` and `yes`."""

    RANGE = "range"
    SET = "set"
    LEVEL = "level"
    FLAG = "flag"


FLAG_VALUES = ("no", "yes")


@dataclass(frozen=True, slots=True)
class Attribute:
    """One property. `values` are the closed vocabulary of a set or level; `logarithmic` marks a
    range whose fit is judged by ratio (a 5,000 L vessel for 50 L is a poor fit, if a valid one).
    """

    name: str
    kind: Kind
    values: tuple[str, ...] = ()
    logarithmic: bool = False

    def __post_init__(self) -> None:
        if self.kind is Kind.FLAG and not self.values:
            object.__setattr__(self, "values", FLAG_VALUES)
        if self.kind is Kind.RANGE and self.values:
            raise ValueError(f"range attribute {self.name!r} cannot list values")
        if self.kind is not Kind.RANGE and self.logarithmic:
            raise ValueError(f"{self.name!r}: only a range can be logarithmic")
        if self.kind is not Kind.RANGE and not self.values:
            raise ValueError(f"attribute {self.name!r} needs its list of values")
        if len(set(self.values)) != len(self.values):
            raise ValueError(f"attribute {self.name!r} lists a value twice")

    @property
    def is_range(self) -> bool:
        return self.kind is Kind.RANGE


@dataclass(frozen=True, slots=True)
class TextField:
    """One text field of BM25F: its weight, and how strongly length counts against it (b).

    `typical_length` is the number of words at which length neither helps nor hurts. It is
    declared, not measured, so that a record's score does not move when others come and go.
    """

    name: str
    weight: float = 1.0
    length_penalty: float = 0.75
    typical_length: float = 40.0

    def __post_init__(self) -> None:
        if not (self.weight > 0 and isfinite(self.weight)):
            raise ValueError(f"text field {self.name!r}: weight must be positive")
        if not 0 <= self.length_penalty <= 1:
            raise ValueError(f"text field {self.name!r}: length penalty must lie in 0..1")
        if not (self.typical_length > 0 and isfinite(self.typical_length)):
            raise ValueError(f"text field {self.name!r}: typical length must be positive")


@dataclass(frozen=True, slots=True)
class Measure:
    """A number of which less is better (price, load). The value `half` earns half the points."""

    name: str
    half: float = 1.0

    def __post_init__(self) -> None:
        if not (self.half > 0 and isfinite(self.half)):
            raise ValueError(f"measure {self.name!r}: half must be positive")


@dataclass(frozen=True, slots=True)
class Schema:
    """All that may be said. `partition` names the set attribute, with one value a record, by
    which records are laid out: the process code, usually. `saturation` is BM25's k1."""

    attributes: tuple[Attribute, ...] = ()
    text_fields: tuple[TextField, ...] = ()
    measures: tuple[Measure, ...] = ()
    partition: str = ""
    saturation: float = 1.2

    def __post_init__(self) -> None:
        for kind, names in (
            ("attribute", [a.name for a in self.attributes]),
            ("text field", [f.name for f in self.text_fields]),
            ("measure", [m.name for m in self.measures]),
        ):
            if len(set(names)) != len(names):
                raise ValueError(f"the schema names a {kind} twice")
        if len(self.attributes) > 64:
            raise ValueError("a schema has at most 64 attributes")
        if self.partition and self.attribute(self.partition).kind is not Kind.SET:
            raise ValueError("the partition must be a set attribute")
        if not (self.saturation > 0 and isfinite(self.saturation)):
            raise ValueError("saturation must be positive")

    def attribute(self, name: str) -> Attribute:
        """The attribute of that name. Raises ValueError when there is none."""
        for attribute in self.attributes:
            if attribute.name == name:
                return attribute
        raise ValueError(f"the schema has no attribute {name!r}")


@dataclass(frozen=True, slots=True)
class Record:
    """One entry. What is missing from `values`, `measures` or `place` is unknown.

    `values`: for a range `(low, high)`, where None is an unknown end; for the other kinds the
    tuple of values offered (an empty tuple says: known to offer none). `texts`: text or ready
    words for each field. `place`: longitude and latitude in degrees. `group` holds together the
    candidates of one facility. `candidate`: records with the same number are alternatives of one
    candidate (the vessels of a line), counted once and shown by the best; the default is a
    candidate of its own, numbered by `id`. `sources` says for each attribute which stored row it
    came from.
    """

    id: int
    values: Mapping[str, Offered] = field(default_factory=dict)
    texts: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    measures: Mapping[str, float] = field(default_factory=dict)
    place: tuple[float, float] | None = None
    group: int = 0
    candidate: int | None = None
    sources: Mapping[str, Source] = field(default_factory=dict)


def check_bounds(name: str, value: Offered) -> Bounds:
    """A range's two ends, or ValueError in plain words."""
    if len(value) != 2 or any(isinstance(end, str) for end in value):
        raise ValueError(f"{name!r} takes a low and a high end, not {value!r}")
    low, high = value
    ends = [float(end) for end in (low, high) if end is not None]
    if any(isnan(end) or not isfinite(end) for end in ends):
        raise ValueError(f"{name!r}: an end that is not known is None, not {value!r}")
    if len(ends) == 2 and ends[0] > ends[1]:
        raise ValueError(f"{name!r}: {ends[0]:g} to {ends[1]:g} is not a range")
    return (
        None if low is None else float(low),
        None if high is None else float(high),
    )
