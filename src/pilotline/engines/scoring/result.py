"""The answer: items with both figures and ranks, markers with what they are like."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Kept(StrEnum):
    """Whether a marker was compared with others. `few`: too few items are shared with others who
    were, so nothing is corrected."""

    CORRECTED = "corrected"
    FEW = "few"


@dataclass(frozen=True, slots=True)
class Marker:
    """`effect`: points this marker gives above others on the same items, negative when strict;
    what `correction` takes away, after holding back and the bound. `bounded`: the bound cut it.
    `flat`: three or more items and the same total for all."""

    key: str
    sheets: int
    shared: int
    effect: float
    correction: float
    kept: Kept
    bounded: bool
    flat: bool
    group: int


@dataclass(frozen=True, slots=True)
class Standing:
    """An item's figures. `raw` and `corrected` are means of its totals, `rank` is by `corrected`,
    `raw_rank` by `raw`; equal figures share a rank and the next is left out (1, 2, 2, 4).
    `spread` is the distance between highest and lowest raw total. `left_out`: markers whose
    totals were trimmed. `means`: the raw mean of each criterion."""

    item: str
    sheets: int
    raw: Decimal
    corrected: Decimal
    rank: int
    raw_rank: int
    spread: Decimal
    disagree: bool
    tied: bool
    left_out: tuple[str, ...]
    means: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Result:
    """`standings` by rank, `markers` by key. `groups`: parts that no marker joins; figures of
    different parts were corrected apart and are comparable only as far as raw ones are."""

    standings: tuple[Standing, ...]
    markers: tuple[Marker, ...]
    groups: int

    def of(self, item: str) -> Standing:
        """The standing of one item. Raises KeyError for one that nobody marked."""
        for standing in self.standings:
            if standing.item == item:
                return standing
        raise KeyError(item)
