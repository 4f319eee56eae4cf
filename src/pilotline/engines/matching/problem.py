"""What is wanted: requirements, words, a place, and what counts how much."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from math import isfinite

from pilotline.engines.matching.schema import Attribute, Kind, Schema

Words = str | tuple[str, ...] | Mapping[str, float]


class Fit(StrEnum):
    """How an offer must stand to a wish.

    `cover`: the offered range contains the wanted one. `overlap`: the two meet. `at_least`: the
    offer reaches up to `low`. `at_most`: the offer reaches down to `high`. `superset`: all wanted
    values are offered. `any_of`: at least one is.
    """

    COVER = "cover"
    OVERLAP = "overlap"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    SUPERSET = "superset"
    ANY_OF = "any_of"


FITS: Mapping[Kind, frozenset[Fit]] = {
    Kind.RANGE: frozenset({Fit.COVER, Fit.OVERLAP, Fit.AT_LEAST, Fit.AT_MOST}),
    Kind.SET: frozenset({Fit.SUPERSET, Fit.ANY_OF}),
    Kind.LEVEL: frozenset({Fit.AT_LEAST, Fit.AT_MOST, Fit.ANY_OF}),
    Kind.FLAG: frozenset({Fit.AT_LEAST, Fit.ANY_OF}),
}


@dataclass(frozen=True, slots=True)
class Requirement:
    """One wish. A hard one filters, a soft one only counts; `weight` is its share of the fit.

    For a range `low` and `high` say what is wanted (`cover` may leave one end open); for the
    other kinds `values` do. Two say how a pair of candidates may share it out: with `each`, both
    must meet it by themselves; what has the same `together` describes one thing, one vessel for
    instance, so that one of the two must meet all of it.
    """

    key: str
    attribute: str
    fit: Fit
    low: float | None = None
    high: float | None = None
    values: tuple[str, ...] = ()
    hard: bool = True
    weight: float = 1.0
    each: bool = False
    together: str = ""

    def __post_init__(self) -> None:
        for end in (self.low, self.high):
            if end is not None and not isfinite(end):
                raise ValueError(f"requirement {self.key!r}: an end must be finite")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"requirement {self.key!r}: {self.low:g} to {self.high:g}")
        if not (self.weight >= 0 and isfinite(self.weight)):
            raise ValueError(f"requirement {self.key!r}: weight must not be negative")

    def check(self, attribute: Attribute) -> None:
        """Raise ValueError when this cannot be asked of the attribute."""
        if self.fit not in FITS[attribute.kind]:
            raise ValueError(f"{self.key!r}: {self.fit} cannot be asked of a {attribute.kind}")
        if attribute.is_range:
            self._check_ends()
        else:
            self._check_values(attribute)

    def _check_ends(self) -> None:
        needed = {
            Fit.OVERLAP: self.low is not None and self.high is not None,
            Fit.AT_LEAST: self.low is not None and self.high is None,
            Fit.AT_MOST: self.high is not None and self.low is None,
            Fit.COVER: self.low is not None or self.high is not None,
        }
        if self.values or not needed[self.fit]:
            raise ValueError(f"requirement {self.key!r}: wrong ends for {self.fit}")

    def _check_values(self, attribute: Attribute) -> None:
        if not self.values or self.low is not None or self.high is not None:
            raise ValueError(f"requirement {self.key!r}: needs values")
        for value in self.values:
            if value not in attribute.values:
                raise ValueError(f"{attribute.name!r} has no value {value!r}")
        if self.fit in (Fit.AT_LEAST, Fit.AT_MOST) and len(self.values) != 1:
            raise ValueError(f"requirement {self.key!r}: {self.fit} takes one value")


@dataclass(frozen=True, slots=True)
class Feedback:
    """Learn more words from the best first answers (Rocchio's pseudo-relevance feedback)."""

    records: int = 10
    words: int = 30
    share: float = 0.5

    def __post_init__(self) -> None:
        if self.records < 1 or self.words < 1 or not 0 <= self.share < 1:
            raise ValueError("feedback needs records, words, and a share of 0 to below 1")


@dataclass(frozen=True, slots=True)
class Problem:
    """A question to a catalogue.

    `words`: free text, ready words, or words with weights. `weights`: what each part of the
    score counts: `fit`, `text`, `latent`, `distance`, and each measure by name; a part that
    this problem does not ask about drops out. `distance_half`: kilometres that earn half.
    `text_half`: the share of all that the words could earn which earns half (a long text never
    earns all); None: the text part is that share itself.
    `keep_unknown`: whether a record of which a hard requirement is unknown stays in, below
    those that are known to meet all. `must_match_text`: whether a record that shares no word
    with the problem is left out. `near_misses` and `pairs`: how many of each to report.
    `telling_only`: whether conflicts, waivers and near misses leave out records that fail no
    hard requirement and are known to meet none, or fewer than are unknown: nobody knows that
    such a record could serve, so it must not hide that nobody can.
    """

    requirements: tuple[Requirement, ...] = ()
    words: Words = ()
    weights: Mapping[str, float] = field(default_factory=lambda: {"fit": 1.0, "text": 1.0})
    place: tuple[float, float] | None = None
    distance_half: float = 100.0
    text_half: float | None = None
    limit: int = 10
    keep_unknown: bool = True
    must_match_text: bool = False
    near_misses: int = 0
    pairs: int = 0
    telling_only: bool = False
    feedback: Feedback | None = None

    def __post_init__(self) -> None:
        keys = [r.key for r in self.requirements]
        if len(set(keys)) != len(keys):
            raise ValueError("two requirements have the same key")
        if len(keys) > 62:
            raise ValueError("a problem has at most 62 requirements")
        if self.limit < 1 or self.near_misses < 0 or self.pairs < 0:
            raise ValueError("limit must be positive, near_misses and pairs not negative")
        if any(not (w >= 0 and isfinite(w)) for w in self.weights.values()):
            raise ValueError("weights must not be negative")
        if not (self.distance_half > 0 and isfinite(self.distance_half)):
            raise ValueError("distance_half must be positive")
        if self.text_half is not None and not (self.text_half > 0 and isfinite(self.text_half)):
            raise ValueError("text_half must be positive")

    def check(self, schema: Schema) -> None:
        """Raise ValueError when the problem does not speak the schema's language."""
        known = {"fit", "text", "latent", "distance", *(m.name for m in schema.measures)}
        for name in self.weights:
            if name not in known:
                raise ValueError(f"the schema has no measure {name!r}")
        for requirement in self.requirements:
            requirement.check(schema.attribute(requirement.attribute))

    @property
    def hard(self) -> tuple[Requirement, ...]:
        return tuple(r for r in self.requirements if r.hard)
