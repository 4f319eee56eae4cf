"""Scheduling against first come first served, CP-SAT and PyJobShop, and on public sets.

In: `--quick`, `--seed N`, `--json FILE`, `--size NAME` (`public`: the public sets alone),
`--seconds N`, `--data FOLDER`. Out: one table with the share of a proven bound, memory and times;
figures as JSON. Each contestant runs in a process of its own under the same budget of CPU
seconds, and every plan is verified.
"""

from benchmarks.scheduling.command import main

__all__ = ["main"]
