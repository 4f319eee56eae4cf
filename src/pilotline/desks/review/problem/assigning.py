"""From experts and items to the engine's problem, and its answer to what is stored and shown."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import pilotline
from pilotline.desks.review.models import Bond, Expert, PanelItem
from pilotline.desks.review.rules.conflicts import Reason
from pilotline.engines.matching.assignment import problem as assignment
from pilotline.engines.matching.assignment.result import Result
from pilotline.rulebook import Rulebook
from pilotline.rulebook.reviewing import ReviewRule

Pair = tuple[int, int]
ENGINE = f"assignment/{pilotline.__version__}"
MOST_PASSED = 8


def assign(
    *,
    experts: Sequence[Expert],
    items: Sequence[tuple[PanelItem, int]],
    barred: Mapping[Pair, list[Reason]],
    taken: Iterable[Pair],
    loads: Mapping[int, int],
    rule: ReviewRule,
    rulebook: Rulebook,
    today: date,
) -> dict[str, Any]:
    """The best assignment of experts to items, each item with how many it still wants.

    `taken` are pairs that were tried already. The answer is JSON: `pairs` with score, words and
    fields, `short` with what proves it, `passed` with the most expert of those not chosen.
    """
    # Brings SciPy, which no other page and no start of a process should wait for.
    from pilotline.engines.matching.assignment.solve import solve

    bars = {pair: tuple(r["rule"] for r in listed) for pair, listed in barred.items()}
    bars |= {pair: ("taken",) for pair in taken if pair not in bars}
    known = {(e.pk, i.pk) for e in experts for i, _wanted in items}
    result = solve(
        assignment.Problem(
            tuple(_expert(e, loads.get(e.pk, 0), rule, today) for e in experts),
            tuple(_item(i, wanted, rulebook) for i, wanted in items),
            barred={(str(e), str(i)): why for (e, i), why in bars.items() if (e, i) in known},
            least=rule.least,
            words=rule.word_weight,
            fields=rule.field_weight,
            slack=rule.slack,
            synonyms=tuple(group.words for group in rulebook.synonyms),
        )
    )
    return _answer(result)


def employer_of(expert: Expert, today: date) -> str:
    """What tells colleagues: the present employer by record, or by name; "" when unknown."""
    for bond in _bonds(expert, Bond.Kind.EMPLOYMENT):
        if bond.until is None or bond.until > today:
            return str(bond.organisation_id or bond.name)
    return ""


def _expert(expert: Expert, held: int, rule: ReviewRule, today: date) -> assignment.Expert:
    works = [bond.title for bond in _bonds(expert, Bond.Kind.WORK)]
    return assignment.Expert(
        str(expert.pk),
        (" ".join(expert.keywords), *works, *([expert.about] if expert.about else [])),
        frozenset(expert.fields),
        employer_of(expert, today),
        rule.load,
        held,
    )


def _bonds(expert: Expert, kind: str) -> list[Bond]:
    return [bond for bond in expert.bonds.all() if bond.kind == kind]


def _item(item: PanelItem, wanted: int, rulebook: Rulebook) -> assignment.Item:
    titles = [rulebook.title("fields", name, "zh") for name in item.fields]
    read = [str(part.get("text", "")) for part in item.material]
    texts = (item.title, item.summary, *titles, *read)
    return assignment.Item(str(item.pk), texts, frozenset(item.fields), wanted)


def _answer(result: Result) -> dict[str, Any]:
    passed: dict[str, list[dict[str, Any]]] = {}
    for one in result.passed:
        listed = passed.setdefault(one.item, [])
        if len(listed) < MOST_PASSED:
            why = "taken" if one.reasons == ("taken",) else one.why.value
            listed.append({"expert": int(one.expert), "score": round(one.score, 4), "why": why})
    return {
        "engine": ENGINE,
        "pairs": [
            {
                "expert": int(g.expert),
                "item": int(g.item),
                "score": round(g.score, 4),
                "fields": list(g.fields),
                "words": [word for word, _part in g.words],
            }
            for g in result.given
        ],
        "short": [
            {
                "item": int(s.item),
                "lacking": s.lacking,
                "items": [int(i) for i in s.items],
                "experts": [int(e) for e in s.experts],
                "barred": s.barred,
                "strangers": s.strangers,
            }
            for s in result.short
        ],
        "passed": passed,
        "value": {
            "served": result.value.served,
            "doubled": -result.value.doubled,
            "uneven": -result.value.uneven,
            "expertise": round(result.value.expertise, 4),
        },
    }
