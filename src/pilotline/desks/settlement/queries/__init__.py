"""What settlement answers."""

from pilotline.desks.settlement.queries.bills import (
    bill,
    billed_parts,
    bills,
    case_bills,
    frozen_bill,
    living_bills,
)
from pilotline.desks.settlement.queries.disputes import dispute, disputes
from pilotline.desks.settlement.queries.figures import by_facility, figures
from pilotline.desks.settlement.queries.ledger import balances, book_lines, books
from pilotline.desks.settlement.queries.orders import (
    booking_order,
    latest,
    match_order,
    order,
    orders,
    paper,
    speaking_for,
    version,
)
from pilotline.desks.settlement.queries.shares import (
    distribution_of,
    parties,
    rule_in_force,
    rules_of,
    shares,
    statement,
    statements,
)
from pilotline.desks.settlement.queries.vouchers import accounts, offers, uses

__all__ = [
    "accounts",
    "balances",
    "bill",
    "billed_parts",
    "bills",
    "book_lines",
    "booking_order",
    "books",
    "by_facility",
    "case_bills",
    "dispute",
    "disputes",
    "distribution_of",
    "figures",
    "frozen_bill",
    "latest",
    "living_bills",
    "match_order",
    "offers",
    "order",
    "orders",
    "paper",
    "parties",
    "rule_in_force",
    "rules_of",
    "shares",
    "speaking_for",
    "statement",
    "statements",
    "uses",
    "version",
]
