"""What a text names: values, flags, regions, kinds of verification, scales."""

from bisect import bisect_left
from collections.abc import Sequence

from pilotline.engines.reading import words
from pilotline.engines.reading.alternatives import with_alternatives
from pilotline.engines.reading.lexicon import Hit, Lexicon
from pilotline.engines.reading.page import Page
from pilotline.engines.reading.result import Finding, Span

NEAR = 8


def named(page: Page, lexicon: Lexicon, hits: Sequence[Hit]) -> list[Finding]:
    """One finding for each place where a value, flag, region, verification or scale is named."""
    cues: dict[str, list[Hit]] = {}
    for hit in hits:
        if hit.entry.role == "cue":
            cues.setdefault(hit.entry.attribute, []).append(hit)
    out = []
    for hit in hits:
        if hit.entry.role == "cue":
            continue
        confidence, cue = _confidence(page, lexicon, hit, cues.get(hit.entry.attribute, []))
        entry = hit.entry
        plain = entry.role in ("value", "flag")
        out.append(
            Finding(
                topic="attribute" if plain else entry.role,
                attribute=entry.attribute,
                values=(entry.value,) if entry.value else (),
                spans=(Span(hit.start, hit.end),),
                confidence=confidence,
                reason="named",
                cues=(page.text[hit.start : hit.end], *([cue] if cue else [])),
            )
        )
    return with_alternatives(page, lexicon, out)


def _confidence(page: Page, lexicon: Lexicon, hit: Hit, cues: Sequence[Hit]) -> tuple[float, str]:
    role = hit.entry.role
    if role == "region":
        return _region(page, hit)
    if role == "flag":
        return 0.9, ""
    if role != "value":
        return 0.8, ""
    first = max(0, bisect_left(cues, hit.start, key=lambda c: c.start) - 2)
    near = next((c for c in cues[first : first + 4] if _beside(page, hit, c)), None)
    cue = page.text[near.start : near.end] if near else ""
    word = page.text[hit.start : hit.end]
    if hit.entry.attribute in lexicon.of_equipment or len(word) == 1 or word.isdigit():
        equipped = near is not None or _beside_equipment(page, hit)
        return (0.9 if equipped else 0.3), cue
    return (0.95 if near else 0.8), cue


def _beside(page: Page, hit: Hit, cue: Hit) -> bool:
    gap = cue.start - hit.end if cue.start >= hit.end else hit.start - cue.end
    first, last = min(cue.end, hit.end), max(cue.start, hit.start)
    return gap <= 3 * NEAR and not page.pauses_between(first, last)


def _beside_equipment(page: Page, hit: Hit) -> bool:
    """True when the next or the last few characters speak of a vessel, a line, a lining.

    So is a material that stands alone between two commas: `3000L，316L，2 MPa`.
    """
    clause, stop = page.clause(hit.start), page.clause_end(hit.end)
    before = page.text[max(clause, hit.start - 2) : hit.start]
    after = page.text[hit.end : min(stop, hit.end + 2)]
    if clause and not (before + after).strip():
        return True
    reach = 14 if page.text[hit.start : hit.end].isascii() else 4
    end = min(stop, hit.end + reach)
    start = max(clause, hit.start - 4)
    return words.EQUIPMENT.search(page.text, start, end) is not None


def _region(page: Page, hit: Hit) -> tuple[float, str]:
    """A city is a wish, part of somebody's name (某市某企业), or a common word."""
    if words.NAMED_BODY.match(page.text, hit.end) or words.SUNSHINE.match(page.text, hit.end):
        return 0.2, ""
    begin = max(page.sentence(hit.start), hit.start - 3 * NEAR)
    wish = words.WISHED_PLACE.search(page.text, begin, hit.start) or words.WISHED_PLACE.search(
        page.text, hit.end, min(page.clause_end(hit.end), hit.end + NEAR)
    )
    return (0.9, wish[0]) if wish else (0.65, "")
