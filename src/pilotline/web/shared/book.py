"""The rulebook in force, asked for once a request however many values are shown by it."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
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
def remembered(*, reading: bool = False) -> Iterator[None]:
    """Within the block the doors ask the database at most once.

    `reading`: nothing is published within it, so that the desks need not ask again either.
    """
    token = _kept.set([])
    try:
        with queries.release_remembered() if reading else nullcontext():
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
        with queries.release_remembered():
            return InForce(queries.current_release()[0], queries.current_rulebook())
    except queries.NoRulebook:
        return None
