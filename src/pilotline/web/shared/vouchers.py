"""What public money was spent: uses for payers and the authority."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pilotline.web.shared.bills import USE_STATES, USE_TONES
from pilotline.web.shared.cells import Column
from pilotline.web.shared.filters import Filter


def columns(link: Callable[[Any], str]) -> list[Column]:
    """The columns of a list of voucher uses."""
    return [
        Column(name="number", title=pgettext_lazy("paper", "Number"), leading=True, sort="number"),
        Column(
            name="voucher",
            title=_("Voucher"),
            value="account.voucher",
            show="title",
            of="vouchers",
            sort="account__voucher",
        ),
        Column(name="payer", title=_("Payer"), value="bill.payer.name", sort="bill__payer__name"),
        Column(name="bill", title=_("Bill"), value="bill.number", link=link, sort="bill__number"),
        Column(name="amount", title=_("Amount"), show="cents", sort="amount"),
        Column(
            name="state",
            title=_("State"),
            show="badge",
            words=USE_STATES,
            tones=USE_TONES,
            sort="state",
        ),
        Column(name="at", title=_("When"), show="when", sort="at"),
    ]


def filters() -> list[Filter]:
    return [Filter(name="state", title=_("State"), lookup="state", choices=USE_STATES.items())]


SEARCH = ("number", "bill__number", "bill__payer__name", "bill__facility__name")
