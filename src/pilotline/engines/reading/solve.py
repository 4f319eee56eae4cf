"""Text in, findings out."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from pilotline.engines.reading import words
from pilotline.engines.reading.dates import times
from pilotline.engines.reading.lexicon import Hit, lexicon
from pilotline.engines.reading.money import budgets
from pilotline.engines.reading.named import named
from pilotline.engines.reading.page import Page
from pilotline.engines.reading.problem import Problem
from pilotline.engines.reading.quantities import Quantities, relation
from pilotline.engines.reading.result import Finding, Result, SetAside, Span
from pilotline.kernel.quantity import Found, scan

_NUMERIC = ("budget", "time", "duration")


def solve(problem: Problem) -> Result:
    """Everything the text asks for, in the order of the text.

    Deterministic; the time grows linearly with the text. Where two readings claim the same
    characters the longer one stays, then the surer one, then the earlier one.
    """
    page = Page.read(problem.text)
    ready = lexicon(problem.vocabulary)
    hits = ready.hits(page.folded)
    found = list(scan(page.text))
    candidates = [
        *named(page, ready, _outside_units(page, hits, found)),
        *Quantities(page, ready, hits, found).findings(),
        *budgets(page, found),
        *times(page, problem.today),
        *_durations(page, found),
    ]
    kept, aside = [], []
    for finding in _outlast(candidates):
        why = _why_not(page, problem, finding)
        if why:
            aside.append(SetAside(finding, why))
        else:
            kept.append(replace(finding, wish=page.is_wish(*finding.spans[0])))
    return Result(tuple(_merged(kept)), tuple(aside))


def _outside_units(page: Page, hits: Sequence[Hit], found: Sequence[Found]) -> list[Hit]:
    """The words that do not begin inside the unit of a quantity, as mAh does in `345 mAh`."""
    digits = (re.search("[0-9]", page.text[f.start : f.end]) for f in found)
    units = [(f.start + d.end(), f.end) for f, d in zip(found, digits, strict=True) if d]
    out, i = [], 0
    for hit in hits:
        while i < len(units) and units[i][1] <= hit.start:
            i += 1
        if i == len(units) or hit.start < units[i][0]:
            out.append(hit)
    return out


def _durations(page: Page, found: Iterable[Found]) -> list[Finding]:
    """`周期约3个月`: how long it lasts, in days."""
    out = []
    for one in found:
        if one.range.unit not in ("d", "week", "month", "year"):
            continue
        begin = max(page.clause(one.start), one.start - 14)
        cue = words.LASTING.search(page.text, begin, one.start)
        if cue:
            days = one.range.to("d")
            out.append(
                Finding(
                    topic="duration",
                    spans=(Span(one.start, one.end),),
                    relation=relation(one.range),
                    low=days.low,
                    high=days.high,
                    unit="d",
                    written=one.range,
                    confidence=0.85,
                    reason="cue-before",
                    cues=(cue[0],),
                )
            )
    return out


def _is_number(finding: Finding) -> bool:
    return finding.written is not None or finding.topic in _NUMERIC


def _outlast(candidates: Iterable[Finding]) -> list[Finding]:
    """Of readings that overlap, one of which is a number, the longest; then by confidence."""
    ranked = sorted(
        candidates,
        key=lambda f: (
            f.spans[0].start - f.spans[0].end,
            _is_number(f),
            -f.confidence,
            f.spans[0].start,
            f.topic,
            f.attribute,
            f.values,
        ),
    )
    kept: list[Finding] = []
    numbers: set[int] = set()
    names: set[int] = set()
    for finding in ranked:
        area = set(range(*finding.spans[0]))
        number = _is_number(finding)
        if area & numbers or (number and area & names):
            continue
        kept.append(finding)
        (numbers if number else names).update(area)
    return sorted(kept, key=lambda f: (f.spans[0], f.topic, f.attribute, f.values))


def _why_not(page: Page, problem: Problem, finding: Finding) -> str:
    start, end = finding.spans[0]
    by_letter = finding.written is None
    if finding.topic not in _NUMERIC and page.is_denied(start, end, by_letter=by_letter):
        return "negated"
    if finding.topic == "time":
        last = finding.last_day or finding.first_day
        return "past" if last is not None and last < problem.today else ""
    quantity = finding.topic == "attribute" and finding.written is not None
    if quantity and page.is_background(start, end):
        return "background"
    if finding.topic == "scale" and page.is_background(end, end):
        return "background"
    return "unsure" if finding.confidence < problem.least_confidence else ""


def _merged(findings: Iterable[Finding]) -> list[Finding]:
    """What is said twice is one finding with two places; the surer telling counts.

    Once demanded, it is no wish.
    """
    surest: dict[tuple[object, ...], Finding] = {}
    places: dict[tuple[object, ...], list[Span]] = {}
    demanded = set()
    for finding in findings:
        if not finding.wish:
            demanded.add(finding.what)
        places.setdefault(finding.what, []).extend(finding.spans)
        best = surest.get(finding.what)
        if best is None or finding.confidence > best.confidence:
            surest[finding.what] = finding
    return [
        replace(surest[what], spans=tuple(spans), wish=what not in demanded)
        for what, spans in places.items()
    ]
