"""What is to be divided, and by which percentages."""

from dataclasses import dataclass
from decimal import Decimal

from pilotline.kernel.money import to_fen

WHOLE = Decimal(100)


@dataclass(frozen=True, slots=True)
class Part:
    """One who shares: an id of the caller's, and a percentage from 0 to 100."""

    id: str
    percent: Decimal

    def __post_init__(self) -> None:
        if not self.percent.is_finite() or not 0 <= self.percent <= WHOLE:
            raise ValueError(f"{self.id}: {self.percent} is no percentage")


@dataclass(frozen=True, slots=True)
class Problem:
    """An amount in whole fen, negative for what is taken back, and its parts in order.

    Raises ValueError for fractions of a fen, an id that is there twice, and percentages that do
    not add to exactly 100.
    """

    amount: Decimal
    parts: tuple[Part, ...]

    def __post_init__(self) -> None:
        if not self.amount.is_finite() or self.amount != to_fen(self.amount):
            raise ValueError(f"{self.amount} is not in whole fen")
        if len({part.id for part in self.parts}) < len(self.parts):
            raise ValueError("a part is there twice")
        total = sum((part.percent for part in self.parts), Decimal(0))
        if total != WHOLE:
            raise ValueError(f"the parts add to {total} and not to {WHOLE}")
