"""A panel's conflicts of interest, and those that two officials set aside as a namesake's."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pilotline.desks.journal.queries import rulebook_of
from pilotline.desks.review import queries, services
from pilotline.kernel.errors import Conflict, NotFound, Refused
from pilotline.web.shared.reviews import NAMESAKE_TONES, NAMESAKE_WORDS


def conflicts(request: HttpRequest, panel: int) -> HttpResponse:
    """Who must keep away from what, by which record, and what was told of namesakes."""
    return _page(request, panel)


@require_POST
def state(request: HttpRequest, panel: int, item: int, expert: int) -> HttpResponse:
    """State that a name is somebody else's."""
    given = {"item": item, "expert": expert, "words": request.POST.get("words", "")}
    told = _("Stated. It takes effect when somebody else confirms it.")
    return _done(request, panel, services.state_namesake, given, told, typed=(item, expert))


@require_POST
def decide(request: HttpRequest, panel: int, namesake: int, move: str) -> HttpResponse:
    """Confirm what somebody else stated, or end it."""
    if move == "confirm":
        told = _("Confirmed. This conflict bars no longer.")
        return _done(request, panel, services.confirm_namesake, {"namesake": namesake}, told)
    if move != "end":
        raise NotFound
    given = {"namesake": namesake, "words": request.POST.get("words", "")}
    return _done(request, panel, services.end_namesake, given, _("Ended. The conflict counts."))


def _done(
    request: HttpRequest,
    panel: int,
    service: Any,
    given: dict[str, Any],
    told: str,
    typed: tuple[int, int] | None = None,
) -> HttpResponse:
    try:
        service(who=request.who, now=timezone.now(), **given)
    except Refused as refused:
        for problem in refused.problems:
            messages.error(request, str(problem.text))
        return _page(request, panel, typed=typed, words=given.get("words", ""), status=422)
    except Conflict as conflict:
        messages.error(request, str(conflict.text))
    else:
        messages.success(request, told)
    return redirect("authority:panel-conflicts", panel)


def _page(
    request: HttpRequest,
    pk: int,
    *,
    typed: tuple[int, int] | None = None,
    words: str = "",
    status: int = 200,
) -> HttpResponse:
    """With what was typed of one pair when it was refused."""
    found = queries.panel(who=request.who, id=pk)
    told = list(queries.namesakes(panel=found))
    living = {(one.item_id, one.expert_id) for one in told if one.ended_at is None}
    rules = rulebook_of(found.release).conflicts
    groups: dict[int, dict[str, Any]] = {}
    for (expert, item), reasons in queries.panel_conflicts(panel=found, now=timezone.now()):
        pair = (item.pk, expert.pk)
        groups.setdefault(item.pk, {"item": item, "rows": []})["rows"].append(
            {
                "expert": expert,
                "reasons": [reason | {"title": rules[reason["rule"]].title} for reason in reasons],
                "may_state": pair not in living and _by_name(reasons),
                "words": words if pair == typed else "",
            }
        )
    shown = {
        "panel": found,
        "groups": list(groups.values()),
        "told": [
            {
                "row": one,
                "state": (NAMESAKE_WORDS[one.state], NAMESAKE_TONES[one.state]),
                "reasons": [r | {"title": rules[r["rule"]].title} for r in one.reasons],
                "is_mine": one.stated_by == request.who.id,
            }
            for one in told
        ],
        "is_closed": found.state == "closed",
    }
    return render(request, "authority/namesakes.html", shown, status=status)


def _by_name(reasons: list[dict[str, Any]]) -> bool:
    bars = [reason for reason in reasons if reason["bars"]]
    return bool(bars) and all(reason["by_name"] for reason in bars)
