"""Plans that reach beyond the operator's own facilities: only its own part is shown."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from pilotline.desks.booking import queries
from pilotline.web.operator.gantt import picture
from pilotline.web.operator.plans import shown_stretch
from pilotline.web.shared import joint


@require_safe
def plans(request: HttpRequest) -> HttpResponse:
    return joint.joint_list(request, "operator")


@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    return joint.joint_ask(request, "operator")


@require_safe
def plan(request: HttpRequest, plan: int) -> HttpResponse:
    return _page(request, plan)


def _page(request: HttpRequest, plan: int, status: int = 200) -> HttpResponse:
    """With the picture of the operator's own calendar beside it."""
    found = queries.joint_plan(who=request.who, id=plan)
    tracks = queries.plan_calendar(who=request.who, proposal=found, now=timezone.now())
    drawn = picture(tracks, *shown_stretch(found, tracks))
    return joint.joint_page(request, plan, "operator", drawn, status)


@require_POST
def answer(request: HttpRequest, plan: int, wish: int) -> HttpResponse:
    """Accept or decline the own part of one project."""
    holds, said = joint.joint_answer(request, plan, wish)
    if not holds:
        messages.error(request, said)
        return _page(request, plan, status=422)
    messages.success(request, said)
    return redirect("operator:joint-plan", plan)
