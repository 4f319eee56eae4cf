"""Plans for those who wait: asked for, looked at as a picture, accepted whole or in part."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from pilotline.desks.booking import queries, services
from pilotline.kernel.errors import Conflict, NotFound, Refused
from pilotline.web.operator.catalogue import operating
from pilotline.web.operator.gantt import picture
from pilotline.web.shared.cells import Column
from pilotline.web.shared.facility_view import name_of
from pilotline.web.shared.lists import Empty, ListPage
from pilotline.web.shared.planned import STATES, TONES, why

LINES = {
    "proposed": pgettext_lazy("plan line", "proposed"),
    "accepted": pgettext_lazy("plan line", "offered"),
    "refused": pgettext_lazy("plan line", "no longer possible"),
}
LINE_TONES = {"proposed": "info", "accepted": "good", "refused": "bad"}


@require_safe
def plans(request: HttpRequest) -> HttpResponse:
    """The plans that were made, newest first, and the button that asks for one."""
    waits = queries.waits_at_own(who=request.who, now=timezone.now()).count()
    return ListPage(
        name="plans",
        title=gettext_lazy("Plans"),
        rows=queries.proposals(who=request.who).select_related("operator"),
        columns=[
            Column(
                name="asked_at",
                title=gettext_lazy("Asked at"),
                show="when",
                sort="id",
                leading=True,
                link=lambda plan: reverse("operator:plan", args=[plan.pk]),
            ),
            Column(
                name="state", title=gettext_lazy("State"), show="badge", words=STATES, tones=TONES
            ),
            Column(name="served", title=gettext_lazy("Given a time"), show="number"),
            Column(name="waits", title=gettext_lazy("Go on waiting"), show="number"),
            Column(
                name="operator", title=gettext_lazy("Operating organisation"), value="operator.name"
            ),
        ],
        order=("-id",),
        empty=Empty(
            gettext_lazy("No plan yet"),
            gettext_lazy("Ask for one when people wait: it looks for times for all of them."),
        ),
    ).respond(
        request,
        "operator/plans.html",
        {
            "waits": waits,
            "joint": queries.unplanned(
                queries.joint_wishes(who=request.who), now=timezone.now()
            ).count(),
            "organisations": operating(request.who),
        },
    )


@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Ask the worker for a plan; the page to come back to is the plan's own."""
    own = operating(request.who)
    wanted = request.POST.get("organisation") or (own[0][0] if own else "")
    if wanted not in {key for key, _name in own}:
        raise NotFound
    try:
        made = services.propose_plan(
            who=request.who,
            operator=int(wanted),
            widely=bool(request.POST.get("widely")),
            now=timezone.now(),
        )
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("operator:plans")
    return redirect("operator:plan", made.pk)


@require_safe
def plan(request: HttpRequest, plan: int) -> HttpResponse:
    """One plan: its figures, its picture, who is given what, who goes on waiting and why."""
    return _page(request, queries.proposal(who=request.who, id=plan))


def _page(request: HttpRequest, found: Any, status: int = 200) -> HttpResponse:
    lines = queries.plan_lines(proposal=found)
    things = queries.way_resources(lines)
    by_wish: dict[int, list[Any]] = {}
    for line in lines:
        by_wish.setdefault(line.waiting_id, []).append(line)
    planned = [_planned(own) for own in by_wish.values() if own[0].state != "waits"]
    waiting = [{"line": line, "why": why(line, things)} for line in lines if line.state == "waits"]
    tracks = queries.plan_calendar(who=request.who, proposal=found, now=timezone.now())
    context: dict[str, Any] = {
        "plan": found,
        "state": STATES[found.state],
        "tone": TONES[found.state],
        "planned": planned,
        "waiting": waiting,
        "open": any(row["first"].state == "proposed" for row in planned),
        "picture": picture(tracks, *shown_stretch(found, tracks)),
        # Each wish counts one and its place in line a little; in whole wishes the bound is this.
        "most": min(len(by_wish), int(found.bound)),
    }
    return render(request, "operator/plan.html", context, status=status)


def shown_stretch(found: Any, tracks: Any) -> tuple[Any, Any]:
    """From the first day on which anything stands or is proposed to the day after the last thing
    proposed, at least a week: a plan looks much further than it reaches."""
    begins = [row.use.lower for track in tracks for row in track.standing]
    begins += [line.starts for track in tracks for line in track.proposed]
    ends = [line.ends for track in tracks for line in track.proposed]
    if not ends:
        return found.starts, found.ends
    first = timezone.localtime(max(min(begins), found.starts))
    first = first.replace(hour=0, minute=0, second=0, microsecond=0)
    last = max(*ends, first + timedelta(days=6))
    return first, max(min(found.ends, last + timedelta(days=1)), max(ends))


def _planned(lines: list[Any]) -> dict[str, Any]:
    """One wish with its lines, in the order of its steps."""
    first = min(lines, key=lambda line: line.step)
    moved = first.step == 0 and first.resource_id != first.waiting.resource_id
    return {
        "first": first,
        "lines": sorted(lines, key=lambda line: line.step),
        "words": LINES[first.state],
        "tone": LINE_TONES[first.state],
        "instead": name_of(first.waiting.resource) if moved else "",
    }


@require_POST
def accept(request: HttpRequest, plan: int) -> HttpResponse:
    """Offer all proposed times, or those that were ticked."""
    found = queries.proposal(who=request.who, id=plan)
    ticked = [int(key) for key in request.POST.getlist("line") if key.isdecimal() and len(key) < 19]
    chosen = None if request.POST.get("all") else ticked
    try:
        services.accept_plan(who=request.who, proposal=plan, lines=chosen, now=timezone.now())
    except (Refused, Conflict) as refused:
        messages.error(request, str(refused))
        return _page(request, found, status=422)
    messages.success(request, _("Offered. Each applicant confirms, or the time falls back."))
    return redirect("operator:plan", plan)
