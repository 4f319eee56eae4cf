"""Quotations of an operator's facilities."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from pilotline.desks.booking.queries import quotations as queries
from pilotline.web.shared import quotations
from pilotline.web.shared.lists import Empty, ListPage


@require_safe
def quotation_list(request: HttpRequest) -> HttpResponse:
    return ListPage(
        name="quotations",
        title=gettext_lazy("Quotations of my facilities"),
        rows=queries.operator_quotations(who=request.who, today=timezone.localdate()),
        columns=quotations.columns(other="both"),
        filters=quotations.filters(),
        search=quotations.SEARCH,
        order=("-id",),
        empty=Empty(
            gettext_lazy("Nobody has asked for a price yet"),
            gettext_lazy("Whoever sees your prices can ask for a quotation."),
            reverse("operator:facilities"),
            gettext_lazy("My facilities"),
        ),
    ).respond(request, "operator/quotations.html")
