"""Who could mark what: experts with their places, items with their wants, pairs that may not be."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import isfinite


@dataclass(frozen=True, slots=True)
class Expert:
    """`texts`: keywords, titles of papers, whatever tells what they know. `group`: who must not
    come twice to one item, usually the employer; "" stands alone. `limit`: assignments this
    expert takes at once, of which `held` are open already outside of this problem."""

    key: str
    texts: tuple[str, ...] = ()
    fields: frozenset[str] = frozenset()
    group: str = ""
    limit: int = 5
    held: int = 0

    def __post_init__(self) -> None:
        if self.limit < 0 or self.held < 0:
            raise ValueError(f"expert {self.key!r}: limit and held must not be negative")

    @property
    def places(self) -> int:
        """How many more assignments fit."""
        return max(0, self.limit - self.held)


@dataclass(frozen=True, slots=True)
class Item:
    """What is to be marked: its `texts` and `fields`, and how many experts it wants."""

    key: str
    texts: tuple[str, ...] = ()
    fields: frozenset[str] = frozenset()
    wanted: int = 3

    def __post_init__(self) -> None:
        if self.wanted < 0:
            raise ValueError(f"item {self.key!r}: wanted must not be negative")


@dataclass(frozen=True)
class Problem:
    """`barred` maps (expert, item) to the reasons why never. `least` is the expertise (0..1) below
    which somebody is no expert for an item. `words` and `fields` say how much each counts.
    `slack`: assignments above the even share that still count as even. `scores` replaces the
    expertise worked out from texts where it holds a pair. Raises ValueError for two equal keys,
    unknown keys and weights that are none.
    """

    experts: tuple[Expert, ...]
    items: tuple[Item, ...]
    barred: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    least: float = 0.0
    words: float = 0.7
    fields: float = 0.3
    slack: int = 0
    scores: Mapping[tuple[str, str], float] = field(default_factory=dict)
    synonyms: tuple[tuple[str, ...], ...] = ()

    def __post_init__(self) -> None:
        experts = _distinct("expert", (e.key for e in self.experts))
        items = _distinct("item", (i.key for i in self.items))
        for expert, item in (*self.barred, *self.scores):
            if expert not in experts or item not in items:
                raise ValueError(f"there is no pair ({expert!r}, {item!r})")
        if any(not (isfinite(s) and 0 <= s <= 1) for s in self.scores.values()):
            raise ValueError("a score lies between 0 and 1")
        if min(self.words, self.fields) < 0 or self.words + self.fields <= 0 or self.slack < 0:
            raise ValueError("weights and slack must not be negative, nor both weights nothing")

    @cached_property
    def even_share(self) -> int:
        """Assignments each would have, held ones counted, were all spread evenly; rounded up."""
        able = [e for e in self.experts if e.places]
        if not able:
            return 0
        work = sum(i.wanted for i in self.items) + sum(e.held for e in able)
        return -(-work // len(able))

    def free(self, expert: Expert) -> int:
        """Assignments here that do not take the expert above an even share."""
        return max(0, min(expert.places, self.even_share + self.slack - expert.held))


def _distinct(what: str, keys: Iterable[str]) -> set[str]:
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            raise ValueError(f"two {what}s have the key {key!r}")
        seen.add(key)
    return seen
