"""What the journal says of orders, bills and shares."""

from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "settlement.draft-order": _("Order drafted"),
    "settlement.change-order": _("Order’s text changed"),
    "settlement.agree": _("Agreed to the order"),
    "settlement.drop-amendment": _("Amendment dropped"),
    "settlement.withdrawn-order": _("Draft of an order withdrawn"),
    "settlement.completed-order": _("Order completed"),
    "settlement.draft-bill": _("Bill drafted"),
    "settlement.adjust-bill": _("Bill adjusted"),
    "settlement.drop-bill": _("Draft of a bill dropped"),
    "settlement.issue-bill": _("Bill issued"),
    "settlement.cancel-bill": _("Bill cancelled by a credit note"),
    "settlement.record-payment": _("Payment recorded"),
    "settlement.record-refund": _("Refund recorded"),
    "settlement.settle-bill": _("Bill settled"),
    "settlement.spend-voucher": _("Voucher spent"),
    "settlement.reimburse-voucher": _("Voucher reimbursed"),
    "settlement.keep-party": _("Party of the revenue kept"),
    "settlement.set-share-rule": _("Rule for sharing set"),
    "settlement.share": _("Income shared"),
    "settlement.dispute-opening": _("Dispute opened"),
    "settlement.dispute-statement": _("Statement in a dispute"),
    "settlement.dispute-mediation": _("Mediation in a dispute"),
    "settlement.dispute-settlement": _("Dispute settled"),
    "settlement.dispute-withdrawal": _("Dispute withdrawn"),
}
SUBJECTS = {
    "order": _("order"),
    "bill": _("bill"),
    "dispute": _("dispute"),
    "share_party": _("party of a share"),
    "share_rule": _("rule of shares"),
}
