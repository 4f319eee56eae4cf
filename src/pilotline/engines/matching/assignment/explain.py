"""Why this expert, why not that one, and what proves that more could not be served."""

from collections import Counter
from collections.abc import Sequence

from pilotline.engines.matching.assignment.affinity import Affinity
from pilotline.engines.matching.assignment.problem import Problem
from pilotline.engines.matching.assignment.result import (
    Given,
    Passed,
    Result,
    Short,
    Why,
    value_of,
)

Place = tuple[int, int]


def explain(problem: Problem, known: Affinity, pairs: Sequence[Place]) -> Result:
    """The result of an assignment, given as places of experts and items."""
    ordered = sorted(pairs, key=lambda p: (p[1], -known.scores[p], p[0]))
    keyed = {(problem.experts[e].key, problem.items[i].key): (e, i) for e, i in ordered}
    score = {key: float(known.scores[place]) for key, place in keyed.items()}
    return Result(
        tuple(_given(problem, known, place) for place in ordered),
        tuple(_short(problem, known, frozenset(pairs))),
        value_of(problem, keyed, score),
        tuple(_passed(problem, known, frozenset(pairs))),
    )


def _given(problem: Problem, known: Affinity, place: Place) -> Given:
    e, i = place
    expert, item = problem.experts[e], problem.items[i]
    return Given(
        expert.key,
        item.key,
        float(known.scores[place]),
        tuple(sorted(expert.fields & item.fields)),
        known.shared_words(e, i),
    )


def _passed(problem: Problem, known: Affinity, taken: frozenset[Place]) -> list[Passed]:
    loads = Counter(e for e, _i in taken)
    found = []
    for i, item in enumerate(problem.items):
        chosen = [e for e, at in taken if at == i]
        rest = [e for e in range(len(problem.experts)) if (e, i) not in taken]
        for e in sorted(rest, key=lambda e: (-known.scores[e, i], e)):
            expert = problem.experts[e]
            reasons = problem.barred.get((expert.key, item.key), ())
            why = _why(problem, known, (e, i), chosen, loads)
            found.append(Passed(expert.key, item.key, float(known.scores[e, i]), why, reasons))
    return found


def _why(
    problem: Problem, known: Affinity, place: Place, chosen: list[int], loads: Counter[int]
) -> Why:
    e, i = place
    expert = problem.experts[e]
    if (expert.key, problem.items[i].key) in problem.barred:
        return Why.BARRED
    if known.scores[place] < problem.least:
        return Why.STRANGER
    if any(problem.experts[other].group == expert.group != "" for other in chosen):
        return Why.COLLEAGUE
    weakest = min((known.scores[other, i] for other in chosen), default=0.0)
    if len(chosen) >= problem.items[i].wanted and known.scores[place] <= weakest:
        return Why.WEAKER
    if loads[e] >= expert.places:
        return Why.FULL
    return Why.EVEN if loads[e] >= problem.free(expert) else Why.NEEDED


def _short(problem: Problem, known: Affinity, taken: frozenset[Place]) -> list[Short]:
    filled = Counter(i for _e, i in taken)
    found = []
    for i, item in enumerate(problem.items):
        if filled[i] < item.wanted:
            items, experts = _bottleneck(problem, known, taken, i)
            barred = sum((e.key, item.key) in problem.barred for e in problem.experts)
            strangers = sum(
                1
                for e, expert in enumerate(problem.experts)
                if (expert.key, item.key) not in problem.barred
                and known.scores[e, i] < problem.least
            )
            found.append(
                Short(
                    item.key,
                    item.wanted - filled[i],
                    tuple(problem.items[n].key for n in sorted(items)),
                    tuple(problem.experts[n].key for n in sorted(experts)),
                    barred,
                    strangers,
                )
            )
    return found


def _bottleneck(
    problem: Problem, known: Affinity, taken: frozenset[Place], start: int
) -> tuple[set[int], set[int]]:
    """All items that an exchange starting at this one could reach, and who may mark them."""
    items, experts, waiting = {start}, set[int](), [start]
    while waiting:
        i = waiting.pop()
        for e, expert in enumerate(problem.experts):
            if (expert.key, problem.items[i].key) in problem.barred or not expert.places:
                continue
            if known.scores[e, i] < problem.least:
                continue
            experts.add(e)
            # Whoever marks the item already cannot be won for it by an exchange.
            more = set() if (e, i) in taken else {at for mine, at in taken if mine == e} - items
            items |= more
            waiting += more
    return items, experts
