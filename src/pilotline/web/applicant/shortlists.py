"""Pages of an applicant about one case's shortlist: who could, why, and asking them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pilotline.desks.demand import queries as demand
from pilotline.desks.matching import queries, services
from pilotline.web.shared.reasons import shown


def shortlist(request: HttpRequest, case: int) -> HttpResponse:
    """The shortlist with its reasons; as a fragment when the case's page asks for it."""
    found = demand.case(who=request.who, id=case)
    answer, stored = services.current_shortlist(who=request.who, case=case)
    talks = queries.case_matches(who=request.who, case=case)
    context = {
        "case": found,
        "shown": shown(answer),
        "stored": stored,
        "asked": {f"{m.facility_id}-{m.line_id or 0}": m for m in talks if m.state != "withdrawn"},
        "may_ask": demand.is_looking(found) and request.who.belongs_to(found.organisation_id),
    }
    part = bool(getattr(request, "htmx", None))
    template = "applicant/_shortlist.html" if part else "applicant/shortlist.html"
    return render(request, template, context)


@require_POST
def refresh(request: HttpRequest, case: int) -> HttpResponse:
    """Search again and keep the answer."""
    services.propose(case=case, who=request.who, now=timezone.now())
    messages.success(request, _("The shortlist was made anew."))
    return redirect("applicant:shortlist", case)


@require_POST
def ask(request: HttpRequest, case: int) -> HttpResponse:
    """Ask a facility of the shortlist whether it would take the case."""
    line = request.POST.get("line", "")
    facility = request.POST.get("facility", "")
    match = services.ask_facility(
        who=request.who,
        case=case,
        facility=int(facility) if facility.isdecimal() else 0,
        line=int(line) if line.isdecimal() and int(line) else None,
        text=request.POST.get("text", ""),
        now=timezone.now(),
    )
    messages.success(request, _("The facility has been asked. You will be told when it answers."))
    return redirect("applicant:talk", match.pk)
