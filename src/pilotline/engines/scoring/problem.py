"""What was marked by whom with which rubric."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that is marked: from 0 to `full`, with a weight in the total."""

    key: str
    full: Decimal
    weight: Decimal

    def __post_init__(self) -> None:
        if self.full <= 0 or self.weight <= 0:
            raise ValueError(f"criterion {self.key!r}: full and weight must be positive")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One marker's marks of one item, by criterion."""

    marker: str
    item: str
    marks: Mapping[str, Decimal]


@dataclass(frozen=True)
class Problem:
    """Totals run from 0 to `scale`. `shrink`: marks by which a marker's effect is held back, as
    if they had given so many more without any. `most`: points that are corrected at most.
    `shared`: items that a marker must share with others to be corrected. `trim`: from so many
    sheets an item's highest and lowest total are left out; 0 for never. `spread`: points between
    the highest and lowest total from which markers disagree. `decimals`: places shown and ranked.
    Raises ValueError for unknown or missing criteria, marks off the scale, two sheets of a pair.
    """

    criteria: tuple[Criterion, ...]
    sheets: tuple[Sheet, ...]
    scale: Decimal = Decimal(100)
    shrink: float = 2.0
    most: float = 10.0
    shared: int = 3
    trim: int = 0
    spread: float = 25.0
    decimals: int = 2

    def __post_init__(self) -> None:
        keys = {c.key for c in self.criteria}
        if not keys or len(keys) < len(self.criteria):
            raise ValueError("a rubric needs criteria, each once")
        if self.shrink < 0 or self.most < 0 or self.shared < 1 or self.scale <= 0:
            raise ValueError("shrink, most, shared and scale must not be negative")
        if self.trim and self.trim < 3:
            raise ValueError("the highest and lowest can be left out from three sheets on")
        pairs = {(s.marker, s.item) for s in self.sheets}
        if len(pairs) < len(self.sheets):
            raise ValueError("a marker marks an item once")
        for sheet in self.sheets:
            if set(sheet.marks) != keys:
                raise ValueError(f"{sheet.marker} on {sheet.item}: every criterion needs a mark")
            for criterion in self.criteria:
                if not 0 <= sheet.marks[criterion.key] <= criterion.full:
                    raise ValueError(f"{sheet.marker} on {sheet.item}: off the scale")

    def total(self, sheet: Sheet) -> Fraction:
        """The sheet's total, exactly: each mark's share of its full marks, by weight."""
        weights = sum((Fraction(c.weight) for c in self.criteria), Fraction(0))
        parts = sum(
            (
                Fraction(sheet.marks[c.key]) / Fraction(c.full) * Fraction(c.weight)
                for c in self.criteria
            ),
            Fraction(0),
        )
        return parts / weights * Fraction(self.scale)
