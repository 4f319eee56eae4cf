"""Which attribute a quantity in a text belongs to: by dimension, then by the nearest cue."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from pilotline.engines.reading import words
from pilotline.engines.reading.amounts import meant
from pilotline.engines.reading.lexicon import Hit, Lexicon
from pilotline.engines.reading.page import REACH, Page
from pilotline.engines.reading.problem import Attribute
from pilotline.engines.reading.result import Finding, Span
from pilotline.kernel import units
from pilotline.kernel.errors import Unreadable
from pilotline.kernel.quantity import Found, Range

BEFORE, AFTER = 32, 16
_LIST = re.compile(r"\s*(?:[、/,，]|和|或|及|与|and|or|then)\s*")
_TIMES = frozenset({"s", "min", "h", "d", "week", "month", "year"})
_ATMOSPHERE = Decimal("101325")


class Choice(NamedTuple):
    """The attribute taken, the cue that decided (if any), how and how surely."""

    attribute: Attribute
    cue: Hit | None
    reason: str
    confidence: float


def relation(found: Range) -> str:
    """The word for the two ends of a range."""
    if found.about:
        return "about"
    if found.low is None:
        return "at_most"
    if found.high is None:
        return "at_least"
    return "exactly" if found.is_point else "between"


class Quantities:
    """All quantities of a page together with the cues that may claim them."""

    def __init__(self, page: Page, lexicon: Lexicon, hits: Sequence[Hit], found: Sequence[Found]):
        self.page, self.lexicon = page, lexicon
        self.found = meant(page, found)
        self.cues = [h for h in hits if h.entry.role == "cue"]
        self._cue_starts = [c.start for c in self.cues]
        self._starts = [f.start for f in self.found]

    def findings(self) -> list[Finding]:
        """One finding for every quantity that has an attribute."""
        read = (self._finding(i) for i in range(len(self.found)))
        return [f for f in read if f is not None]

    def _finding(self, i: int) -> Finding | None:
        found = self.found[i]
        choice = self._choose(i)
        if choice is None:
            return None
        written = self._open(found, choice.cue)
        converted = _believable(written, choice.attribute)
        if converted is None:
            return None
        cue = self._word(choice.cue)
        return Finding(
            topic="attribute",
            attribute=choice.attribute.id,
            spans=(Span(found.start, found.end),),
            relation=relation(written),
            low=converted.low,
            high=converted.high,
            unit=choice.attribute.unit,
            written=written,
            confidence=choice.confidence,
            reason=choice.reason,
            cues=(cue,) if cue else (),
        )

    def _word(self, cue: Hit | None) -> str:
        return self.page.text[cue.start : cue.end] if cue else ""

    def _open(self, found: Found, cue: Hit | None) -> Range:
        """`最高温度 200℃` is at most 200 ℃, though 最高 stands before the cue."""
        given = found.range
        if cue is None or not given.is_point or cue.start > found.start:
            return given
        lead = self.page.text[max(0, cue.start - 9) : cue.end]
        head = lead[: len(lead) - (cue.end - cue.start)]
        word = self._word(cue)
        if words.HIGHEST.search(head) or words.HIGHEST.match(word[:2]):
            return replace(given, low=None)
        if words.LOWEST.search(head) or words.LOWEST.match(word[:2]):
            return replace(given, high=None)
        return given

    def _choose(self, i: int) -> Choice | None:
        found = self.found[i]
        options = [
            a
            for a in self.lexicon.candidates(found.range.unit)
            if _believable(found.range, a) is not None
        ]
        if not options:
            return None
        best = min((*self._cues_before(i, options), *self._cues_after(i, options)), default=None)
        if best is not None:
            score, _, _, name, cue = best
            if not name:
                return None
            attribute = self.lexicon.attributes[name]
            reason = "cue-before" if cue.start < found.start else "cue-after"
            confidence = 0.95 if score <= 6 else 0.88 if score < 16 else 0.8
            return Choice(attribute, cue, reason, confidence)
        return self._without_cue(found, options)

    def _without_cue(self, found: Found, options: Sequence[Attribute]) -> Choice | None:
        unit = found.range.unit
        if unit.endswith("/batch"):
            return Choice(options[0], None, "unit", 0.8) if len(options) == 1 else None
        if not _stands_alone(unit, options):
            return None
        if len(options) == 1:
            usual_unit = unit in (options[0].unit, *options[0].units)
            return Choice(options[0], None, "only", 0.65 if usual_unit else 0.55)
        habitual = [a for a in options if unit in a.units]
        usual = self.lexicon.usual(options)
        if len(habitual) == 1 and usual not in habitual:
            return Choice(habitual[0], None, "unit", 0.65)
        return Choice(usual, None, "usual", 0.7) if usual else None

    def _cues_before(
        self, i: int, options: Sequence[Attribute]
    ) -> list[tuple[int, int, int, str, Hit]]:
        found, out = self.found[i], []
        names = {a.id for a in options}
        at = bisect_left(self._cue_starts, found.start)
        for cue in reversed(self.cues[max(0, at - 12) : at]):
            gap = found.start - cue.end
            if gap > BEFORE or self.page.breaks_between(cue.start, found.start):
                break
            if gap < 0 or (cue.entry.attribute and cue.entry.attribute not in names):
                continue
            if self._taken(cue, i):
                continue
            score = gap + 10 * self.page.pauses_between(cue.end, found.start)
            if not cue.entry.attribute and (score > 8 or self._is_tested(cue)):
                continue
            out.append(self._scored(score, cue))
        return out

    def _cues_after(
        self, i: int, options: Sequence[Attribute]
    ) -> list[tuple[int, int, int, str, Hit]]:
        found, out = self.found[i], []
        names = {a.id for a in options}
        at = bisect_left(self._cue_starts, found.end)
        for cue in self.cues[at : at + 8]:
            between = self.page.text[found.end : cue.start]
            if len(between) > AFTER * (2 if between.isascii() else 1):
                break
            if self.page.pauses_between(found.end, cue.start) or "、" in between:
                break
            following = bisect_left(self._starts, found.end)
            if following < len(self.found) and self.found[following].start < cue.start:
                break
            foreign = not cue.entry.attribute
            if between.strip(" 的") if foreign else cue.entry.attribute not in names:
                continue
            if self._leads(cue, following, names):
                continue
            out.append(self._scored(len(between) + 4, cue))
        return out

    def _scored(self, score: int, cue: Hit) -> tuple[int, int, int, str, Hit]:
        name = cue.entry.attribute
        return score, cue.start - cue.end, self.lexicon.order.get(name, -1), name, cue

    def _is_tested(self, cue: Hit) -> bool:
        """True for `环境温度` where the sentence speaks of a test: then it is a demand."""
        if not words.AMBIENT.fullmatch(self.page.folded, cue.start, cue.end):
            return False
        start = max(self.page.sentence(cue.start), cue.start - REACH)
        end = min(self.page.sentence_end(cue.end), cue.end + REACH)
        return words.TESTED.search(self.page.text, start, end) is not None

    def _taken(self, cue: Hit, i: int) -> bool:
        """True when another quantity of the cue's kind stands between, unless in one list."""
        found = self.found[i]
        at = bisect_left(self._starts, cue.end)
        if at >= i:
            return False
        if not cue.entry.attribute:
            return True
        between = [
            f
            for f in self.found[at:i]
            if any(a.id == cue.entry.attribute for a in self.lexicon.candidates(f.range.unit))
        ]
        return bool(between) and not _LIST.fullmatch(self.page.text[between[-1].end : found.start])

    def _leads(self, cue: Hit, following: int, names: set[str]) -> bool:
        """True when the cue stands right before the next quantity and so belongs to that."""
        if following >= len(self.found):
            return False
        after = self.found[following]
        if self._cue_starts[bisect_left(self._cue_starts, cue.end) :][:1] < [after.start]:
            return False  # another cue stands nearer to it
        close = 0 <= after.start - cue.end <= 3
        if not cue.entry.attribute:
            return close
        return close and any(a.id in names for a in self.lexicon.candidates(after.range.unit))


