"""Says how far a load is, now and then, so that nobody thinks it hangs."""

from collections.abc import Iterator, Sequence
from time import monotonic
from typing import TypeVar

from pilotline.config.words import say

EVERY = 5.0  # seconds
Thing = TypeVar("Thing")


def told_of(things: Sequence[Thing], words: str) -> Iterator[Thing]:
    """The things one by one. `words` holds {done} and {all}."""
    said = monotonic()
    for done, thing in enumerate(things):
        if monotonic() - said > EVERY:
            said = monotonic()
            say(words.format(done=done, all=len(things)))
        yield thing
