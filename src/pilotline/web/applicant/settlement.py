"""An applicant's orders, bills, disputes and vouchers."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from pilotline.desks.settlement import queries
from pilotline.web.shared import bills, disputes, order_forms, orders, vouchers
from pilotline.web.shared.lists import Empty, ListPage

DOOR = "applicant"


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


def voucher_list(request: HttpRequest) -> HttpResponse:
    """What my organisations spent this year, what is left, and every use."""
    year = timezone.localdate().year
    return ListPage(
        name="vouchers",
        title=gettext_lazy("Vouchers"),
        rows=queries.uses(who=request.who, door=DOOR),
        columns=vouchers.columns(lambda row: reverse("applicant:bill", args=[row.bill_id])),
        filters=vouchers.filters(),
        search=vouchers.SEARCH,
        order=("-id",),
        empty=Empty(
            gettext_lazy("No voucher spent yet"),
            gettext_lazy("Open a bill that is to be paid: it offers every voucher that fits."),
            reverse("applicant:bills"),
            gettext_lazy("Bills"),
        ),
    ).respond(
        request,
        "shared/vouchers.html",
        {
            "heading": _("Vouchers"),
            "year": year,
            "accounts": list(queries.accounts(who=request.who, year=year)),
        },
    )
