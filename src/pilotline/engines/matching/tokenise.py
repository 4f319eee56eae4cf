"""Text to words, Chinese and English in one stream.

Chinese is cut three ways at once: single characters, pairs of neighbours, and dictionary words
of three and more characters (a two-character dictionary word is a pair already and only counts
for more in a query). Latin words are lower-cased and lightly stemmed, numbers kept.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

PIECES = re.compile(r"[\u3400-\u9fff]+|[a-z]+(?:'[a-z]+)?|\d+(?:\.\d+)?")

STOP_TEXT = """
a about above after again against all also am an and any are as at be because been before being
below between both but by can cannot could did do does doing done down during each few for from
further had has have having he her here hers him his how i if in into is it its itself just made
make many may me might more most much must my no nor not now of off on once one only or other our
out over own per same she should so some such than that the their them then there these they this
those through to too under until up upon used using very was we were what when where whether which
while who whom why will with within without would you your
"""
STOP_WORDS = frozenset(STOP_TEXT.split())

# Ending, what takes its place, and the fewest letters that must stay. First match wins.
ENDINGS = (
    ("ization", "iz", 3),
    ("ational", "at", 3),
    ("ations", "at", 3),
    ("fulness", "ful", 3),
    ("ically", "ic", 3),
    ("ation", "at", 3),
    ("ement", "", 4),
    ("edly", "", 3),
    ("ally", "al", 3),
    ("ance", "", 3),
    ("ence", "", 3),
    ("able", "", 3),
    ("ible", "", 3),
    ("ment", "", 4),
    ("ness", "", 3),
    ("ions", "", 3),
    ("ing", "", 3),
    ("ion", "", 3),
    ("ive", "", 3),
    ("ity", "", 3),
    ("ed", "", 3),
    ("ly", "", 3),
    ("al", "", 3),
    ("or", "", 4),
    ("er", "", 4),
    ("ic", "", 4),
    ("e", "", 3),
    ("y", "i", 3),
)


def stem(word: str) -> str:
    """A light stem: plural, then one common ending, then a doubled last consonant."""
    if len(word) > 4 and word.endswith("ies"):
        word = word[:-3] + "y"
    elif word.endswith("sses"):
        word = word[:-2]
    elif len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending, instead, least in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= least:
            word = word[: -len(ending)] + instead
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "sz":
        word = word[:-1]
    return word


def _is_chinese(piece: str) -> bool:
    return "\u3400" <= piece[0] <= "\u9fff"


def fold(text: str) -> str:
    """Full-width forms to plain ones, letters to lower case."""
    return unicodedata.normalize("NFKC", text).lower()


@dataclass(slots=True)
class Tokeniser:
    """Cuts texts. `dictionary`: trade words that the general dictionary lacks. `synonyms`:
    groups of equivalent phrases; a query that holds one is widened by the others, each of whose
    words weighs `synonym_weight` of its own. `word_weight`: what a dictionary word adds.
    """

    dictionary: tuple[str, ...] = ()
    synonyms: tuple[tuple[str, ...], ...] = ()
    synonym_weight: float = 0.4
    word_weight: float = 0.5
    character_weight: float = 1.0
    use_dictionary: bool = True
    _cutter: Any = field(default=None, init=False, repr=False)
    _groups: dict[str, tuple[str, ...]] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        if not 0 <= self.synonym_weight <= 1:
            raise ValueError("a synonym weighs between nothing and as much as the word itself")
        for group in self.synonyms:
            folded = tuple(dict.fromkeys(fold(phrase).strip() for phrase in group))
            for phrase in folded:
                others = tuple(other for other in folded if other != phrase)
                self._groups[phrase] = self._groups.get(phrase, ()) + others

    def words(self, text: str) -> list[str]:
        """All words of a text, in order, repeats kept."""
        found: list[str] = []
        for piece in PIECES.findall(fold(text)):
            if _is_chinese(piece):
                found.extend(piece)
                found.extend(piece[i : i + 2] for i in range(len(piece) - 1))
                found.extend(w for w in self._dictionary_words(piece) if len(w) > 2)
            elif piece not in STOP_WORDS:
                found.append(stem(piece))
        return found

    def query(self, text: str) -> dict[str, float]:
        """The words of a query with their weights, synonyms included."""
        folded = fold(text)
        weights = self._weigh(folded)
        for phrase in self._named(folded):
            for other in self._groups[phrase]:
                for word, weight in self._weigh(other).items():
                    widened = weight * self.synonym_weight
                    weights[word] = max(weights.get(word, 0.0), widened)
        return weights

    def _weigh(self, folded: str) -> dict[str, float]:
        weights: dict[str, float] = {}

        def add(word: str, weight: float) -> None:
            weights[word] = weights.get(word, 0.0) + weight

        for piece in PIECES.findall(folded):
            if not _is_chinese(piece):
                if piece not in STOP_WORDS:
                    add(stem(piece), 1.0)
                continue
            for character in piece:
                add(character, self.character_weight)
            for i in range(len(piece) - 1):
                add(piece[i : i + 2], 1.0)
            for word in self._dictionary_words(piece):
                if len(word) > 1:
                    add(word, self.word_weight)
        return weights

    def _named(self, folded: str) -> list[str]:
        """The phrases of the synonym groups that a text holds; Latin ones as whole words."""
        padded = " " + " ".join(PIECES.findall(folded)) + " "
        return [
            phrase
            for phrase in self._groups
            if (phrase in folded if _is_chinese(phrase) else f" {phrase} " in padded)
        ]

    def _dictionary_words(self, piece: str) -> Sequence[str]:
        if not self.use_dictionary or len(piece) < 2:
            return ()
        if self._cutter is None:
            # Imported late: the dictionary takes a moment to load, and not everybody needs it.
            import rjieba

            self._cutter = rjieba.Jieba()
            for word in self.dictionary:
                self._cutter.add_word(word, None, None)
        cut: Sequence[str] = self._cutter.cut_for_search(piece, True)
        return cut


def query_weights(
    words: str | Sequence[str] | Mapping[str, float], tokeniser: Tokeniser
) -> dict[str, float]:
    """The weighted words of a problem's text, ready words or weighted words."""
    if isinstance(words, str):
        return tokeniser.query(words)
    if isinstance(words, Mapping):
        return {word: float(weight) for word, weight in words.items() if weight > 0}
    weights: dict[str, float] = {}
    for word in words:
        weights[word] = weights.get(word, 0.0) + 1.0
    return weights
