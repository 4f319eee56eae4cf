"""A case as a problem for the engine: its requirements, words and place."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from pilotline.desks.demand import queries as demand
from pilotline.desks.matching.problem.records import VERIFICATION
from pilotline.engines.matching.problem import Fit, Problem, Requirement
from pilotline.rulebook import Attribute, Rulebook

WORDS_READ = 2000
LOOKED_AT = 40
NEAR_MISSES = 12
PAIRS_LOOKED_AT = 8


def problem_of(case: Any, rulebook: Rulebook) -> tuple[Problem, dict[str, Any]]:
    """The problem, and the row of the case behind each of its keys."""
    rows = {f"r{row.pk}": row for row in demand.requirements(case.pk)}
    wishes = [
        wish
        for key, row in rows.items()
        if (declared := rulebook.attributes.get(row.attribute)) is not None
        for wish in _wish(key, row, declared)
    ]
    if case.verifications:
        wishes.append(
            Requirement(
                key="verification",
                attribute=VERIFICATION,
                fit=Fit.ANY_OF,
                values=tuple(v for v in case.verifications if v in rulebook.verifications),
                hard=False,
            )
        )
    # The kind of verification, which nearly every line offers, proves nothing by itself.
    parts = rulebook.matching.parts_for(sum(wish.key in rows for wish in wishes))
    city = rulebook.cities.get(case.region)
    matching = rulebook.matching
    problem = Problem(
        requirements=tuple(w for w in wishes if w.values or (w.low, w.high) != (None, None)),
        words=f"{case.title} {case.text}"[:WORDS_READ],
        weights={{"structured": "fit"}.get(name, name): weight for name, weight in parts.items()},
        place=(city.longitude, city.latitude) if city else None,
        text_half=rulebook.matching.text_half,
        distance_half=(matching.near_km + matching.far_km) / 2,
        limit=LOOKED_AT,
        near_misses=NEAR_MISSES,
        pairs=matching.pairs * PAIRS_LOOKED_AT,
        telling_only=True,
    )
    return problem, rows


def _wish(key: str, row: Any, declared: Attribute) -> Iterable[Requirement]:
    """The requirement in the engine's words; nothing when there is nothing to ask."""
    fit = Fit(declared.fit)
    low = None if row.low is None else float(row.low)
    high = None if row.high is None else float(row.high)
    if declared.kind == "range":
        if fit is Fit.AT_LEAST:
            low, high = (high if low is None else low), None
        elif fit is Fit.AT_MOST:
            low, high = None, (low if high is None else high)
        if (low, high) == (None, None):
            return
        yield Requirement(key, declared.id, fit, low=low, high=high, hard=row.is_limit)
        return
    if declared.kind == "set" and row.relation == "any_of":
        fit = Fit.ANY_OF
    values = _values(row, declared, fit)
    if values:
        yield Requirement(key, declared.id, fit, values=values, hard=row.is_limit)


def _values(row: Any, declared: Attribute, fit: Fit) -> tuple[str, ...]:
    if declared.kind == "flag":
        return ("yes",) if "yes" in row.values else ()
    known = {v.id: v.rank for v in declared.values}
    asked = [v for v in row.values if v in known]
    if declared.kind == "level" and fit is not Fit.ANY_OF and asked:
        strict = max if fit is Fit.AT_LEAST else min
        return (strict(asked, key=lambda v: known[v]),)
    return tuple(asked)


def digest_of(problem: Problem) -> str:
    """One hash for one question, so that an answer can be replayed and compared."""
    plain = json.dumps(asdict(problem), sort_keys=True, default=str)
    return hashlib.sha256(plain.encode()).hexdigest()
