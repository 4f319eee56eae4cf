"""Drawing: experts by lot, so that anybody can do it again.

In: a `problem.Ballot` (items, experts by code, who is barred) that is published before, with the
SHA-256 of a secret seed; afterwards the seed. Out: `solve.solve(problem)` gives a `result.Drawn`,
and `verify.faults(...)` tells what of a published draw does not fit. SHA-256 and nothing else: ten
lines of Python in the documents do the same.
"""
