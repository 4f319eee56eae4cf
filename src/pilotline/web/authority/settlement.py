"""The authority's view of orders, bills, disputes, vouchers and revenue."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from pilotline.desks.settlement import queries, services
from pilotline.kernel.errors import Problem, Refused
from pilotline.web.shared import bills, book, disputes, facility_view, orders, vouchers
from pilotline.web.shared.lists import Empty, ListPage

DOOR = "authority"
# Of the vouchers that wait so many are shown at once, each with its form.
MOST_WAITING = 20


@require_safe
def order_list(request: HttpRequest) -> HttpResponse:
    return orders.order_list(request, DOOR)


@require_safe
def order(request: HttpRequest, id: int) -> HttpResponse:
    return orders.order_page(request, id, DOOR)


@require_safe
def bill_list(request: HttpRequest) -> HttpResponse:
    return bills.bill_list(request, DOOR)


@require_safe
def bill(request: HttpRequest, id: int) -> HttpResponse:
    return bills.bill_page(request, id, DOOR)


@require_safe
def dispute_list(request: HttpRequest) -> HttpResponse:
    return disputes.dispute_list(request, DOOR)


def dispute(request: HttpRequest, id: int) -> HttpResponse:
    return disputes.dispute_page(request, id, DOOR)


def voucher_list(request: HttpRequest) -> HttpResponse:
    """The year's budgets and what was spent of them; a use is marked as reimbursed here."""
    problems: list[Problem] = []
    if request.method == "POST":
        try:
            _reimburse(request)
        except Refused as refused:
            problems = list(refused.problems)
        else:
            messages.success(request, _("Marked as reimbursed."))
            return redirect("authority:vouchers")
    year = timezone.localdate().year
    accounts = list(queries.accounts(who=request.who, year=year))
    waiting = queries.uses(who=request.who, door=DOOR).filter(state="spent")
    response = ListPage(
        name="vouchers",
        title=gettext_lazy("Vouchers"),
        rows=queries.uses(who=request.who, door=DOOR),
        columns=vouchers.columns(lambda row: reverse("authority:bill", args=[row.bill_id])),
        filters=vouchers.filters(),
        search=vouchers.SEARCH,
        order=("state", "-id"),
        empty=Empty(
            gettext_lazy("No voucher spent yet"),
            gettext_lazy("Payers spend vouchers on the bills of facilities."),
        ),
    ).respond(
        request,
        "authority/vouchers.html",
        {
            "heading": _("Vouchers"),
            "year": year,
            "accounts": accounts,
            "budgets": _budgets(accounts),
            "waiting": waiting[:MOST_WAITING],
            "more": max(0, waiting.count() - MOST_WAITING),
            "problems": problems,
            "today": timezone.localdate(),
        },
    )
    if problems:
        response.status_code = 422
    return response


def _reimburse(request: HttpRequest) -> None:
    use = bills.typed(request, "use")
    services.reimburse_voucher(
        who=request.who,
        use=int(use) if use.isdecimal() and len(use) < 18 else 0,
        day=bills.typed_day(request, "day"),
        now=timezone.now(),
    )


def _budgets(accounts: list[Any]) -> list[dict[str, Any]]:
    """Each voucher of the rulebook with its budget, what was spent, and the share."""
    rulebook = book.rulebook()
    spent = {one.voucher: one.used for one in accounts if one.organisation_id is None}
    payers: dict[str, int] = {}
    for one in accounts:
        if one.organisation_id is not None and one.used:
            payers[one.voucher] = payers.get(one.voucher, 0) + 1
    return [
        {
            "voucher": voucher,
            "spent": spent.get(voucher.id, Decimal(0)),
            "payers": payers.get(voucher.id, 0),
        }
        for voucher in (rulebook.vouchers if rulebook else ())
    ]


@require_safe
def revenue(request: HttpRequest) -> HttpResponse:
    """What facilities agreed, billed and earned, each figure leading to its rows."""
    found = queries.figures(who=request.who)
    listed = reverse("authority:bills")
    money = [
        (_("billed"), found["billed"], listed),
        (_("still to be paid"), found["open"], f"{listed}?state=issued"),
        (_("covered by vouchers"), found["vouchers"], reverse("authority:vouchers")),
        (_("net income of settled bills"), found["income"], f"{listed}?state=settled"),
    ]
    tiles: list[dict[str, Any]] = [
        {
            "figure": found["agreed"],
            "words": _("orders agreed"),
            "url": f"{reverse('authority:orders')}?state=agreed",
        },
        *(
            {"figure": f"{amount:,.2f}", "unit": _("yuan"), "words": words, "url": url}
            for words, amount, url in money
        ),
        {
            "figure": found["disputes"],
            "words": _("disputes open"),
            "url": f"{reverse('authority:disputes')}?state=open",
        },
    ]
    rows = queries.by_facility(who=request.who)
    for row in rows:
        row["name"] = facility_view.text_of(row["facility__name"], row["facility__name_en"])
    most = max([row["income"] for row in rows], default=Decimal(0)) or Decimal(1)
    context = {"tiles": tiles, "rows": rows, "most": most}
    return render(request, "authority/revenue.html", context)
