"""Booking over HTTP under concurrency: the same slot from 2, 8 and 64 connections.

In: `--quick`, `--seed N`, `--json FILE`, `--slots N` a mode. Out: one table; figures as JSON. The
real web server (two processes of gunicorn) runs on a database of its own; the clients are another
process. Whether two ever had the same time is counted in the database by plain SQL.
"""

from benchmarks.booking.command import main

__all__ = ["main"]
