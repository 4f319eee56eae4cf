"""The largest remainder: first whole fen downwards, then one fen each to the largest rests."""

from decimal import Decimal
from fractions import Fraction

from pilotline.engines.sharing.problem import Problem
from pilotline.engines.sharing.result import Result, Share

VERSION = "sharing 1"


def solve(problem: Problem) -> Result:
    """Divide; of equal rests the earlier part goes first. What is taken back is divided just as
    it was given."""
    sign = -1 if problem.amount < 0 else 1
    fen = int(abs(problem.amount) * 100)
    exact = [fen * Fraction(part.percent) / 100 for part in problem.parts]
    whole = [share.numerator // share.denominator for share in exact]
    left = fen - sum(whole)
    order = sorted(range(len(exact)), key=lambda at: (whole[at] - exact[at], at))
    odd = set(order[:left])
    return Result(
        tuple(
            Share(
                part.id,
                part.percent,
                Decimal(sign * (whole[at] + (at in odd))).scaleb(-2),
                sign * exact[at] / 100,
                at in odd,
            )
            for at, part in enumerate(problem.parts)
        )
    )
