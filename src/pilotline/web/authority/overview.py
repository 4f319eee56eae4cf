"""The authority's first page: what came in, what became of it, what is missing."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from pilotline.desks.demand import queries as demand
from pilotline.desks.matching import queries as matching
from pilotline.desks.people import queries as people
from pilotline.desks.registry import queries as registry
from pilotline.kernel.actor import Actor
from pilotline.web.shared import book
from pilotline.web.shared.reasons import reason
from pilotline.web.shared.talks import WAITING


def overview(request: HttpRequest) -> HttpResponse:
    """Figures counted from records, each leading to the rows behind it, and the gaps."""
    who = request.who
    cases = demand.case_counts(who=who, door="authority")
    talks = matching.figures(who=who)
    waiting = people.organisation_counts(who).get("pending", 0)
    context = {
        "tiles": _tiles(cases, talks, waiting),
        "funnel": _funnel(cases, talks),
        "openings": _openings(who),
        "newest": _newest_gaps(who),
        "slow": matching.slow_talks(who=who),
        "waiting": WAITING,
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


def _openings(who: Actor, most: int = 8) -> list[dict[str, object]]:
    """What one more capability would change, with the strongest wishes in words."""
    rulebook = book.rulebook()
    rows = []
    for row in matching.openings(who=who)[:most]:
        reasons = [reason(part, rulebook) for part in row["parts"]] if rulebook else []
        rows.append(
            {
                "title": reasons[0].title if reasons else row["attribute"],
                "wanted": list(dict.fromkeys(r.wanted for r in reasons))[:4],
                "count": len(row["gaps"]),
                "regions": list(dict.fromkeys(gap.region for gap in row["gaps"]))[:4],
                "fields": list(dict.fromkeys(f for gap in row["gaps"] for f in gap.fields)),
                "url": f"{reverse('authority:gaps')}?blocks={row['attribute']}",
            }
        )
    return rows


def _newest_gaps(who: Actor, most: int = 6) -> list[dict[str, object]]:
    rulebook = book.rulebook()
    return [
        {
            "gap": gap,
            "reasons": [reason(part, rulebook) for part in gap.blocking] if rulebook else [],
        }
        for gap in matching.gaps(who=who).order_by("-since")[:most]
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
