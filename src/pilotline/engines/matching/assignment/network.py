"""The linear program behind an assignment, solved stage by stage without losing whole numbers.

Rows of items and of (item, group) are nested, rows of experts are disjoint: a matrix of two such
families is totally unimodular (Edmonds 1970), so that every vertex is a whole-numbered assignment.
Each stage keeps to the face on which all earlier stages are at their best: what has a price other
than nothing stays at its bound. That changes bounds only, so the next vertex is whole again.
"""

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import linprog

from pilotline.engines.matching.assignment.problem import Problem

Floats = NDArray[np.float64]
PRICE = 1e-7


@dataclass(slots=True)
class Program:
    """Minimise over lower <= x <= upper with rows matrix x <= `above`; `below` equals `above`
    where an earlier stage needs the row to be full, and is -inf elsewhere."""

    matrix: sparse.csr_array
    below: Floats
    above: Floats
    lower: Floats
    upper: Floats

    def best(self, cost: Floats) -> Floats:
        """A vertex of least cost; afterwards the program keeps to all points that are as good."""
        pinned = np.flatnonzero(np.isfinite(self.below))
        found = linprog(
            cost,
            A_ub=sparse.vstack([self.matrix, -self.matrix[pinned]]).tocsr(),
            b_ub=np.concatenate([self.above, -self.below[pinned]]),
            bounds=np.column_stack([self.lower, self.upper]),
            method="highs-ds",
        )
        if found.status != 0:
            # Nothing given is always possible and every variable has bounds.
            raise ArithmeticError(f"the linear program failed: {found.message}")
        at_low = found.lower.marginals > PRICE
        at_high = found.upper.marginals < -PRICE
        self.upper = np.where(at_low, self.lower, self.upper)
        self.lower = np.where(at_high, self.upper, self.lower)
        tight = found.ineqlin.marginals[: len(self.above)] < -PRICE
        self.below = np.where(tight, self.above, self.below)
        point: Floats = found.x
        return point


@dataclass(slots=True)
class _Rows:
    rows: list[int] = field(default_factory=list)
    columns: list[int] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    limits: list[float] = field(default_factory=list)

    def add(self, columns: list[int], values: list[float], limit: float) -> None:
        self.rows += [len(self.limits)] * len(columns)
        self.columns += columns
        self.values += values
        self.limits.append(limit)


def best_pairs(
    problem: Problem, allowed: list[tuple[int, int]], scores: Floats
) -> list[tuple[int, int]]:
    """The best of the allowed (expert, item) places, in the order of `result.Value`."""
    if not allowed:
        return []
    rows, doubled, uneven, count = _build(problem, allowed)
    matrix = sparse.csr_array(
        (rows.values, (rows.rows, rows.columns)), shape=(len(rows.limits), count)
    )
    upper = np.ones(count)
    upper[doubled] = len(problem.experts)
    above = np.array(rows.limits, float)
    program = Program(matrix, np.full(len(above), -np.inf), above, np.zeros(count), upper)
    served, twice, burden, expertise = (np.zeros(count) for _ in range(4))
    served[: len(allowed)] = -1
    twice[doubled] = 1
    for column, price in uneven:
        burden[column] = price
    expertise[: len(allowed)] = [-scores[e, i] for e, i in allowed]
    point = program.best(served)
    for cost in (twice, burden, expertise):
        if cost.any():
            point = program.best(cost)
    return [pair for pair, taken in zip(allowed, point[: len(allowed)], strict=True) if taken > 0.5]


def _build(
    problem: Problem, allowed: list[tuple[int, int]]
) -> tuple[_Rows, list[int], list[tuple[int, int]], int]:
    """Rows, the columns that count colleagues, those that count burden with price, and how many."""
    by_item: dict[int, list[int]] = defaultdict(list)
    by_expert: dict[int, list[int]] = defaultdict(list)
    by_group: dict[tuple[int, str], list[int]] = defaultdict(list)
    for column, (e, i) in enumerate(allowed):
        by_item[i].append(column)
        by_expert[e].append(column)
        if problem.experts[e].group:
            by_group[i, problem.experts[e].group].append(column)
    rows, count = _Rows(), len(allowed)
    doubled: list[int] = []
    uneven: list[tuple[int, int]] = []
    for i, columns in by_item.items():
        rows.add(columns, [1.0] * len(columns), problem.items[i].wanted)
    for columns in by_group.values():
        if len(columns) > 1:
            rows.add([*columns, count], [1.0] * len(columns) + [-1.0], 1)
            doubled.append(count)
            count += 1
    for e, columns in by_expert.items():
        free = problem.free(problem.experts[e])
        more = min(len(columns), problem.experts[e].places) - free
        extra = list(range(count, count + max(0, more)))
        uneven += [(column, n) for n, column in enumerate(extra, start=1)]
        count += len(extra)
        limit = free if more > 0 else min(len(columns), problem.experts[e].places)
        rows.add([*columns, *extra], [1.0] * len(columns) + [-1.0] * len(extra), limit)
    return rows, doubled, uneven, count
