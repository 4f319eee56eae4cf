"""What settlement does."""

from pilotline.desks.settlement.services.bills import (
    Charge,
    adjust_bill,
    draft_bill,
    drop_bill,
    issue_bill,
)
from pilotline.desks.settlement.services.disputes import (
    open_dispute,
    settle_dispute,
    withdraw_dispute,
    write_in_dispute,
)
from pilotline.desks.settlement.services.metering import bill_booking
from pilotline.desks.settlement.services.money import (
    cancel_bill,
    record_payment,
    record_refund,
    settle_bill,
)
from pilotline.desks.settlement.services.order_bills import draft_order_bill
from pilotline.desks.settlement.services.orders import (
    agree,
    change_order,
    complete_order,
    draft_order,
    drop_amendment,
    withdraw_order,
)
from pilotline.desks.settlement.services.shares import keep_party, set_share_rule, share_income
from pilotline.desks.settlement.services.vouchers import reimburse_voucher, spend_voucher

__all__ = [
    "Charge",
    "adjust_bill",
    "agree",
    "bill_booking",
    "cancel_bill",
    "change_order",
    "complete_order",
    "draft_bill",
    "draft_order",
    "draft_order_bill",
    "drop_amendment",
    "drop_bill",
    "issue_bill",
    "keep_party",
    "open_dispute",
    "record_payment",
    "record_refund",
    "reimburse_voucher",
    "set_share_rule",
    "settle_bill",
    "settle_dispute",
    "share_income",
    "spend_voucher",
    "withdraw_dispute",
    "withdraw_order",
    "write_in_dispute",
]
