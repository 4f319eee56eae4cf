"""The talks of the authority's region, to see where matching stands and who is slow."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pilotline.desks.demand import queries as demand
from pilotline.desks.matching import queries, services
from pilotline.web.shared import talks
from pilotline.web.shared.lists import Empty, ListPage
from pilotline.web.shared.reasons import shown


def talk_list(request: HttpRequest) -> HttpResponse:
    """All talks of the region, the longest silent first when they wait."""
    return ListPage(
        name="talks",
        title=_("Talks and matches"),
        rows=queries.region_matches(who=request.who),
        columns=[
            *talks.columns(lambda m: reverse("authority:talk", args=[m.pk]), for_operator=False),
        ],
        filters=talks.filters(),
        search=talks.SEARCH,
        order=("-last_at",),
        empty=Empty(_("No talk yet"), _("Talks begin when an applicant asks a facility.")),
    ).respond(request, "authority/talks.html")


def talk(request: HttpRequest, match: int) -> HttpResponse:
    return talks.talk_page(request, match, side="authority", back="authority:talks")


def shortlist(request: HttpRequest, case: int) -> HttpResponse:
    """The shortlist of one case, as its applicant sees it."""
    found = demand.case(who=request.who, id=case)
    answer, stored = services.current_shortlist(who=request.who, case=case)
    context = {
        "case": found,
        "shown": shown(answer),
        "stored": stored,
        "asked": {},
        "may_ask": False,
    }
    part = bool(getattr(request, "htmx", None))
    template = "applicant/_shortlist.html" if part else "authority/shortlist.html"
    return render(request, template, context)
