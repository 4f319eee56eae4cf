"""How far a facility is for each program that recognises or raises facilities, and its plans."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pilotline.desks.calls import queries, services
from pilotline.desks.registry import queries as registry
from pilotline.kernel.errors import Refused
from pilotline.web.shared import calls, facility_view


@require_safe
def readiness(request: HttpRequest, code: str) -> HttpResponse:
    """Each program for facilities: ready, or what is lacking and how to bring it."""
    facility = registry.editable_facility(request.who, code)
    today, lang = timezone.localdate(), calls.language()
    rows = [
        {
            "id": program.id,
            "title": program.title.say(lang),
            "unmet": [one.says.say(lang) for one in unmet],
            "lacking": [
                {"says": one.says.say(lang), "advice": one.advice and one.advice.say(lang)}
                for one in lacking
            ],
        }
        for program, unmet, lacking in queries.readiness_by_program(
            who=request.who, facility=code, today=today
        )
    ]
    context = {
        "facility": facility,
        "name": facility_view.name_of(facility),
        "rows": rows,
        "plans": {p.program: p for p in queries.plans(who=request.who).filter(facility=facility)},
    }
    return render(request, "operator/readiness.html", context)


@require_POST
def plan(request: HttpRequest, code: str) -> HttpResponse:
    """Take on what is lacking as a plan of cultivation."""
    try:
        until = date.fromisoformat(request.POST.get("until", ""))
    except ValueError:
        until = date.min
    try:
        services.make_plan(
            who=request.who,
            facility=code,
            program=request.POST.get("program", ""),
            until=until,
            words=request.POST.get("words", ""),
            now=timezone.now(),
        )
    except Refused as refused:
        for problem in refused.problems:
            messages.error(request, str(problem.text))
    else:
        messages.success(request, _("The plan is kept and looked at again every day."))
    return redirect("operator:readiness", code)
