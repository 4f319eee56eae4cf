"""An operator's inbox: needs that ask for their facilities, and needs they could offer to take."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from pilotline.desks.matching import queries, services
from pilotline.kernel.errors import Refused
from pilotline.web.shared import book, talks
from pilotline.web.shared.lists import Empty, ListPage
from pilotline.web.shared.reasons import candidate


def talk_list(request: HttpRequest) -> HttpResponse:
    """Who asks for my facilities, those that wait for me first."""
    return ListPage(
        name="talks",
        title=gettext_lazy("Requests to my facilities"),
        rows=queries.operator_matches(who=request.who),
        columns=talks.columns(lambda m: reverse("operator:talk", args=[m.pk]), for_operator=True),
        filters=talks.filters(),
        search=talks.SEARCH,
        order=("-waiting_for", "-last_at"),
        empty=Empty(
            gettext_lazy("Nobody has asked yet"),
            gettext_lazy("A complete catalogue is found more often: see what is missing in it."),
            reverse("operator:facilities"),
            gettext_lazy("My facilities"),
        ),
    ).respond(request, "operator/talks.html")


def talk(request: HttpRequest, match: int) -> HttpResponse:
    return talks.talk_page(request, match, side="operator", back="operator:talks")


def fitting_needs(request: HttpRequest) -> HttpResponse:
    """Released cases that look for a facility and that one of my lines could take."""
    return _fitting(request)


def _fitting(request: HttpRequest, *, wrong: dict[str, Any] | None = None) -> HttpResponse:
    """`wrong` holds a refused offer: its `case`, `problems` and `text`."""
    rulebook = book.rulebook()
    found = queries.fitting_cases(who=request.who)
    today = timezone.localdate()
    rows = [
        {
            "case": row["case"],
            "line": candidate(row["row"], rulebook),
            "is_late": row["case"].deadline is not None and row["case"].deadline < today,
        }
        for row in found
        if rulebook
    ]
    rows.sort(key=lambda row: row["is_late"])
    context = {"rows": rows, "wrong": wrong}
    return render(request, "operator/fitting.html", context, status=422 if wrong else 200)


@require_POST
def offer(request: HttpRequest, case: int) -> HttpResponse:
    """Offer one of my lines to a case."""
    line, facility = talks.asked_place(request)
    text = talks.words(request)
    try:
        match = services.offer_line(
            who=request.who,
            case=case,
            facility=facility,
            line=line,
            text=text,
            now=timezone.now(),
        )
    except Refused as refused:
        return _fitting(request, wrong={"case": case, "text": text, "problems": refused.problems})
    messages.success(request, _("Offered. You will be told when the applicant answers."))
    return redirect("operator:talk", match.pk)
