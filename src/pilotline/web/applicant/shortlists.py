"""Pages of an applicant about one case's shortlist: who could, why, and asking them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pilotline.desks.demand import queries as demand
from pilotline.desks.matching import queries, services
from pilotline.kernel.errors import Refused
from pilotline.web.shared import talks
from pilotline.web.shared.reasons import shown


def shortlist(request: HttpRequest, case: int) -> HttpResponse:
    """The shortlist with its reasons; as a fragment when the case's page asks for it."""
    return _page(request, case)


def _page(request: HttpRequest, case: int, *, wrong: dict[str, Any] | None = None) -> HttpResponse:
    """`wrong` holds a refused request: its `problems`, its `text`, and the `key` of its line."""
    found = demand.case(who=request.who, id=case)
    answer, stored = services.current_shortlist(who=request.who, case=case)
    living = queries.case_matches(who=request.who, case=case)
    context = {
        "case": found,
        "shown": shown(answer),
        "stored": stored,
        "asked": {
            f"{m.facility_id}-{m.line_id or 0}": m
            for m in living
            if m.state not in ("withdrawn", "ended")
        },
        "may_ask": demand.is_looking(found) and request.who.belongs_to(found.organisation_id),
        "wrong": wrong,
    }
    part = bool(getattr(request, "htmx", None))
    template = "applicant/_shortlist.html" if part else "applicant/shortlist.html"
    return render(request, template, context, status=422 if wrong else 200)


@require_POST
def refresh(request: HttpRequest, case: int) -> HttpResponse:
    """Search again and keep the answer."""
    services.propose(case=case, who=request.who, now=timezone.now())
    messages.success(request, _("The shortlist was made anew."))
    return redirect("applicant:shortlist", case)


@require_POST
def ask(request: HttpRequest, case: int) -> HttpResponse:
    """Ask a facility of the shortlist whether it would take the case."""
    line, facility = talks.asked_place(request)
    text = talks.words(request)
    try:
        match = services.ask_facility(
            who=request.who,
            case=case,
            facility=facility,
            line=line,
            text=text,
            now=timezone.now(),
        )
    except Refused as refused:
        key = f"{facility}-{line or 0}"
        return _page(request, case, wrong={"key": key, "text": text, "problems": refused.problems})
    messages.success(request, _("The facility has been asked. You will be told when it answers."))
    return redirect("applicant:talk", match.pk)
