"""Solve: the best assignment there is, with its reasons."""

from pilotline.engines.matching.assignment.affinity import affinity
from pilotline.engines.matching.assignment.explain import explain
from pilotline.engines.matching.assignment.network import best_pairs
from pilotline.engines.matching.assignment.problem import Problem
from pilotline.engines.matching.assignment.result import Result


def solve(problem: Problem) -> Result:
    """The assignment of greatest `Value`: optimal, not a best effort. Deterministic."""
    known = affinity(problem)
    allowed = [
        (e, i)
        for e, expert in enumerate(problem.experts)
        if expert.places
        for i, item in enumerate(problem.items)
        if item.wanted
        and (expert.key, item.key) not in problem.barred
        and known.scores[e, i] >= problem.least
    ]
    return explain(problem, known, best_pairs(problem, allowed, known.scores))
