"""The simplest honest method: every quantity times its list price, and nothing else.

No minimum, step, class, tier, cap, urgency, overhead or tax. What stands beside a bill to show
what its rules add or take off.
"""

from decimal import Decimal

from pilotline.engines.pricing.faults import entries_for, faults_of_problem
from pilotline.engines.pricing.problem import TIMES, ZERO, Problem, Quantity, Unpriceable, Use
from pilotline.engines.pricing.rounding import rounded


def solve(problem: Problem) -> Decimal:
    """The plain sum in yuan, rounded like a line. Raises Unpriceable with all faults."""
    faults = faults_of_problem(problem)
    if faults:
        raise Unpriceable(faults)
    amounts = (_plain(problem, use, one) for use in problem.uses for one in use.quantities)
    return rounded(sum(amounts, ZERO), problem.rounding.line, problem.rounding.mode)


def _plain(problem: Problem, use: Use, quantity: Quantity) -> Decimal:
    for tariff in problem.tariffs_for(use.resource):
        for entry in entries_for(tariff, quantity.kind, quantity.unit, quantity.what):
            amount = quantity.amount
            if quantity.unit in TIMES:
                amount = amount * tariff.length(quantity.unit) / tariff.length(entry.unit)
            return amount * entry.price
    return ZERO
