"""Needs that were released, and the check of a receipt."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from pilotline.desks.demand import queries
from pilotline.web.public import released
from pilotline.web.shared.papers import in_words

WORDS = released.Words(
    kind="need",
    page="public:need",
    all="public:needs",
    title=_("Pilot needs"),
    about=_("What enterprises and teams of the region want to pilot, as far as they released it."),
    empty=_("No need was released yet"),
)


@require_safe
def need_list(request: HttpRequest) -> HttpResponse:
    return released.listing(request, WORDS)


@require_safe
def need(request: HttpRequest, number: str) -> HttpResponse:
    return released.page(request, number, WORDS)


@require_safe
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """Whether a receipt that somebody holds is genuine: number and digest must fit together."""
    digest = request.GET.get("d", "")
    paper = queries.checked_receipt(number=number, digest=digest)
    context = {
        "number": number,
        "digest": digest,
        "paper": paper,
        "content": in_words(paper.content) if paper else None,
        "asked": "d" in request.GET,
    }
    return render(request, "public/receipt.html", context, status=200 if paper else 404)
