"""Every page of the demonstration province, asked of the real server, beside the least it can do.

In: `--quick`, `--seed N`, `--json FILE`. Out: one table, slowest pages first; figures as JSON. What
is asked follows from the access table and the links: a new page is measured without being listed.
"""

from benchmarks.pages.command import main

__all__ = ["main"]
