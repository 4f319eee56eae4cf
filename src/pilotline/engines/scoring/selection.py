"""From totals to the list: who passes under a lowest total, a quota and a budget, ties by rule.

Pure arithmetic over what is already marked. Amounts are yuan as Decimal.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

TIES = ("all_in", "all_out", "earlier")


@dataclass(frozen=True, slots=True)
class Candidate:
    """One that is put forward. `total` None: it was not marked, because nothing marks it.

    `place` is its place in the order of arrival, from 0. `asked` is the money it asks for.
    """

    id: int
    total: Decimal | None
    place: int
    asked: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        if self.asked < 0:
            raise ValueError("money asked for cannot be negative")


@dataclass(frozen=True, slots=True)
class Rule:
    """What limits the list; None does not limit."""

    minimum: Decimal | None = None
    quota: int | None = None
    budget: Decimal | None = None
    most: Decimal | None = None
    ties: str = "earlier"

    def __post_init__(self) -> None:
        if self.ties not in TIES:
            raise ValueError(f"{self.ties!r} is none of {TIES}")
        for limit in (self.quota, self.budget, self.most):
            if limit is not None and limit < 0:
                raise ValueError("limits cannot be negative")


@dataclass(frozen=True, slots=True)
class Decision:
    """`why` is `in`, `minimum`, `quota`, `tie` or `budget`; equal totals share a rank (1, 1, 3)."""

    id: int
    rank: int
    why: str
    granted: Decimal

    @property
    def passes(self) -> bool:
        return self.why == "in"


def select(candidates: Sequence[Candidate], rule: Rule) -> list[Decision]:
    """A decision for each candidate, best first.

    Nobody is overtaken: once one does not fit, nobody behind comes in for being cheaper. Under
    `all_in` and `all_out` those with equal totals share one fate; the budget is never exceeded,
    so a group that it does not reach for stays out whole.
    """
    left, spent, closed = rule.quota, Decimal(0), ""
    found: list[Decision] = []
    for group in _groups(candidates, rule):
        first = len(found) + 1
        for member in group:
            rank = first if member[0].total is not None else len(found) + 1
            why = _below(member[0], rule) or closed
            if not why:
                why = _fate(member, left, spent, rule)
            granted = [_grant(c, rule) if why == "in" else Decimal(0) for c in member]
            found += [
                Decision(c.id, rank, why, amount) for c, amount in zip(member, granted, strict=True)
            ]
            if why == "in":
                spent += sum(granted, Decimal(0))
                left = None if left is None else left - len(member)
            elif why != "minimum":
                closed = why if why != "tie" else "quota"
    return found


Group = list[list[Candidate]]


def _groups(candidates: Sequence[Candidate], rule: Rule) -> Iterator[Group]:
    """Equal totals together; inside, those that share one fate together."""
    ordered = sorted(candidates, key=lambda c: (c.total is None, -(c.total or 0), c.place))
    for _total, equal in groupby(ordered, key=lambda c: c.total):
        group = list(equal)
        apart = rule.ties == "earlier" or group[0].total is None
        yield [[c] for c in group] if apart else [group]


def _below(candidate: Candidate, rule: Rule) -> str:
    if rule.minimum is None or (candidate.total is not None and candidate.total >= rule.minimum):
        return ""
    return "minimum"


def _fate(member: list[Candidate], left: int | None, spent: Decimal, rule: Rule) -> str:
    if left is not None and left <= 0:
        return "quota"
    if left is not None and len(member) > left and rule.ties == "all_out":
        return "tie"
    need = sum((_grant(c, rule) for c in member), Decimal(0))
    if rule.budget is not None and spent + need > rule.budget:
        return "budget"
    return "in"


def _grant(candidate: Candidate, rule: Rule) -> Decimal:
    return candidate.asked if rule.most is None else min(candidate.asked, rule.most)
