"""Plans over several operators, at each side's door: an operator sees and answers its own part."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from pilotline.desks.booking import queries, services
from pilotline.kernel.errors import Conflict, Refused
from pilotline.web.shared.cells import Column
from pilotline.web.shared.lists import Empty, ListPage
from pilotline.web.shared.planned import STATES, TONES, why

PARTS = {
    "proposed": pgettext_lazy("joint plan", "waits for acceptance"),
    "waits": pgettext_lazy("joint plan", "no time found"),
    "accepted": pgettext_lazy("joint plan", "offered"),
    "refused": pgettext_lazy("joint plan", "came to nothing"),
}
PART_TONES = {"proposed": "warn", "waits": "quiet", "accepted": "good", "refused": "bad"}
LOST = {
    "late": gettext_lazy(
        "Not all operators accepted in time. The project waits for the next plan."
    ),
    "declined": gettext_lazy("An operator declined. The project waits for the next plan."),
    "taken": gettext_lazy(
        "One of the times was taken meanwhile. The project waits for the next plan."
    ),
    "gone": gettext_lazy("The applicant waits no more."),
}


def joint_list(request: HttpRequest, door: str) -> HttpResponse:
    """The joint plans that concern the reader, newest first, and the button that asks for one."""
    waiting = queries.joint_wishes(who=request.who)
    context = {
        "door": door,
        "ask_url": reverse(f"{door}:joint-plan-ask"),
        "waits": queries.unplanned(waiting, now=timezone.now()).count(),
    }
    return ListPage(
        name="joint-plans",
        title=gettext_lazy("Joint plans"),
        rows=queries.joint_plans(who=request.who),
        columns=[
            Column(
                name="asked_at",
                title=gettext_lazy("Asked at"),
                show="when",
                sort="id",
                leading=True,
                link=lambda plan: reverse(f"{door}:joint-plan", args=[plan.pk]),
            ),
            Column(
                name="state", title=gettext_lazy("State"), show="badge", words=STATES, tones=TONES
            ),
            Column(name="until", title=gettext_lazy("To be accepted by"), show="when"),
        ],
        order=("-id",),
        empty=Empty(
            gettext_lazy("No joint plan yet"),
            gettext_lazy("One is made every day on which such projects wait, or when you ask."),
        ),
    ).respond(request, "shared/joint_plans.html", context)


def joint_ask(request: HttpRequest, door: str) -> HttpResponse:
    """Ask the worker for a joint plan."""
    try:
        made = services.propose_joint_plan(who=request.who, now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(f"{door}:joint-plans")
    if queries.joint_plans(who=request.who).filter(pk=made.pk).exists():
        return redirect(f"{door}:joint-plan", made.pk)
    messages.info(request, _("A plan is being worked out already. Look again in a minute."))
    return redirect(f"{door}:joint-plans")


def joint_page(
    request: HttpRequest, plan: int, door: str, picture: SafeString | str = "", status: int = 200
) -> HttpResponse:
    """One joint plan: the reader's part of each project, and where the answers stand."""
    found = queries.joint_plan(who=request.who, id=plan)
    listed = queries.parts(who=request.who, proposal=found)
    context = {
        "plan": found,
        "door": door,
        "state": STATES[found.state],
        "tone": TONES[found.state],
        "parts": shown_parts(listed),
        "picture": picture,
        "back": reverse(f"{door}:joint-plans"),
    }
    return render(request, "shared/joint_plan.html", context, status=status)


def shown_parts(listed: Iterable[Any]) -> list[dict[str, Any]]:
    """Each project of a plan, as the reader may see it."""
    parts = list(listed)
    unserved = [line for part in parts for line in part.lines if not line.resource]
    things = queries.way_resources(unserved)
    return [_shown(part, things) for part in parts]


def _shown(part: Any, things: dict[int, Any]) -> dict[str, Any]:
    steps = [{"number": line.step, "line": line} for line in part.lines if line.resource]
    steps += [{"number": number, "line": None} for number in part.elsewhere]
    unserved = [line for line in part.lines if not line.resource]
    return {
        "part": part,
        "wish": part.waiting,
        "words": PARTS[part.state],
        "tone": PART_TONES[part.state],
        "steps": sorted(steps, key=lambda step: step["number"]) if part.needed else [],
        "said": why(unserved[0], things) if unserved else _said(part),
        "may_answer": part.state == "proposed" and None in part.answers.values(),
        "has_answered": part.state == "proposed"
        and bool(part.answers)
        and None not in part.answers.values(),
    }


def _said(part: Any) -> Any:
    if part.state == "waits":
        return _("No times were found that suit all of its steps.")
    return LOST[part.why] if part.state == "refused" else ""


def joint_answer(request: HttpRequest, plan: int, wish: int) -> tuple[bool, str]:
    """Take an operator's answer to its part: whether it holds, and what to say."""
    accept = request.POST.get("answer") == "accept"
    try:
        services.answer_part(
            who=request.who,
            proposal=plan,
            waiting=wish,
            accept=accept,
            reason=request.POST.get("reason", ""),
            now=timezone.now(),
        )
    except Refused as refused:
        return False, str(refused)
    except Conflict as conflict:
        return False, str(conflict.text)
    if accept:
        return True, _("Accepted. When all have accepted, the applicant is offered the times.")
    return True, _("Declined. The applicant is told why and waits for the next plan.")
