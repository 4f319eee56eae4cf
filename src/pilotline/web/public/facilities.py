"""Every published facility: the list, and a page for each."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from pilotline.desks.booking import queries as booking
from pilotline.desks.booking.queries import tariffs
from pilotline.desks.booking.services.tariffs import parts_of
from pilotline.desks.registry import queries
from pilotline.kernel.actor import NOBODY
from pilotline.web.shared import facility_lists, facility_view, prices
from pilotline.web.shared.lists import Column, Empty, ListPage


@require_safe
def facilities(request: HttpRequest) -> HttpResponse:
    return ListPage(
        name="facilities",
        title=_("Pilot facilities"),
        rows=queries.facilities(NOBODY),
        columns=[
            Column(
                name="name",
                title=_("Facility"),
                value=facility_view.name_of,
                link=lambda f: reverse("public:facility", args=[f.code]),
                sort="name",
                leading=True,
            ),
            *facility_lists.columns(),
        ],
        filters=facility_lists.filters(),
        search=facility_lists.searched,
        search_words=_("Name, equipment, service, material …"),
        order=("code",),
        empty=Empty(_("No facility has been published yet")),
    ).respond(request, "public/facilities.html")


DAYS_AHEAD = 14
MOST_SHOWN = 12


def _free(facility: int) -> list[tuple[booking.Free, Any]]:
    """What is free in the next two weeks, where the operator shows it: each with its first time."""
    now = timezone.now()
    shown = booking.bookables_at(facility=facility).filter(is_public=True)[:MOST_SHOWN]
    bookables = list(shown)
    if not bookables:
        return []
    rows = booking.free_times(
        who=NOBODY,
        resources=[b.pk for b in bookables],
        start=now,
        end=now + timedelta(days=DAYS_AHEAD),
        now=now,
    )
    return [(row, row.windows[0] if row.windows else None) for row in rows]


@require_safe
def facility(request: HttpRequest, code: str) -> HttpResponse:
    found = queries.public_facility(code)
    context = {
        "whole": facility_view.shown(found),
        "facility": found,
        "tier_steps": facility_view.tier_history(found),
        "may_claim": request.who.has("operator"),
        "has_prices": tariffs.has_prices(found.pk, timezone.localdate()),
        "free": _free(found.pk),
    }
    return render(request, "public/facility.html", context)


@require_safe
def price_list(request: HttpRequest, code: str) -> HttpResponse:
    """What a facility charges, with every rule, and what an hour costs where it shows that."""
    found = queries.public_facility(code)
    today = timezone.localdate()
    rows = [prices.shown_tariff(row) for row in tariffs.price_list(found, today)]
    bases = tariffs.latest_bases([row.row.resource_id for row in rows if row.row.resource_id])
    costs = {
        pk: prices.shown_parts(parts_of(basis), basis.price)
        for pk, basis in bases.items()
        if basis.is_public
    }
    context = {
        "facility": found,
        "name": facility_view.name_of(found),
        "rows": [
            (row, bases.get(row.row.resource_id), costs.get(row.row.resource_id)) for row in rows
        ],
        "is_demo": any(row.row.is_demo for row in rows),
    }
    return render(request, "public/prices.html", context)
