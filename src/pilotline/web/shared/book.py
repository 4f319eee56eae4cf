"""The rulebook in force, asked for once a request however many values are shown by it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from pilotline.desks.journal import queries
from pilotline.rulebook import Rulebook
from pilotline.rulebook.model import Entry


@dataclass(frozen=True, slots=True)
class InForce:
    """A release's number and what it says."""

    number: int
    rulebook: Rulebook

    @property
    def plan(self) -> Entry | None:
        """The paper whose clauses the rulebook carries out."""
        return next((d for d in self.rulebook.documents if d.has_clauses), None)


_kept: ContextVar[list[InForce | None] | None] = ContextVar("in_force", default=None)


@contextmanager
def remembered() -> Iterator[None]:
    """Within the block the database is asked at most once."""
    token = _kept.set([])
    try:
        yield
    finally:
        _kept.reset(token)


def in_force() -> InForce | None:
    """The release in force; None before the first one was published."""
    kept = _kept.get()
    if kept is None:
        return _ask()
    if not kept:
        kept.append(_ask())
    return kept[0]


def rulebook() -> Rulebook | None:
    """The rulebook in force; None before the first one was published."""
    found = in_force()
    return found.rulebook if found else None


def _ask() -> InForce | None:
    try:
        return InForce(queries.current_release()[0], queries.current_rulebook())
    except queries.NoRulebook:
        return None
