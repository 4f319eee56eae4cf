"""The first page: what this is for, and the shortest way to the main job."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pilotline.desks.demand import queries as demand
from pilotline.desks.demand.rules import STATUS_TITLES
from pilotline.desks.matching import queries as matching
from pilotline.desks.registry import queries as registry
from pilotline.web.shared import begun, book, navigation, values
from pilotline.web.shared.casefile import STATUS_TONES
from pilotline.web.shared.tilemap import TileMap, tile_map

LATEST = 5


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    kinds = registry.counts_by_kind()
    cases = demand.public_counts()
    context = {
        "work": navigation.work(request.who) if request.who.is_known else None,
        "figures": _figures(kinds, cases),
        "map": _map(),
        "latest": _latest(),
        "gaps": matching.public_gap_count(),
        "steps": _steps(),
    }
    return render(request, "public/home.html", context)


@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Keep what was typed and go to the form; whoever is not logged in comes there afterwards."""
    begun.keep(request, request.POST.get("text", ""))
    return HttpResponseRedirect(reverse("applicant:need-new"))


def _figures(kinds: dict[str, int], cases: dict[str, int]) -> list[dict[str, Any]]:
    """Each figure is counted from records and leads to them."""
    search = reverse("public:search")
    return [
        {
            "figure": kinds.get("facility", 0),
            "words": _("facilities"),
            "url": f"{search}?kind=facility",
        },
        {"figure": kinds.get("line", 0), "words": _("pilot lines"), "url": f"{search}?kind=line"},
        {
            "figure": kinds.get("equipment", 0),
            "words": _("pieces of equipment"),
            "url": f"{search}?kind=equipment",
        },
        {
            "figure": kinds.get("service", 0),
            "words": _("services"),
            "url": f"{search}?kind=service",
        },
        {"figure": cases["need"], "words": _("needs accepted"), "url": f"{search}?kind=need"},
        {
            "figure": cases["technology"],
            "words": _("technologies on offer"),
            "url": f"{search}?kind=technology",
        },
    ]


def _latest() -> list[dict[str, Any]]:
    """The newest needs that their applicants released: what the service is working on."""
    language = values.language()
    return [
        {
            "title": demand.case_title(case, language),
            "url": reverse("public:need", args=[case.number]),
            "fields": case.fields,
            "at": case.accepted_at,
            "status": STATUS_TITLES[case.status],
            "tone": STATUS_TONES[case.status],
        }
        for case in demand.public_cases(kind="need")[:LATEST]
    ]


def _map() -> TileMap | None:
    rulebook = book.rulebook()
    if rulebook is None:
        return None
    search = reverse("public:search")
    return tile_map(
        rulebook,
        registry.counts_by_region(),
        language=values.language(),
        link=lambda code: f"{search}?kind=facility&region={code}",
    )


def _steps() -> list[dict[str, str]]:
    return [
        {
            "title": _("Describe"),
            "text": _("A few sentences in your own words, in Chinese or English."),
        },
        {
            "title": _("Confirm"),
            "text": _(
                "Volumes, temperatures, hazards and dates are read out of them; correct them."
            ),
        },
        {
            "title": _("Accepted on arrival"),
            "text": _("When nothing is missing you get a number and a receipt at once."),
        },
        {
            "title": _("Shortlist with reasons"),
            "text": _("Which facility meets which requirement, what is unknown, how far it is."),
        },
        {
            "title": _("Agree"),
            "text": _("The facility asks and answers here; when both consent, the match stands."),
        },
    ]
