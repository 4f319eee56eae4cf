"""Who listens to what, and the journal's own news. Handlers are named functions of higher desks,
registered at import."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from pilotline.kernel.event import Event

E = TypeVar("E", bound=Event)
Handler = Callable[[Any, datetime], None]


@dataclass(frozen=True, slots=True)
class NewsStuck(Event):
    """A delivery failed so often that it waits for a person. `news` is the event it carries."""

    delivery: int
    news: str
    attempts: int


@dataclass(frozen=True, slots=True)
class JournalFaulty(Event):
    """A walk along the chain met entries that were tampered with."""

    check: int
    faults: int


HANDLERS: dict[str, dict[str, Handler]] = {}


def on(kind: type[E]) -> Callable[[Callable[[E, datetime], None]], Callable[[E, datetime], None]]:
    """Register a handler: `@on(NeedAccepted) def open_shortlist(event, now): …`.

    It must be idempotent: a delivery that died after its work is tried again.
    """

    def register(handler: Callable[[E, datetime], None]) -> Callable[[E, datetime], None]:
        name = f"{handler.__module__.removeprefix('pilotline.desks.')}.{handler.__name__}"
        HANDLERS.setdefault(kind.__name__, {})[name] = handler
        return handler

    return register


_happened: ContextVar[datetime | None] = ContextVar("happened", default=None)


@contextmanager
def telling_of(at: datetime) -> Iterator[None]:
    """Inside, news is told of what happened then, however late it is delivered."""
    token = _happened.set(at)
    try:
        yield
    finally:
        _happened.reset(token)


def happened_at(now: datetime) -> datetime:
    """When what is being told happened; outside of a delivery, now."""
    return _happened.get() or now
