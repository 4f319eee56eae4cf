"""Tables of settlement."""

from pilotline.desks.settlement.models.bills import Bill, BillLine, CreditNote, Payment
from pilotline.desks.settlement.models.disputes import Dispute, DisputeEntry
from pilotline.desks.settlement.models.ledger import LedgerEntry, LedgerLine
from pilotline.desks.settlement.models.orders import Consent, Order, OrderVersion, Side
from pilotline.desks.settlement.models.shares import (
    Distribution,
    Share,
    SharePart,
    ShareParty,
    ShareRule,
)
from pilotline.desks.settlement.models.vouchers import VoucherAccount, VoucherUse

__all__ = [
    "Bill",
    "BillLine",
    "Consent",
    "CreditNote",
    "Dispute",
    "DisputeEntry",
    "Distribution",
    "LedgerEntry",
    "LedgerLine",
    "Order",
    "OrderVersion",
    "Payment",
    "Share",
    "SharePart",
    "ShareParty",
    "ShareRule",
    "Side",
    "VoucherAccount",
    "VoucherUse",
]
