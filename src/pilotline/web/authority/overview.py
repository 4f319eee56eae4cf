"""The authority's first page: what came in, what became of it, what is missing."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from pilotline.desks.demand import queries as demand
from pilotline.desks.matching import queries as matching
from pilotline.desks.people import queries as people
from pilotline.desks.registry import queries as registry
from pilotline.web.shared import book


def overview(request: HttpRequest) -> HttpResponse:
    """Figures counted from records, each leading to the rows behind it, and the gaps."""
    who = request.who
    cases = demand.case_counts(who=who, door="authority")
    talks = matching.figures(who=who)
    waiting = people.organisation_counts(who).get("pending", 0)
    context = {
        "tiles": _tiles(cases, talks, waiting),
        "funnel": _funnel(cases, talks),
        "gaps": _worst_gaps(who),
        "targets": _targets(),
    }
    return render(request, "authority/overview.html", context)


def _tiles(
    cases: dict[str, dict[str, int]], talks: dict[str, int], waiting: int
) -> list[dict[str, object]]:
    listed = reverse("authority:cases")
    return [
        {
            "figure": sum(cases["need"].values()),
            "words": _("needs accepted"),
            "url": f"{listed}?kind=need",
        },
        {
            "figure": sum(cases["technology"].values()),
            "words": _("technologies accepted"),
            "url": f"{listed}?kind=technology",
        },
        {
            "figure": talks["agreed"],
            "words": _("matches agreed"),
            "url": f"{reverse('authority:talks')}?state=agreed",
        },
        {"figure": talks["gaps"], "words": _("gaps open"), "url": reverse("authority:gaps")},
        {
            "figure": waiting,
            "words": _("organisations wait for confirmation"),
            "url": f"{reverse('authority:organisations')}?status=pending",
        },
    ]


def _funnel(cases: dict[str, dict[str, int]], talks: dict[str, int]) -> list[dict[str, object]]:
    """From accepted to matched, each as a share of what was accepted."""
    accepted = sum(sum(by_status.values()) for by_status in cases.values())
    rows = [
        (_("accepted"), accepted, "info"),
        (_("in talks with a facility"), talks["open"], "warn"),
        (_("matched"), talks["agreed"], "good"),
        (_("nobody can serve them today"), talks["gaps"], "bad"),
    ]
    return [
        {"words": words, "number": number, "most": accepted or 1, "tone": tone}
        for words, number, tone in rows
    ]


def _worst_gaps(who: object) -> list[dict[str, object]]:
    table = matching.gap_table(who=who, rows="attributes", columns="region")
    return [
        {"attribute": attribute, "count": sum(cells.values()), "cities": len(cells)}
        for attribute, cells in list(table.items())[:6]
    ]


def _targets() -> list[dict[str, object]]:
    """The region's targets against what the registry holds."""
    rulebook = book.rulebook()
    if rulebook is None:
        return []
    by_tier = registry.counts_by_tier()
    return [
        {
            "target": target,
            "have": by_tier.get(target.tier, 0),
            "met": target.is_met(by_tier.get(target.tier, 0)),
        }
        for target in rulebook.targets
        if target.tier
    ]
