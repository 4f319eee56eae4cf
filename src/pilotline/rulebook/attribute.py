"""The vocabulary of capabilities: what can be measured or asked of a facility, and how it fits."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Self

from pilotline.kernel import numerals
from pilotline.rulebook.model import Named, Text, heading


@dataclass(frozen=True, slots=True)
class AttributeValue:
    """One value of a set or a level; `rank` grows with strictness and is 0 for sets.

    `unless` lists longer words that hold one of the names and do not mean the value: 氧化铝 is
    no oxidation.
    """

    id: str
    title: Text
    synonyms: tuple[str, ...]
    rank: int = 0
    unless: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return (self.title.zh, self.title.en, *self.synonyms)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute(Named):
    """A thing a capability states and a requirement asks for.

    `kind`: `range` (numbers low–high in `unit`), `set` (some of `values`), `level` (one of
    `values`, ordered from least to most demanding), `flag` (has it or not).
    `fit` says when an offer meets a demand:
    `cover` the offered range contains the asked one; `at_least` the offer reaches up to what is
    asked (highest offered ≥ asked; for a level: rank ≥ asked; for a flag: has it);
    `at_most` the offer reaches down to what is asked (lowest offered ≤ asked);
    `superset` every asked value is among the offered.
    `low` and `high` bound what is believable, in `unit`; `symbol` is the unit as people read it.
    `together`: describes one vessel or machine, so that two facilities that share a case cannot
    share such requirements out; one of them meets them all.
    """

    kind: str
    fit: str
    group: str
    group_title: Text
    unit: str = ""
    symbol: str = ""
    units: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    together: bool = False
    values: tuple[AttributeValue, ...] = ()
    _lexicon: Mapping[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        names = {plain(name): value.id for value in self.values for name in value.names}
        names |= {plain(word): "" for value in self.values for word in value.unless}
        object.__setattr__(self, "_lexicon", names)

    @property
    def names(self) -> tuple[str, ...]:
        return (self.title.zh, self.title.en, *self.synonyms)

    def value(self, value_id: str) -> AttributeValue | None:
        return next((v for v in self.values if v.id == value_id), None)

    def value_title(self, value_id: str, language: str) -> str:
        """The title of a value, or its id when the rulebook no longer knows it."""
        found = self.value(value_id)
        return found.title.say(language) if found else value_id

    def is_believable(self, low: float | None, high: float | None) -> bool:
        """False for a range that is upside down or outside what exists in the world."""
        if low is not None and high is not None and low > high:
            return False
        return all(
            (self.low is None or x >= self.low) and (self.high is None or x <= self.high)
            for x in (low, high)
            if x is not None
        )

    def values_in(self, text: str) -> tuple[str, ...]:
        """Ids of the values a text names, in the order of the vocabulary; longest name wins."""
        found = {value_id for value_id, _, _ in self.find_values(text)}
        return tuple(v.id for v in self.values if v.id in found)

    def find_values(self, text: str) -> list[tuple[str, int, int]]:
        """Each value named in the text with the half-open span of the text it came from."""
        return _find(self._lexicon, plain(text))

    def is_named_in(self, text: str) -> bool:
        """True when the text names the attribute itself (how a flag is read)."""
        return bool(_find({plain(name): self.id for name in self.names}, plain(text)))

    @classmethod
    def read(cls, raw: Mapping[str, Any], values: Iterable[AttributeValue]) -> Self:
        return cls(
            **heading(raw),
            synonyms=tuple(raw.get("synonyms", ())),
            kind=raw["kind"],
            fit=raw["fit"],
            group=raw["group"]["id"],
            group_title=Text.read(raw["group"]["title"]),
            unit=raw.get("unit", ""),
            symbol=raw.get("symbol", raw.get("unit", "")),
            units=tuple(raw.get("units", ())),
            low=raw.get("low"),
            high=raw.get("high"),
            together=raw.get("together", False),
            values=tuple(values),
        )


def read_values(raw: Mapping[str, Any]) -> list[AttributeValue]:
    """The values an attribute lists itself; those of a level are ranked in their order."""
    ranked = raw["kind"] == "level"
    return [
        AttributeValue(
            v["id"],
            Text.read(v["title"]),
            tuple(v.get("synonyms", ())),
            rank if ranked else 0,
            tuple(v.get("unless", ())),
        )
        for rank, v in enumerate(raw.get("values", ()), start=1)
    ]


def plain(text: str) -> str:
    """Half-width and lower case, character for character, so that spans keep their places."""
    folded = (c.lower() for c in numerals.plain(text))
    return "".join(low if len(low) == 1 else c for low, c in zip(folded, text, strict=True))


@lru_cache(maxsize=512)
def _pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    # Latin names stand alone (no "PP" inside "ppm"); Chinese ones are found inside a sentence.
    longest_first = sorted(names, key=len, reverse=True)
    return re.compile("|".join(_guarded(name) for name in longest_first))


def _guarded(name: str) -> str:
    word = r"[a-z0-9]"
    left = rf"(?<!{word})" if re.match(word, name) else ""
    right = rf"(?!{word})" if re.search(rf"{word}$", name) else ""
    return f"{left}{re.escape(name)}{right}"


def _find(lexicon: Mapping[str, str], text: str) -> list[tuple[str, int, int]]:
    if not lexicon:
        return []
    found = (
        (lexicon[m.group()], m.start(), m.end()) for m in _pattern(tuple(lexicon)).finditer(text)
    )
    return [one for one in found if one[0]]
