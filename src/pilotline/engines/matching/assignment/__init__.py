"""Assignment: which expert marks which item, at its best and explained.

In: a `problem.Problem`: experts with texts, fields, employer and places; items with the number of
marks they want; pairs that may never be. Out: `solve.solve(problem)` gives a `result.Result`:
the pairs, each with its reasons, what is missing and whom it lacks. The answer is optimal in this
order: marks given, no two of one employer, nobody above an even share, expertise.
`baseline.solve` is the plain best-first way that it must never fall behind.
"""
