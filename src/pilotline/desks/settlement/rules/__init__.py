"""Who may do what, what each state may become, and how amounts are written and booked."""

from pilotline.desks.settlement.rules.access import (
    acts_for,
    may_mediate,
    may_read_bill,
    may_read_dispute,
    may_read_order,
    pays,
    sides_of,
)
from pilotline.desks.settlement.rules.capitals import in_capitals
from pilotline.desks.settlement.rules.states import (
    BILL_MOVES,
    EARNED,
    LIVING,
    ORDER_MOVES,
    OWED,
    may_become,
)
from pilotline.desks.settlement.rules.writing import digest_of_content, order_content

__all__ = [
    "BILL_MOVES",
    "EARNED",
    "LIVING",
    "ORDER_MOVES",
    "OWED",
    "acts_for",
    "digest_of_content",
    "in_capitals",
    "may_become",
    "may_mediate",
    "may_read_bill",
    "may_read_dispute",
    "may_read_order",
    "order_content",
    "pays",
    "sides_of",
]
