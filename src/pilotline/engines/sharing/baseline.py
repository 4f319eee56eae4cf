"""The simplest honest method: everybody's share is cut to whole fen, the last one gets the rest."""

from decimal import Decimal
from fractions import Fraction

from pilotline.engines.sharing.problem import Problem
from pilotline.engines.sharing.result import Result, Share


def solve(problem: Problem) -> Result:
    """Divide; the last part may be off by as many fen as there are others."""
    sign = -1 if problem.amount < 0 else 1
    fen = int(abs(problem.amount) * 100)
    exact = [fen * Fraction(part.percent) / 100 for part in problem.parts]
    cut = [share.numerator // share.denominator for share in exact]
    cut[-1] += fen - sum(cut)
    return Result(
        tuple(
            Share(
                part.id,
                part.percent,
                Decimal(sign * amount).scaleb(-2),
                sign * share / 100,
                amount > share,
            )
            for part, share, amount in zip(problem.parts, exact, cut, strict=True)
        )
    )
