"""Requirements: confirm, correct, dismiss, add. The panel answers alone when htmx asks."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from pilotline.desks.demand import queries, services
from pilotline.kernel.errors import NotFound, Refused
from pilotline.web.applicant.cases_edit import form_page
from pilotline.web.applicant.reading import panel


@require_POST
def change(request: HttpRequest, case: int) -> HttpResponse:
    """One thing done to one requirement, or to all that are offered."""
    found = queries.own_case(who=request.who, id=case)
    number = request.POST.get("requirement", "")
    chosen = int(number) if number.isdecimal() and len(number) < 19 else 0
    try:
        _do(request, found.pk, chosen)
    except Refused as refused:
        wrong = {
            "problems": refused.problems,
            "wrong_at": chosen or "new",
            "typed": request.POST.get("written", ""),
            "typed_attribute": request.POST.get("attribute", ""),
        }
        return _answer(request, case, wrong)
    return _answer(request, case, {})


def _do(request: HttpRequest, case: int, chosen: int) -> None:
    action, post = request.POST.get("action", ""), request.POST
    given: dict[str, Any] = {"who": request.who, "now": timezone.now()}
    typed = {"written": post.get("written", ""), "must": "must" in post}
    if action == "confirm-all":
        services.confirm_requirements(case=case, **given)
    elif action == "add":
        attribute = post.get("attribute", "")
        services.add_requirement(case=case, attribute=attribute, **typed, **given)
    elif action == "read":
        services.read_text(case=case, **given)
    elif queries.requirement(who=request.who, id=chosen).case_id != case:
        raise NotFound
    elif action == "confirm":
        services.confirm_requirements(case=case, ids=[chosen], **given)
    elif action == "correct":
        services.correct_requirement(requirement=chosen, **typed, **given)
    elif action == "dismiss":
        services.dismiss_requirement(requirement=chosen, **given)
    else:
        raise NotFound


def _answer(request: HttpRequest, case: int, wrong: dict[str, Any]) -> HttpResponse:
    found = queries.own_case(who=request.who, id=case)
    status = 422 if wrong else 200
    if request.htmx:
        return render(
            request, "applicant/_reading.html", panel(request, found, **wrong), status=status
        )
    if wrong:
        problems = wrong.pop("problems")
        return form_page(request, found, status=422, reading_problems=problems, **wrong)
    return redirect(reverse("applicant:case-edit", args=[case]) + "#reading")
