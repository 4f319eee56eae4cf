"""What orders are made of: their kinds, and the library of clauses that parties choose from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pilotline.rulebook.model import Entry, Text, heading

Raw = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderKind(Entry):
    """A kind of order. `pays`: by a `price`, by `shares` of what the result earns, or either."""

    pays: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderGroup(Entry):
    """Clauses on one matter, of which an order takes one at most; one it must, when its kind is
    among `mandatory_for`."""

    mandatory_for: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderClause(Entry):
    """A clause: its wording, the kinds of orders it fits, and those that begin with it."""

    group: str
    text: Text
    order_kinds: tuple[str, ...]
    default_for: tuple[str, ...]


def order_kind(raw: Raw) -> OrderKind:
    return OrderKind(**heading(raw), pays=tuple(raw["pays"]))


def order_group(raw: Raw) -> OrderGroup:
    return OrderGroup(**heading(raw), mandatory_for=tuple(raw.get("mandatory_for", ())))


def order_clause(raw: Raw) -> OrderClause:
    return OrderClause(
        **heading(raw),
        group=raw["group"],
        text=Text.read(raw["text"]),
        order_kinds=tuple(raw["order_kinds"]),
        default_for=tuple(raw.get("default_for", ())),
    )


def on_offer(clauses: Iterable[OrderClause], group: str, kind: str, day: date) -> list[OrderClause]:
    """The clauses of a group that an order of this kind may choose on that day, in order."""
    return [c for c in clauses if c.group == group and kind in c.order_kinds and c.is_valid(day)]


def at_first(clauses: Iterable[OrderClause], group: str, kind: str, day: date) -> str:
    """The clause of a group that a new order begins with; an empty text when there is none."""
    chosen = (c.id for c in on_offer(clauses, group, kind, day) if kind in c.default_for)
    return next(chosen, "")
