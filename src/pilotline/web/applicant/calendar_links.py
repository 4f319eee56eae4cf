"""My calendar links: made here, shown once, ended here."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pilotline.desks.booking import queries, services
from pilotline.desks.registry import queries as registry
from pilotline.kernel.errors import Refused
from pilotline.web.shared.facility_view import name_of

MAX_DIGITS = 18


def links(request: HttpRequest, secret: str = "") -> HttpResponse:
    """My calendar links: made here, shown once, ended here."""
    choices = [("", _("My own bookings"))]
    if request.who.has("operator"):
        choices += [(f"facility-{f.pk}", name_of(f)) for f in registry.own_facilities(request.who)]
        choices += [
            (f"resource-{b.pk}", f"{name_of(b.resource.facility)} · {name_of(b.resource)}")
            for b in queries.own_bookables(who=request.who)
        ]
    if request.method == "POST":
        kind, _dash, pk = request.POST.get("of", "").partition("-")
        thing = {kind: int(pk)} if kind in ("facility", "resource") and _is_number(pk) else {}
        try:
            _feed, secret = services.make_feed(
                who=request.who,
                language=get_language() or "zh-hans",
                now=timezone.now(),
                **thing,
            )
        except Refused as refused:
            messages.error(request, "; ".join(str(p.text) for p in refused.problems))
            return redirect("applicant:calendar-links")
    context = {
        "feeds": [(feed, queries.title_of(feed)) for feed in queries.own_feeds(who=request.who)],
        "choices": choices,
        "made": request.build_absolute_uri(reverse("shared:feed", args=[secret])) if secret else "",
    }
    return render(request, "applicant/calendar_links.html", context)


@require_POST
def end_link(request: HttpRequest, feed: int) -> HttpResponse:
    services.end_feed(who=request.who, feed=feed, now=timezone.now())
    messages.success(request, _("Ended: whoever has this link finds nothing any more."))
    return redirect("applicant:calendar-links")


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < MAX_DIGITS
