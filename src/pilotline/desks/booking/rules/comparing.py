"""Prices of like resources beside each other: where they lie, and which lie outside."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median, quantiles

from pilotline.rulebook.prices import PricingPolicy


@dataclass(frozen=True, slots=True)
class Spread:
    """Of some prices: the least, the quartiles, the most, and the ends beyond which one is odd.

    `low` and `high` are None with too few prices to say so.
    """

    count: int
    least: Decimal
    quarter: Decimal
    middle: Decimal
    three_quarters: Decimal
    most: Decimal
    low: Decimal | None
    high: Decimal | None

    def lies(self, price: Decimal) -> str:
        """`low` or `high` for a price outside, else an empty text."""
        if self.low is not None and price < self.low:
            return "low"
        return "high" if self.high is not None and price > self.high else ""


def spread_of(prices: Sequence[Decimal], policy: PricingPolicy | None) -> Spread | None:
    """None without prices. Ends are quartiles ± the policy's number of quartile distances."""
    if not prices:
        return None
    if len(prices) == 1:
        quarter = three = prices[0]
    else:
        quarter, _middle, three = quantiles(prices, n=4, method="inclusive")
    low = high = None
    if policy is not None and len(prices) >= policy.fewest:
        reach = (three - quarter) * policy.spread
        low, high = quarter - reach, three + reach
    return Spread(len(prices), min(prices), quarter, median(prices), three, max(prices), low, high)
