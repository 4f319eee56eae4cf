"""What the worker does for a new installation: the later parts of the demonstration, and what its
people have read of it."""

from typing import Any

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from pilotline.config.demonstration.inbox import read_what_is_old
from pilotline.config.demonstration.parts import build_part, one_load, unpacked


@app.task(queue="demonstration", retry=RetryStrategy(max_attempts=3, wait=10))
def load_part(part: str, opened: dict[str, Any]) -> None:
    """One part of the demonstration, in a transaction of its own."""
    with one_load():
        build_part(part, unpacked(opened))


@app.task(queue="demonstration", retry=RetryStrategy(max_attempts=3, wait=10))
def read_news(opened: dict[str, Any]) -> None:
    """Comes last: the parts' news has to be told before it can be read."""
    given = unpacked(opened)
    read_what_is_old(given.cast, now=given.now)
