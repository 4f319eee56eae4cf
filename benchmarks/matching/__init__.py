"""Matching against tantivy, SQLite FTS5, PostgreSQL and bm25s, on PilotSearch, and its quality.

In: `--quick`, `--seed N`, `--json FILE`, `--data FOLDER` (the public retrieval sets), `--records
N`. Out: one table; figures as JSON. Each engine runs in a process of its own, so that its memory
is its own; all get the same words and the same filters.
"""

from benchmarks.matching.command import main

__all__ = ["main"]
