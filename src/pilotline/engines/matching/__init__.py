"""Matching: which catalogue entries can serve a need, why, and what to do when none can.

In: a `catalogue.Catalogue` of `schema.Record`s under a declared `schema.Schema`, and a
`problem.Problem`: requirements, words, weights. Out: `solve.solve(problem, catalogue)` gives a
`result.Result`: ranked rows with every requirement met, unmet or unknown, near misses, pairs,
conflicts and counterfactuals. `reverse.solve_reverse` ranks needs for one offer; `latent` learns
related meaning; `tokenise` cuts Chinese and English; `baseline` is the exact plain oracle.
No concrete attribute is known here: names, kinds, values and weights all arrive as data.
"""
