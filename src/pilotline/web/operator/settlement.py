"""An operator's orders, bills, disputes, and the book of accounts."""

from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from pilotline.desks.settlement import queries
from pilotline.desks.settlement.rules.chart import ACCOUNTS, KINDS
from pilotline.web.shared import bills, disputes, order_forms, orders
from pilotline.web.shared.cells import Column
from pilotline.web.shared.filters import Filter
from pilotline.web.shared.lists import Empty, ListPage

DOOR = "operator"


def order_list(request: HttpRequest) -> HttpResponse:
    return orders.order_list(request, DOOR)


def order(request: HttpRequest, id: int) -> HttpResponse:
    return orders.order_page(request, id, DOOR)


def order_edit(request: HttpRequest, id: int) -> HttpResponse:
    return order_forms.edit_page(request, id, DOOR)


@require_POST
def order_draft(request: HttpRequest, match: int) -> HttpResponse:
    return orders.draft(request, match, DOOR)


def bill_list(request: HttpRequest) -> HttpResponse:
    return bills.bill_list(request, DOOR)


def bill(request: HttpRequest, id: int) -> HttpResponse:
    return bills.bill_page(request, id, DOOR)


def dispute_list(request: HttpRequest) -> HttpResponse:
    return disputes.dispute_list(request, DOOR)


def dispute(request: HttpRequest, id: int) -> HttpResponse:
    return disputes.dispute_page(request, id, DOOR)


def _ledger_columns(*, several: bool) -> list[Column]:
    """The columns of the list; whose book it is where there are `several`."""
    return [
        Column(name="book", title=gettext_lazy("Book"), value="entry.book.name", shown=several),
        Column(name="number", title=gettext_lazy("Entry"), value="entry.number"),
        Column(
            name="day",
            title=gettext_lazy("Day"),
            value="entry.day",
            show="day",
            sort="entry__day",
        ),
        Column(name="kind", title=gettext_lazy("Kind"), value=lambda r: KINDS[r.entry.kind]),
        Column(
            name="account",
            title=gettext_lazy("Account"),
            value=lambda r: ACCOUNTS[r.account],
            sort="account",
            leading=True,
        ),
        Column(
            name="whom",
            title=gettext_lazy("Whom it concerns"),
            value=lambda r: r.party.name if r.party else getattr(r.organisation, "name", ""),
        ),
        Column(
            name="debit",
            title=gettext_lazy("Debit"),
            value=lambda r: r.amount if r.amount > 0 else None,
            show="cents",
        ),
        Column(
            name="credit",
            title=gettext_lazy("Credit"),
            value=lambda r: -r.amount if r.amount < 0 else None,
            show="cents",
        ),
        Column(name="text", title=gettext_lazy("Text"), value="entry.text"),
    ]


def _sides(balance: Decimal | None) -> tuple[Decimal | None, Decimal | None]:
    """A balance as accountants write it: on the debit side or, below zero, on the credit side."""
    if not balance:
        return None, None
    return (balance, None) if balance > 0 else (None, -balance)


def ledger(request: HttpRequest) -> HttpResponse:
    """Every line of the book, with the balance of each account; exported for accountants."""
    balances = queries.balances(who=request.who)
    sides = [_sides(balances.get(name)) for name in ACCOUNTS]
    return ListPage(
        name="ledger",
        title=gettext_lazy("Ledger"),
        rows=queries.book_lines(who=request.who),
        columns=_ledger_columns(several=len(queries.books(who=request.who)) > 1),
        filters=[
            Filter(
                name="account",
                title=gettext_lazy("Account"),
                lookup="account",
                choices=ACCOUNTS.items(),
            ),
            Filter(name="day", title=gettext_lazy("Day"), lookup="entry__day", kind="dates"),
        ],
        search=("entry__text", "organisation__name", "party__name"),
        order=("entry__book", "-entry__number", "id"),
        empty=Empty(
            gettext_lazy("Nothing is booked yet"),
            gettext_lazy("Issue a bill: everything that follows is booked by itself."),
        ),
    ).respond(
        request,
        "operator/ledger.html",
        {
            "heading": _("Ledger"),
            "balances": [
                (words, *pair) for words, pair in zip(ACCOUNTS.values(), sides, strict=True)
            ],
            "sums": [sum(filter(None, side)) for side in zip(*sides, strict=True)],
        },
    )
