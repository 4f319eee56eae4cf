"""The simplest honest method: a number, a unit, and the first attribute of that dimension.

Names are looked up as plain substrings. No cues, no negation, no dates.
"""

import re
from decimal import Decimal

from pilotline.engines.reading.lexicon import fold, lexicon
from pilotline.engines.reading.problem import Problem, Value
from pilotline.engines.reading.result import Finding, Result, Span
from pilotline.kernel import units

_NUMBER = re.compile(
    rf"(?:(?P<low>-?[0-9]+(?:\.[0-9]+)?)\s?[-~]\s?)?(?P<high>-?[0-9]+(?:\.[0-9]+)?)\s?"
    rf"(?P<times>万)?(?P<unit>{units.PATTERN})"
)


def solve(problem: Problem) -> Result:
    """Findings of topic attribute, budget, region, verification and scale, in order."""
    folded = fold(problem.text)
    found = [f for m in _NUMBER.finditer(fold_units(problem.text)) if (f := _number(problem, m))]
    vocabulary = problem.vocabulary
    for attribute in vocabulary.attributes:
        if attribute.kind == "flag":
            found += _named(folded, "attribute", attribute.id, (Value("", attribute.words),))
        found += _named(folded, "attribute", attribute.id, attribute.values)
    found += _named(folded, "region", "", vocabulary.regions)
    found += _named(folded, "verification", "", vocabulary.verifications)
    found += _named(folded, "scale", "", vocabulary.scales)
    return Result(tuple(sorted(found, key=lambda f: (f.spans, f.topic, f.attribute, f.values))))


def fold_units(text: str) -> str:
    """Full-width signs made ordinary, letters kept as they are."""
    return text.translate(str.maketrans("～－", "~-"))


def _number(problem: Problem, match: re.Match[str]) -> Finding | None:
    unit = units.canonical(match["unit"])
    factor = 10_000 if match["times"] else 1
    high = Decimal(match["high"]) * factor
    low = Decimal(match["low"]) * factor if match["low"] else high
    span = (Span(match.start(), match.end()),)
    if unit == "CNY":
        return Finding("budget", span, 0.5, "unit", low=low, high=high, unit="CNY")
    options = lexicon(problem.vocabulary).candidates(unit or "")
    scale = units.scale(unit or "", options[0].unit) if options else None
    if scale is None:
        return None
    ends = (low * scale[0] + scale[1], high * scale[0] + scale[1])
    return Finding(
        "attribute",
        span,
        0.5,
        "unit",
        attribute=options[0].id,
        low=ends[0],
        high=ends[1],
        unit=options[0].unit,
    )


def _named(folded: str, topic: str, attribute: str, values: tuple[Value, ...]) -> list[Finding]:
    found = []
    for value in values:
        for word in value.words:
            at = folded.find(fold(word))
            if at >= 0:
                ids = (value.id,) if value.id else ()
                span = (Span(at, at + len(word)),)
                found.append(Finding(topic, span, 0.5, "named", attribute=attribute, values=ids))
                break
    return found
