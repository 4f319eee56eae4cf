"""The plain entries of a rulebook: what has a name, a source and a time in which it holds."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Generic, Self, TypeVar


@dataclass(frozen=True, slots=True)
class Text:
    """One thing said in both languages."""

    zh: str
    en: str

    def __str__(self) -> str:
        return f"{self.zh} / {self.en}"

    def say(self, language: str) -> str:
        """The Chinese words for `zh`, `zh-hans`, `zh_CN` …; the English ones for all else."""
        return self.zh if language.lower().startswith("zh") else self.en

    @classmethod
    def read(cls, raw: Mapping[str, str]) -> Self:
        return cls(raw["zh"], raw["en"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the rulebook.

    `source` is the id of a document, followed by `:` and a clause number where the document is
    known by clauses (`plan:四(七)`); or it is empty and `example` is true: no official figure
    exists, and whoever shows the entry must say so. Valid from `valid_from` up to, and without,
    `valid_to`.
    """

    id: str
    title: Text
    source: str
    example: bool
    valid_from: date
    valid_to: date | None = None
    about: Text | None = None

    def is_valid(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)

    @property
    def clause(self) -> str:
        """The number of the clause this entry rests on, or an empty text."""
        return self.source.partition(":")[2]


E = TypeVar("E", bound=Entry, covariant=True)


class Listing(Generic[E]):
    """Entries of one kind in the order of their file, found by id.

    Iterating gives the entries; `[]`, `get` and `in` take an id.
    """

    __slots__ = ("_by_id",)

    def __init__(self, entries: Iterable[E]) -> None:
        self._by_id: dict[str, E] = {entry.id: entry for entry in entries}

    def __iter__(self) -> Iterator[E]:
        return iter(self._by_id.values())

    def __len__(self) -> int:
        return len(self._by_id)

    def __contains__(self, entry_id: object) -> bool:
        return entry_id in self._by_id

    def __getitem__(self, entry_id: str) -> E:
        return self._by_id[entry_id]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Listing) and list(self) == list(other)

    def __hash__(self) -> int:
        return hash(tuple(self._by_id))

    def __repr__(self) -> str:
        return f"Listing({', '.join(self._by_id)})"

    def get(self, entry_id: str) -> E | None:
        return self._by_id.get(entry_id)

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(self._by_id)

    def valid_on(self, day: date) -> tuple[E, ...]:
        """What may be chosen on that day; what ended stays readable through `get`."""
        return tuple(entry for entry in self if entry.is_valid(day))

    def choices(self, language: str, day: date | None = None) -> list[tuple[str, str]]:
        """Pairs of id and title, as form libraries want them."""
        entries = self if day is None else self.valid_on(day)
        return [(entry.id, entry.title.say(language)) for entry in entries]


