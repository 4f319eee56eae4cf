"""How full facilities are, and what stands idle."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pilotline.desks.booking import queries
from pilotline.web.shared import facility_view
from pilotline.web.shared.lists import Column, Empty, ListPage

STRETCHES = {"30": _("30 days"), "90": _("90 days"), "365": _("12 months")}
VERDICTS = {
    "idle": pgettext_lazy("use", "idle"),
    "low": pgettext_lazy("use", "low"),
    "good": pgettext_lazy("use", "as it should be"),
    "full": pgettext_lazy("use", "too full"),
    "": "—",
}
TONES = {"idle": "bad", "low": "warn", "good": "good", "full": "warn", "": "quiet"}
MOST = 200


def utilisation(request: HttpRequest) -> HttpResponse:
    """By scale above, by resource below, for the days before today."""
    days = request.GET.get("days", "90")
    days = days if days in STRETCHES else "90"
    end = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    uses = queries.use_in(
        bookables=queries.governed_bookables(who=request.who),
        start=end - timedelta(days=int(days)),
        end=end,
    )
    order = {name: n for n, name in enumerate(("idle", "low", "full", "good", ""))}
    uses.sort(key=lambda use: (order[use.verdict], use.share or 0.0))
    context = {
        "days": days,
        "stretches": STRETCHES,
        "scales": [
            (row, VERDICTS[row.verdict], TONES[row.verdict]) for row in queries.by_scale(uses)
        ],
        "uses": [(use, VERDICTS[use.verdict], TONES[use.verdict]) for use in uses[:MOST]],
        "left": max(0, len(uses) - MOST),
        "rules": queries.booking_rules(),
    }
    return render(request, "authority/utilisation.html", context)


def idle_list(request: HttpRequest) -> HttpResponse:
    """What has no booking, neither lately nor to come."""
    now = timezone.now()

    def attach(rows: list[Any]) -> None:
        last = queries.last_uses([row.pk for row in rows], now)
        for row in rows:
            row.last_use = last.get(row.pk)

    return ListPage(
        name="idle",
        title=_("Idle equipment"),
        rows=queries.idle(bookables=queries.governed_bookables(who=request.who), now=now),
        attach=attach,
        columns=[
            Column(
                name="name",
                title=_("Resource"),
                value=lambda row: facility_view.name_of(row.resource),
                leading=True,
            ),
            Column(
                name="kind",
                title=_("Kind"),
                value=lambda row: str(facility_view.KIND_WORDS[row.resource.kind]),
            ),
            Column(
                name="facility",
                title=_("Facility"),
                value=lambda row: facility_view.name_of(row.resource.facility),
                link=lambda row: reverse("authority:facility", args=[row.resource.facility.code]),
                sort="resource__facility__name",
            ),
            Column(
                name="region",
                title=_("City"),
                value="resource.facility.region",
                show="region",
                sort="resource__facility__region",
            ),
            Column(name="scale", title=_("Scale"), show="title", of="scales", sort="scale"),
            Column(name="last_use", title=_("Last use"), show="day"),
        ],
        search=("resource__name", "resource__facility__name"),
        order=("resource__facility", "resource__position", "pk"),
        empty=Empty(_("Nothing stands idle")),
    ).respond(request, "authority/idle.html", {"rules": queries.booking_rules()})
