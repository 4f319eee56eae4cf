"""One sentence of a check-up, and how bad it is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    WELL = "ok"
    NOTE = "--"
    FAULT = "!!"


@dataclass(frozen=True, slots=True)
class Finding:
    level: Level
    text: str


Findings = Iterator[Finding]
Check = Callable[[], Findings]


def well(text: str) -> Finding:
    return Finding(Level.WELL, text)


def note(text: str) -> Finding:
    """Worth knowing; nothing is broken."""
    return Finding(Level.NOTE, text)


def fault(text: str) -> Finding:
    """Broken, or soon to be; the sentence says what to do."""
    return Finding(Level.FAULT, text)
