"""The bridge to the engine that divides income."""

from collections.abc import Iterable
from decimal import Decimal

from pilotline.engines.sharing.problem import Part, Problem
from pilotline.engines.sharing.result import Share
from pilotline.engines.sharing.solve import VERSION, solve

__all__ = ["VERSION", "divide"]


def divide(amount: Decimal, parts: Iterable[tuple[int, Decimal]]) -> list[tuple[int, Share]]:
    """Each party's share of an amount: pairs of party and share, in the order given.

    Raises ValueError when the percentages do not add to 100.
    """
    listed = tuple(Part(str(party), percent) for party, percent in parts)
    result = solve(Problem(amount, listed))
    return [(int(share.id), share) for share in result.shares]
