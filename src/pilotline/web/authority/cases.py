"""Cases of the authority's region: the list and the page of one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from pilotline.desks.demand import queries
from pilotline.desks.demand.rules import ACCEPTED, STATUS_TITLES
from pilotline.kernel.errors import NotFound
from pilotline.web.shared import casefile
from pilotline.web.shared.lists import Empty, ListPage


@require_safe
def case_list(request: HttpRequest) -> HttpResponse:
    """Everything that was handed in, the newest first."""
    return ListPage(
        name="cases",
        title=_("Cases"),
        rows=queries.cases(who=request.who, door="authority"),
        columns=casefile.columns(
            lambda row: reverse("authority:case", args=[row.pk]), with_organisation=True
        ),
        filters=casefile.filters(
            statuses=tuple(s for s in STATUS_TITLES if s in ACCEPTED), with_region=True
        ),
        search=("title", "title_en", "number", "organisation__name", "text"),
        search_words=_("Title, number, applicant or words of the text"),
        order=("-accepted_at",),
        empty=Empty(
            _("Nothing handed in yet"),
            _("Needs and technologies appear here as soon as they are accepted."),
        ),
    ).respond(request, "authority/cases.html")


@require_safe
def case_page(request: HttpRequest, case: int) -> HttpResponse:
    """One case with its history."""
    found = queries.case(who=request.who, id=case)
    if not request.who.answers_for(found.region):
        raise NotFound
    return render(request, "authority/case.html", casefile.context(request, found))