@dataclass(frozen=True, slots=True, kw_only=True)
class Region(Entry):
    """Whose rulebook this is. `id` is the GB/T 2260 code of the region.

    `number_prefixes` gives each kind of number its letters (`need` → `XQ`).
    """

    short: Text
    number_prefixes: Mapping[str, str]
    time_zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document(Entry):
    """A paper or standard that entries rest on. With `has_clauses`, a source names one of them."""

    has_clauses: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause(Entry):
    """A clause of the plan. `asks` is our own short wording; None when the text is not at hand."""

    asks: Text | None = None

    @property
    def number(self) -> str:
        return self.id

    @property
    def is_known(self) -> bool:
        return self.asks is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class City(Entry):
    """`id` is the GB/T 2260 code. Degrees are WGS 84; the tile is a place on a schematic map.

    Columns count from the west, rows from the north, both from 0.
    """

    latitude: float
    longitude: float
    column: int
    row: int
    short: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Named(Entry):
    """A listed thing that people call by several names (field, service kind, chain, …)."""

    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain(Named):
    """An industry chain; `fields` are the focus fields it belongs to."""

    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification(Named):
    """A kind of verification and the question it answers."""

    question: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationKind(Named):
    """`may` says what such an organisation comes for: `apply`, `operate`, `advise`."""

    may: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A rung inside a tier."""

    id: str
    title: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier(Named):
    """A tier of facilities, lowest first in the file. `given_by` says who grants it."""

    given_by: Text
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineReason(Entry):
    """Why an operator says no.

    `words_required`: the reason must be explained. `means_gap`: the facility cannot do it, so
    the need counts towards the gap list unless another can.
    """

    words_required: bool
    means_gap: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Target(Entry):
    """A figure to be reached by a day; `measure` is one of the closed set in `words.py`."""

    measure: str
    tier: str | None
    value: int
    approximate: bool
    by: date

    def is_met(self, value: int) -> bool:
        return value >= self.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload(Entry):
    """A kind of file that may be attached. Extensions are lower case, without the dot."""

    extensions: tuple[str, ...]
    media_types: tuple[str, ...]
    max_bytes: int
    max_count: int

    def takes(self, file_name: str, size: int) -> bool:
        """True when a file of that name and size (bytes) may be attached as this kind."""
        extension = file_name.rpartition(".")[2].lower()
        return "." in file_name and extension in self.extensions and 0 < size <= self.max_bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class SynonymGroup(Entry):
    """Words that mean the same to a search, in any language."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching(Entry):
    """How a shortlist is made.

    `parts` are the weights of the score's parts and add to 1; `text_fields` weigh the named text
    fields of a record; `hard` lists what filters instead of lowering the score; distances are
    kilometres: full marks up to `near_km`, none from `far_km` on. Requirements weigh in full from
    `enough_requirements` on: fewer prove less, and what they do not weigh the words do.
    `text_half`: the share of its words' worth at which a case's text earns about half.
    """

    parts: Mapping[str, float]
    text_fields: Mapping[str, float]
    hard: tuple[str, ...]
    near_km: float
    far_km: float
    length: int
    pairs: int
    enough_requirements: int
    text_half: float | None
    k1: float
    b: float

    def parts_for(self, requirements: int) -> dict[str, float]:
        """The weights for a case with so many requirements; they add to 1 as `parts` do."""
        share = min(1.0, requirements / self.enough_requirements)
        parts = dict(self.parts)
        structured = parts.get("structured", 0.0)
        parts["structured"] = structured * share
        parts["text"] = parts.get("text", 0.0) + structured * (1.0 - share)
        return parts

    def score(self, parts: Mapping[str, float | None]) -> float:
        """The weighted sum of the parts (each 0–1); None is unknown and earns nothing."""
        return sum(weight * (parts.get(name) or 0.0) for name, weight in self.parts.items())

    def nearness(self, kilometres: float) -> float:
        """1 up to `near_km`, 0 from `far_km` on, a straight line between."""
        share = (self.far_km - kilometres) / (self.far_km - self.near_km)
        return min(1.0, max(0.0, share))


@dataclass(frozen=True, slots=True)
class QualityPart:
    """One thing that makes a record complete, its weight and how to mend it."""

    measure: str
    weight: int
    advice: Text


@dataclass(frozen=True, slots=True)
class Quality:
    """A score from 0 to 100 and the parts that keep it from 100, heaviest loss first."""

    score: int
    missing: tuple[QualityPart, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DataQuality(Entry):
    """What makes a record complete. The weights add to 100."""

    parts: tuple[QualityPart, ...]
    fresh_days: int

    def rate(self, found: Mapping[str, float]) -> Quality:
        """Score a record from the share (0–1) found of each measure; an absent one counts 0."""
        lost: list[tuple[float, QualityPart]] = []
        earned = Decimal(0)
        for part in self.parts:
            share = min(1.0, max(0.0, found.get(part.measure, 0.0)))
            earned += part.weight * Decimal(str(share))
            if share < 1:
                lost.append((part.weight * (1 - share), part))
        lost.sort(key=lambda pair: -pair[0])
        return Quality(int(earned), tuple(part for _, part in lost))


def heading(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments that every entry shares, from its JSON content."""
    return {
        "id": raw["id"],
        "title": Text.read(raw["title"]),
        "source": raw.get("source", ""),
        "example": bool(raw.get("example", False)),
        "valid_from": date.fromisoformat(raw["valid_from"]),
        "valid_to": date.fromisoformat(raw["valid_to"]) if raw.get("valid_to") else None,
        "about": Text.read(raw["about"]) if raw.get("about") else None,
    }
