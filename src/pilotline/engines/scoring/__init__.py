"""Scoring: marks by a rubric to totals, strict and lenient markers made comparable, ranks.

In: a `problem.Problem`: weighted criteria, sheets of marks, how much may be corrected. Out:
`solve.solve(problem)` gives a `result.Result`: for every item the raw and the corrected total,
its rank and whether its markers disagree; for every marker how strict they are, whether that is
corrected and why not. `baseline.solve` ranks by raw means.
"""
