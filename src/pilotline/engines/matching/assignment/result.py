"""The answer: pairs with their reasons, what is missing, and how good the whole is."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from pilotline.engines.matching.assignment.problem import Problem

Pair = tuple[str, str]


class Why(StrEnum):
    """Why somebody was not given an item.

    `barred`: may never. `stranger`: too little expertise. `full`: has no place left.
    `colleague`: one of the same group marks it. `even`: would carry more than an even share
    while others need not. `needed`: serves better where they are. `weaker`: others know more.
    """

    BARRED = "barred"
    STRANGER = "stranger"
    FULL = "full"
    COLLEAGUE = "colleague"
    EVEN = "even"
    NEEDED = "needed"
    WEAKER = "weaker"


@dataclass(frozen=True, slots=True)
class Given:
    """Expert and item by key; `words` say what both share, with their part in the cosine."""

    expert: str
    item: str
    score: float
    fields: tuple[str, ...] = ()
    words: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Passed:
    """Somebody who was not given an item, and why; `reasons` are those of the bar."""

    expert: str
    item: str
    score: float
    why: Why
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Short:
    """An item that lacks `lacking` experts.

    `items` and `experts` prove it: these items together may go to these experts only, each of whom
    is full or marks all of them already that they may. No experts: nobody may mark the item.
    """

    item: str
    lacking: int
    items: tuple[str, ...]
    experts: tuple[str, ...]
    barred: int
    strangers: int


@dataclass(frozen=True, slots=True, order=True)
class Value:
    """How good an assignment is; greater is better, the first difference decides.

    `served`: marks that will be given. `doubled`: minus the times somebody sits with a colleague.
    `uneven`: minus the burden above an even share, 1 for the first such assignment of an expert,
    2 for the second and so on. `expertise`: the sum of scores.
    """

    served: int
    doubled: int
    uneven: int
    expertise: float


@dataclass(frozen=True, slots=True)
class Result:
    """`given` by item and then by score. `short` is empty when everything is served."""

    given: tuple[Given, ...]
    short: tuple[Short, ...]
    value: Value
    passed: tuple[Passed, ...] = ()

    @property
    def pairs(self) -> frozenset[Pair]:
        return frozenset((g.expert, g.item) for g in self.given)

    def of(self, item: str) -> tuple[Given, ...]:
        """Who marks an item, most expert first."""
        return tuple(g for g in self.given if g.item == item)

    def passed_over(self, item: str) -> tuple[Passed, ...]:
        """Who was not given an item, most expert first."""
        return tuple(p for p in self.passed if p.item == item)


def value_of(problem: Problem, pairs: Iterable[Pair], score: dict[Pair, float]) -> Value:
    """The value of any assignment, whoever made it."""
    listed = list(pairs)
    group = {e.key: e.group for e in problem.experts}
    loads = Counter(expert for expert, _item in listed)
    sitting = Counter((item, group[expert]) for expert, item in listed if group[expert])
    burden = 0
    for expert in problem.experts:
        above = max(0, loads[expert.key] - problem.free(expert))
        burden += above * (above + 1) // 2
    return Value(
        len(listed),
        -sum(n - 1 for n in sitting.values()),
        -burden,
        sum(score[pair] for pair in listed),
    )


def faults_of(problem: Problem, pairs: Iterable[Pair]) -> list[str]:
    """What an assignment breaks, in words; empty for one that may be used."""
    listed = list(pairs)
    loads, filled = Counter(e for e, _i in listed), Counter(i for _e, i in listed)
    found = [f"{pair} is barred" for pair in listed if pair in problem.barred]
    found += [f"{pair} is there twice" for pair, n in Counter(listed).items() if n > 1]
    found += [f"{e.key!r} has too many" for e in problem.experts if loads[e.key] > e.places]
    found += [f"{i.key!r} has too many" for i in problem.items if filled[i.key] > i.wanted]
    return found
