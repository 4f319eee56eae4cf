"""News that did not reach a desk: what waits, what is stuck, and why."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from pilotline.desks.journal import queries, services
from pilotline.web.shared.lists import Column, Empty, Filter, ListPage
from pilotline.web.shared.states import DELIVERY_TONES, DELIVERY_WORDS


def outbox(request: HttpRequest) -> HttpResponse:
    """All deliveries that are not done, the newest first."""
    return ListPage(
        name="outbox",
        title=_("Outbox"),
        rows=queries.deliveries(who=request.who),
        columns=[
            Column(
                name="news",
                title=_("News"),
                value="happening.name",
                link=lambda row: reverse("authority:delivery", args=[row.pk]),
                leading=True,
            ),
            Column(name="handler", title=_("For which desk")),
            Column(
                name="status",
                title=_("State"),
                show="badge",
                words=DELIVERY_WORDS,
                tones=DELIVERY_TONES,
            ),
            Column(name="attempts", title=_("Tries"), show="number", sort="attempts"),
            Column(name="due", title=_("Next try"), show="when", sort="due"),
            Column(name="error", title=_("What went wrong"), value=lambda row: row.error[:160]),
        ],
        filters=[
            Filter(
                name="status",
                title=_("State"),
                choices=[(key, DELIVERY_WORDS[key]) for key in ("stuck", "waiting")],
                lookup="status",
            )
        ],
        search=("happening__name", "handler", "error"),
        empty=Empty(_("Nothing is stuck"), _("All news has reached the desks that answer it.")),
    ).respond(request, "authority/outbox.html", {"counts": queries.outbox_counts()})


def delivery(request: HttpRequest, delivery: int) -> HttpResponse:
    """One delivery: what the news says and what went wrong."""
    found = queries.delivery(who=request.who, id=delivery)
    shown = {
        "delivery": found,
        "state": DELIVERY_WORDS[found.status],
        "tone": DELIVERY_TONES[found.status],
        "facts": list(found.happening.payload.items()),
    }
    return render(request, "authority/delivery.html", shown)


@require_POST
def retry(request: HttpRequest, delivery: int) -> HttpResponse:
    services.retry_delivery(who=request.who, pk=delivery, now=timezone.now())
    messages.success(request, _("Put back in line and tried at once."))
    return redirect("authority:delivery", delivery)


@require_POST
def retry_all(request: HttpRequest) -> HttpResponse:
    count = services.retry_all(who=request.who, now=timezone.now())
    told = ngettext("%(n)d delivery is back in line.", "%(n)d deliveries are back in line.", count)
    messages.success(request, told % {"n": count})
    return redirect("authority:outbox")
