"""Who gets how much, and why."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Share:
    """What one part gets. `exact` is its share before rounding, in yuan; `odd` is True when it
    got one of the fen that were left over."""

    id: str
    percent: Decimal
    amount: Decimal
    exact: Fraction
    odd: bool

    @property
    def error(self) -> Fraction:
        """How far the amount lies from the exact share, in yuan."""
        return abs(Fraction(self.amount) - self.exact)


@dataclass(frozen=True, slots=True)
class Result:
    """Shares in the order of the parts; their sum is the amount."""

    shares: tuple[Share, ...]

    @property
    def total(self) -> Decimal:
        return sum((share.amount for share in self.shares), Decimal(0))
