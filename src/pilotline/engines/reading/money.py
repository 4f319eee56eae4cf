"""Sums of money that are a budget, in yuan."""

import re
from collections.abc import Sequence

from pilotline.engines.reading import words
from pilotline.engines.reading.page import Page
from pilotline.engines.reading.quantities import relation
from pilotline.engines.reading.result import Finding, Span
from pilotline.kernel.errors import Unreadable
from pilotline.kernel.quantity import Found, read_range

_LEAD = (
    r"(?P<lead>不超过|不高于|低于|不低于|至少|约|up to|at most|no more than|at least|about|around|"
    r"under|below|less than|≤|≥|<|>)?\s?"
)
_SUM = r"[0-9][0-9,.]{0,15}"
_SUMS = rf"(?P<sum>{_SUM}(?:\s?(?:-|~|to|至|到)\s?{_SUM})?)\s?"
_MARKED = re.compile(
    rf"{_LEAD}(?:RMB|CNY|¥|￥|人民币)\s?{_SUMS}(?P<times>[万亿]|million|thousand|k\b|m\b)?元?"
    r"(?P<tail>以内|以下|左右|以上)?"
    rf"|{_LEAD.replace('lead', 'lead2')}{_SUMS.replace('sum', 'sum2')}(?P<times2>k|m)\s?"
    r"(?:RMB|CNY|yuan)\b",
    re.IGNORECASE,
)
_BARE = re.compile(
    rf"{_LEAD}(?<![0-9.,]){_SUMS}(?P<times>[万亿])(?P<tail>以内|以下|左右|以上|(?=[,，。；;、\s()]|$))"
)
_WORDS = {"k": "thousand", "m": "million"}


def budgets(page: Page, found: Sequence[Found]) -> list[Finding]:
    """Findings of the topic `budget`; sums that are turnover, sales or tax are none."""
    sums = [f for f in found if f.range.unit == "CNY"]
    sums += [f for m in _MARKED.finditer(page.text) if (f := _read(m)) is not None]
    for match in _BARE.finditer(page.text):
        bare = _read(match)
        if bare is not None and _context(page, bare.start) == "budget":
            sums.append(bare)
    return [f for f in (_finding(page, s) for s in sums) if f is not None]


def _read(match: re.Match[str]) -> Found | None:
    group = match.groupdict()
    amount = group["sum"] or group.get("sum2") or ""
    times = (group["times"] or group.get("times2") or "").lower()
    tail = group["tail"] or ""
    lead = group["lead"] or group.get("lead2") or ""
    stated = f"{lead}{amount.rstrip(',.')}{_WORDS.get(times, times)}{tail}"
    try:
        read = read_range(stated, unit="CNY")
    except Unreadable:
        return None
    return Found(match.start(), match.end(), read)


def _context(page: Page, at: int) -> str:
    """Whether the words before a sum speak of a budget, of other money, or of neither."""
    before = page.text[max(page.sentence(at), at - 24) : at]
    last = {"budget": -1, "other": -1}
    for name, pattern in (("budget", words.BUDGET), ("other", words.NO_BUDGET)):
        for match in pattern.finditer(before):
            last[name] = match.end()
    if last["budget"] == last["other"] == -1:
        return ""
    return "budget" if last["budget"] >= last["other"] else "other"


def _finding(page: Page, found: Found) -> Finding | None:
    context = _context(page, found.start)
    if context == "other" or found.range.low == found.range.high == 0:
        return None
    cue = words.BUDGET.search(page.text, max(page.sentence(found.start), found.start - 24))
    named = cue is not None and context == "budget"
    return Finding(
        topic="budget",
        spans=(Span(found.start, found.end),),
        relation=relation(found.range),
        low=found.range.low,
        high=found.range.high,
        unit="CNY",
        written=found.range,
        confidence=0.95 if named else 0.6,
        reason="cue-before" if named else "unit",
        cues=(cue[0],) if named and cue else (),
    )
