"""An applicant's cases: the list, the page of one, its end."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from pilotline.desks.demand import queries, services
from pilotline.desks.demand.rules import STATUS_TITLES, may
from pilotline.kernel.errors import Refused
from pilotline.web.shared import casefile
from pilotline.web.shared.lists import Empty, ListPage


@require_safe
def case_list(request: HttpRequest) -> HttpResponse:
    """Needs and technologies of my organisations, the last touched first."""
    return ListPage(
        name="cases",
        title=_("My cases"),
        rows=queries.cases(who=request.who, door="applicant"),
        columns=casefile.columns(_page_of, with_organisation=False),
        filters=casefile.filters(statuses=tuple(STATUS_TITLES), with_region=False),
        search=("title", "title_en", "number", "text"),
        search_words=_("Title, number or words of the text"),
        order=("-changed_at",),
        empty=Empty(
            _("Nothing handed in yet"),
            _("Say in three sentences what you want to pilot. The rest is asked step by step."),
            reverse("applicant:need-new"),
            _("Hand in a need"),
        ),
    ).respond(request, "applicant/cases.html")


def _page_of(row: object) -> str:
    name = "applicant:case-edit" if may("save", row) else "applicant:case"
    return reverse(name, args=[row.pk])


@require_safe
def case_page(request: HttpRequest, case: int) -> HttpResponse:
    """One case: where it stands, what comes next, and all that belongs to it."""
    found = queries.own_case(who=request.who, id=case)
    if may("save", found):
        return redirect("applicant:case-edit", found.pk)
    return _shown(request, found)


def _shown(request: HttpRequest, found: object, problems: Refused | None = None) -> HttpResponse:
    context = casefile.context(request, found) | {
        "problems": problems,
        "reason": request.POST.get("reason", ""),
    }
    status = 422 if problems else 200
    return render(request, "applicant/case.html", context, status=status)


@require_POST
def withdraw(request: HttpRequest, case: int) -> HttpResponse:
    """Take a case back, or throw a draft away."""
    reason = request.POST.get("reason", "")
    try:
        found = services.withdraw(who=request.who, case=case, reason=reason, now=timezone.now())
    except Refused as refused:
        return _shown(request, queries.own_case(who=request.who, id=case), refused)
    messages.success(request, _("The case was withdrawn."))
    return redirect("applicant:case", found.pk) if found.number else redirect("applicant:cases")


@require_safe
def received(request: HttpRequest, case: int) -> HttpResponse:
    """What was just accepted: the number, and what happens next."""
    found = queries.own_case(who=request.who, id=case)
    paper = queries.receipt(who=request.who, case=case)
    context = casefile.context(request, found) | {"paper": paper}
    return render(request, "applicant/received.html", context)