def _stands_alone(unit: str, options: Sequence[Attribute]) -> bool:
    """False for what says nothing without its noun.

    So is every share (%, ppm, μm/m), and a ratio other than a rate that nobody has the habit of
    giving: 0.3 mg/cm² is no floor load.
    """
    if units.scale(unit, "percent") is not None:
        return False
    below = unit.partition("/")[2]
    habitual = any(unit in (a.unit, *a.units) for a in options)
    return not below or below in _TIMES or habitual


def _believable(given: Range, attribute: Attribute) -> Range | None:
    """The range in the attribute's unit when such a value can exist there, else None.

    A negative pressure can only be a gauge reading and is counted from the atmosphere.
    """
    converted = given.to(attribute.unit)
    if attribute.low == 0 and converted.high and converted.low == -converted.high:
        converted = replace(converted, low=converted.high)  # an accuracy of ±3 μm is 3 μm
    if _within(converted, attribute):
        return converted
    try:
        pascal = given.to("Pa")
    except Unreadable:
        return None
    ends = [v for v in (pascal.low, pascal.high) if v is not None]
    if not -_ATMOSPHERE <= min(ends) < 0:
        return None
    low, high = (None if v is None else v + _ATMOSPHERE for v in (pascal.low, pascal.high))
    return _within(Range(low, high, "Pa").to(attribute.unit), attribute)


def _within(converted: Range, attribute: Attribute) -> Range | None:
    for end in (converted.low, converted.high):
        if end is None:
            continue
        if attribute.low is not None and end < attribute.low:
            return None
        if attribute.high is not None and end > attribute.high:
            return None
    return converted
