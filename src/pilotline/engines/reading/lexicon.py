"""The vocabulary made ready for reading: every word found in one pass over a text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from pilotline.engines.reading import words
from pilotline.engines.reading.problem import Attribute, Value, Vocabulary
from pilotline.engines.reading.substances import is_part_of_name
from pilotline.kernel import units
from pilotline.kernel.numerals import plain

_HYPHEN = re.compile("(?<=[a-z])-(?=[a-z])")


class Entry(NamedTuple):
    """What a word stands for: `role` is cue, value, flag, region, verification, scale or stop."""

    role: str
    attribute: str
    value: str = ""


class Hit(NamedTuple):
    """A word of the vocabulary in a text, [start, end) in the text."""

    start: int
    end: int
    entry: Entry


def fold(text: str) -> str:
    """`plain` in lower case with hyphenated words apart, character for character."""
    text = plain(text)
    lower = text.lower()
    if len(lower) != len(text):
        lower = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return _HYPHEN.sub(" ", lower)


def _is_word(char: str) -> bool:
    return char.isascii() and char.isalnum()


@dataclass(frozen=True, slots=True)
class Lexicon:
    """An index of all words by their first two characters, and the range attributes.

    `of_equipment` are sets that call themselves after equipment (釜体材质, wetted parts): their
    values are materials, and a material is far more often the product than the vessel.
    """

    attributes: dict[str, Attribute]
    order: dict[str, int]
    _index: dict[str, tuple[tuple[str, tuple[Entry, ...]], ...]]
    _ranges: tuple[Attribute, ...]
    _usual: frozenset[str]
    of_equipment: frozenset[str]
    _by_unit: dict[str, tuple[Attribute, ...]] = field(default_factory=dict)

    def hits(self, folded: str) -> list[Hit]:
        """All words in order; of words inside longer ones those that `_outermost` keeps."""
        found: list[Hit] = []
        for i, char in enumerate(folded):
            for key in {folded[i : i + 2], char}:
                for word, entries in self._index.get(key, ()):
                    if self._at(folded, i, word):
                        end = i + len(word)
                        end += self._plural(folded, end)
                        named = is_part_of_name(folded, i, i + len(word))
                        found += [Hit(i, end, e) for e in entries if e.role != "value" or not named]
        return _outermost(found)

    @staticmethod
    def _plural(folded: str, end: int) -> int:
        return int(_is_word(folded[end - 1]) and folded[end : end + 1] == "s")

    @staticmethod
    def _at(folded: str, i: int, word: str) -> bool:
        if not folded.startswith(word, i):
            return False
        end = i + len(word)
        if _is_word(word[0]) and i and _is_word(folded[i - 1]):
            return False
        if not _is_word(word[-1]) or not _is_word(folded[end : end + 1] or " "):
            return True
        plural = folded[end] == "s" and len(word) > 3
        return plural and not _is_word(folded[end + 1 : end + 2] or " ")

    def candidates(self, unit: str) -> tuple[Attribute, ...]:
        """The range attributes that a quantity in this unit can belong to."""
        known = self._by_unit.get(unit)
        if known is None:
            known = tuple(a for a in self._ranges if _fits(unit, a.unit))
            self._by_unit[unit] = known
        return known

    def usual(self, options: Sequence[Attribute]) -> Attribute | None:
        """The general one among attributes of a dimension: 温度 beside 露点温度."""
        general = [a for a in options if a.id in self._usual]
        return general[0] if len(general) == 1 else None


def _outermost(hits: list[Hit]) -> list[Hit]:
    """Drop what means something else inside a longer word.

    So does a cue in a longer cue (压力 in 储氢压力) and a value in a longer value or cue (氧化 in
    过氧化氢, 蒸发 in 蒸发量, 设计 in 设计压力); but 反应釜 in 搪玻璃反应釜 and 中试 in 中试放大
    mean what they say.
    """
    kept: list[Hit] = []
    covers = sorted(hits, key=lambda h: (h.start, -h.end, h.entry))
    reach: list[Hit] = []
    for hit in covers:
        reach = [r for r in reach if r.end > hit.start]
        inside = any(
            (r.start, r.end) != (hit.start, hit.end)
            and r.end >= hit.end
            and _swallows(r.entry.role, hit.entry.role)
            for r in reach
        )
        reach.append(hit)
        if not inside and hit.entry.role != "stop":
            kept.append(hit)
    return kept


def _swallows(longer: str, shorter: str) -> bool:
    if longer == "stop" or longer == shorter:
        return True
    if longer == "cue":
        return shorter in ("value", "flag", "verification")
    return shorter in ("value", "flag") and longer in ("value", "flag")


@lru_cache(maxsize=1024)
def _fits(unit: str, target: str) -> bool:
    differs = unit.startswith("delta_") and "/" not in unit
    if differs != (target.startswith("delta_") and "/" not in target):
        return False
    return bool(unit) and units.scale(unit, target) is not None


def _general(ranges: Sequence[Attribute]) -> frozenset[str]:
    """Ids of attributes whose plain names end the names of their rivals (功率, 电堆功率)."""
    general = set()
    for one in ranges:
        rivals = [r for r in ranges if r is not one and _fits(r.unit, one.unit)]
        names = [fold(w) for w in one.words if len(w) > 1]
        if rivals and all(
            any(fold(w).endswith(n) and fold(w) != n for w in r.words for n in names)
            for r in rivals
        ):
            general.add(one.id)
    return frozenset(general)


def _entries(vocabulary: Vocabulary) -> list[tuple[str, Entry]]:
    pairs = [(w, Entry("cue", "")) for w in words.FOREIGN]
    for a in vocabulary.attributes:
        role = "flag" if a.kind == "flag" else "cue"
        pairs += [(w, Entry(role, a.id)) for w in a.words]
        pairs += _value_entries("value", a.id, a.values)
    pairs += _value_entries("region", "", vocabulary.regions)
    pairs += _value_entries("verification", "", vocabulary.verifications)
    pairs += _value_entries("scale", "", vocabulary.scales)
    return pairs


def _value_entries(role: str, attribute: str, values: Sequence[Value]) -> list[tuple[str, Entry]]:
    return [
        pair
        for v in values
        for pair in (
            *((w, Entry(role, attribute, v.id)) for w in v.words),
            *((w, Entry("stop", attribute)) for w in v.unless),
        )
    ]


@lru_cache(maxsize=8)
def lexicon(vocabulary: Vocabulary) -> Lexicon:
    """The ready lexicon of a vocabulary; made once and kept."""
    by_word: dict[str, dict[Entry, None]] = {}
    for word, entry in _entries(vocabulary):
        folded = fold(word).strip()
        if folded:
            by_word.setdefault(folded, {})[entry] = None
    index: dict[str, list[tuple[str, tuple[Entry, ...]]]] = {}
    for word in sorted(by_word, key=lambda w: (-len(w), w)):
        index.setdefault(word[:2], []).append((word, tuple(by_word[word])))
    ranges = tuple(a for a in vocabulary.attributes if a.kind == "range")
    return Lexicon(
        attributes={a.id: a for a in vocabulary.attributes},
        order={a.id: i for i, a in enumerate(vocabulary.attributes)},
        _index={key: tuple(entries) for key, entries in index.items()},
        _ranges=ranges,
        _usual=_general(ranges),
        of_equipment=frozenset(
            a.id
            for a in vocabulary.attributes
            if a.kind == "set" and any(words.VESSEL.search(w) for w in a.words)
        ),
    )
