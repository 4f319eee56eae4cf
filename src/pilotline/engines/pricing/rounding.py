"""Decimal numbers rounded by a declared rule, never through a float."""

from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal

WAYS = {
    "half_up": ROUND_HALF_UP,
    "half_even": ROUND_HALF_EVEN,
    "up": ROUND_UP,
    "down": ROUND_DOWN,
}


def rounded(amount: Decimal, step: Decimal, mode: str) -> Decimal:
    """The amount as a whole number of steps; a step of 0 leaves it as it is."""
    if not step:
        return amount
    return (amount / step).quantize(Decimal(1), rounding=WAYS[mode]) * step


def raised(quantity: Decimal, step: Decimal) -> Decimal:
    """The next whole number of steps that is not below the quantity; 0 leaves it as it is."""
    if not step:
        return quantity
    return (quantity / step).to_integral_value(rounding=ROUND_CEILING) * step
