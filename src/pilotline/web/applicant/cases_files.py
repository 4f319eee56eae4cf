"""Files of a case: attach and remove. The list answers alone when htmx asks."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pilotline.desks.demand import queries, services
from pilotline.desks.journal.queries import current_rulebook
from pilotline.kernel.errors import NotFound, Problem, Refused


@require_POST
def attach(request: HttpRequest, case: int) -> HttpResponse:
    """Take the files that were sent; what is not taken is said by name, the others are kept."""
    found = queries.own_case(who=request.who, id=case)
    sent = request.FILES.getlist("files")
    problems = [] if sent else [Problem("missing", _("Choose a file first."))]
    for file in sent:
        try:
            services.attach(
                who=request.who,
                case=found.pk,
                name=file.name,
                size=file.size,
                content=file,
                confidential="confidential" in request.POST,
                now=timezone.now(),
            )
        except Refused as refused:
            problems += [
                Problem(p.code, _("%(file)s: %(text)s") % {"file": file.name, "text": p.text})
                for p in refused.problems
            ]
    return _answer(request, case, problems)


@require_POST
def detach(request: HttpRequest, case: int, id: int) -> HttpResponse:
    """Take one file out of the case."""
    if queries.attachment(who=request.who, id=id).case_id != case:
        raise NotFound
    services.detach(who=request.who, attachment=id, now=timezone.now())
    return _answer(request, case, [])


def _answer(request: HttpRequest, case: int, problems: list[Problem]) -> HttpResponse:
    found = queries.own_case(who=request.who, id=case)
    if request.htmx:
        context: dict[str, Any] = {
            "case": found,
            "attachments": queries.attachments(who=request.who, case=found),
            "uploads": current_rulebook().uploads,
            "file_problems": problems,
        }
        return render(request, "applicant/_files.html", context, status=422 if problems else 200)
    for problem in problems:
        messages.error(request, problem.text)
    return redirect(reverse("applicant:case-edit", args=[case]) + "#files")
