"""A text with its sentences: what is denied in it, and what only tells the present state."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from pilotline.engines.reading import words
from pilotline.engines.reading.lexicon import fold
from pilotline.kernel.numerals import plain

REACH = 60


@dataclass(frozen=True, slots=True)
class Page:
    """A text made plain, position for position, with the places where sentences end."""

    text: str
    folded: str
    _breaks: tuple[int, ...]
    _pauses: tuple[int, ...]
    _markers: tuple[tuple[int, bool], ...]
    _denials: tuple[int, ...]
    _contrasts: tuple[int, ...]
    _wishes: tuple[int, ...]
    _polite: tuple[int, ...]
    _demands: tuple[int, ...]

    @classmethod
    def read(cls, original: str) -> "Page":
        text = plain(original)
        breaks = tuple(m.start() for m in words.BREAK.finditer(text))
        pauses = {m.start() for m in words.PAUSE.finditer(text)} | set(breaks)
        markers = [(m.end(), False) for m in words.BACKGROUND.finditer(text)]
        markers += [(m.end(), True) for m in words.NEEDED.finditer(text)]
        return cls(
            text,
            fold(original),
            breaks,
            tuple(sorted(pauses)),
            tuple(sorted(markers)),
            tuple(m.end() for m in words.NEGATOR.finditer(text)),
            tuple(m.start() for m in words.CONTRAST.finditer(text)),
            tuple(m.end() for m in words.WISHED.finditer(text)),
            tuple(m.end() for m in words.HOPED.finditer(text)),
            tuple(m.start() for m in words.DEMANDED.finditer(text)),
        )

    def sentence(self, at: int) -> int:
        """Where the sentence around `at` begins."""
        return self._before(self._breaks, at)

    def clause(self, at: int) -> int:
        """Where the clause around `at` begins: after a comma or the end of a sentence."""
        return self._before(self._pauses, at)

    def clause_end(self, at: int) -> int:
        """Where the clause around `at` ends."""
        i = bisect_left(self._pauses, at)
        return self._pauses[i] if i < len(self._pauses) else len(self.text)

    @staticmethod
    def _before(places: tuple[int, ...], at: int) -> int:
        i = bisect_left(places, at)
        return places[i - 1] + 1 if i else 0

    def sentence_end(self, at: int) -> int:
        """Where the sentence around `at` ends."""
        i = bisect_left(self._breaks, at)
        return self._breaks[i] if i < len(self._breaks) else len(self.text)

    def breaks_between(self, start: int, end: int) -> bool:
        """True when a sentence ends between the two places."""
        return bisect_left(self._breaks, start) < bisect_left(self._breaks, end)

    def pauses_between(self, start: int, end: int) -> bool:
        """True when a comma or the end of a sentence lies between."""
        return bisect_left(self._pauses, start) < bisect_left(self._pauses, end)

    def is_denied(self, start: int, end: int, *, by_letter: bool = True) -> bool:
        """True for `不需要GMP`, `without explosion-proof rooms`, `GMP is not required`.

        A denial holds to the end of its clause unless a contrast (但, but) comes between.
        `by_letter` lets one letter deny the next word: 无放射性, 非防爆 (but not 尚无500L).
        """
        if words.NEGATED_AFTER.match(self.text, end):
            return True
        if by_letter and start and self.text[start - 1] in words.NEGATING_LETTER:
            return True
        i = bisect_right(self._denials, start)
        if not i or self._denials[i - 1] <= max(self.clause(start), start - REACH):
            return False
        j = bisect_left(self._contrasts, start)
        return not j or self._contrasts[j - 1] < self._denials[i - 1]

    def is_background(self, at: int, end: int) -> bool:
        """True when the last hint in the sentence says "this is how it is now" (小试, 现有)."""
        if words.BACKGROUND_AFTER.match(self.text, end):
            return True
        i = bisect_right(self._markers, (at, True))
        if not i:
            return False
        place, needed = self._markers[i - 1]
        return not needed and place >= self.sentence(at)

    def is_wish(self, start: int, end: int) -> bool:
        """True for `最好有GMP车间`, `CNAS优先`, `preferably 316L`: welcome, not demanded.

        希望 counts only where the text demands something elsewhere; else it is how the writer asks.
        """
        clause, stop = (
            max(self.clause(start), start - REACH),
            min(self.clause_end(end), end + REACH),
        )
        if words.WISHED_AFTER.search(self.text, end, stop):
            return True
        if self._any_in(self._wishes, clause, start):
            return True
        if not self._any_in(self._polite, clause, start):
            return False
        return bool(self._demands) and (self._demands[0] < clause or self._demands[-1] >= stop)

    @staticmethod
    def _any_in(places: tuple[int, ...], start: int, end: int) -> bool:
        i = bisect_left(places, start)
        return i < len(places) and places[i] <= end
