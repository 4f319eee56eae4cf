"""The accounts of the ledger, and how each happening is booked. A debit is positive.

Every function answers with lines that add to zero; the database refuses anything else.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

ACCOUNTS = {
    "receivable": _("Receivable from payers"),
    "voucher_claim": _("Vouchers to be reimbursed"),
    "bank": _("Money received"),
    "income": _("Income"),
    "tax": _("Tax owed"),
    "shared": _("Income shared out"),
    "share_owed": _("Owed to those who share"),
}
KINDS = {
    "bill": _("Bill"),
    "payment": _("Payment"),
    "refund": _("Refund"),
    "voucher": _("Voucher"),
    "reimbursed": _("Voucher reimbursed"),
    "share": _("Sharing"),
    "unshare": _("Sharing taken back"),
    "credit": _("Credit note"),
}


class Line(NamedTuple):
    """An account, whom it concerns, and an amount in yuan."""

    account: str
    amount: Decimal
    organisation: int | None = None
    party: int | None = None


def of_bill(*, payer: int, net: Decimal, tax: Decimal) -> list[Line]:
    """The payer owes; income and tax stand against it."""
    return _lines([Line("receivable", net + tax, payer), Line("income", -net), Line("tax", -tax)])


def of_payment(*, payer: int, amount: Decimal) -> list[Line]:
    """Money came in (or went back when negative), and the payer owes less."""
    return _lines([Line("bank", amount), Line("receivable", -amount, payer)])


def of_voucher(*, payer: int, amount: Decimal) -> list[Line]:
    """Public money is to come in the payer's place."""
    return _lines([Line("voucher_claim", amount, payer), Line("receivable", -amount, payer)])


def of_reimbursement(*, payer: int, amount: Decimal) -> list[Line]:
    """The public money came in."""
    return _lines([Line("bank", amount), Line("voucher_claim", -amount, payer)])


def of_shares(amounts: Iterable[tuple[int, Decimal]]) -> list[Line]:
    """Income goes out to those who share: (party, amount)."""
    owed = [Line("share_owed", -amount, party=party) for party, amount in amounts]
    total = -sum((line.amount for line in owed), Decimal(0))
    return _lines([Line("shared", total), *owed])


def reversed_lines(lines: Iterable[Line]) -> list[Line]:
    """The same with debit and credit changed round."""
    return [line._replace(amount=-line.amount) for line in lines]


def _lines(lines: list[Line]) -> list[Line]:
    return [line for line in lines if line.amount]
