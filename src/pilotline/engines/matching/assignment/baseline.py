"""The simplest honest method: the most expert pair that still fits, again and again."""

from collections import Counter

from pilotline.engines.matching.assignment.affinity import affinity
from pilotline.engines.matching.assignment.explain import explain
from pilotline.engines.matching.assignment.problem import Problem
from pilotline.engines.matching.assignment.result import Result


def solve(problem: Problem) -> Result:
    """A valid assignment without any promise."""
    known = affinity(problem)
    order = sorted(
        (-known.scores[e, i], e, i)
        for e in range(len(problem.experts))
        for i in range(len(problem.items))
        if known.scores[e, i] >= problem.least
    )
    loads: Counter[int] = Counter()
    filled: Counter[int] = Counter()
    pairs = []
    for _score, e, i in order:
        expert, item = problem.experts[e], problem.items[i]
        if (expert.key, item.key) in problem.barred:
            continue
        if loads[e] < expert.places and filled[i] < item.wanted:
            loads[e] += 1
            filled[i] += 1
            pairs.append((e, i))
    return explain(problem, known, pairs)
