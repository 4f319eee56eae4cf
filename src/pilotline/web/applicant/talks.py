"""An applicant's talks with facilities."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pilotline.desks.matching import queries
from pilotline.web.shared import talks
from pilotline.web.shared.lists import Empty, ListPage


def talk_list(request: HttpRequest) -> HttpResponse:
    """All talks of my cases, the newest word first."""
    return ListPage(
        name="talks",
        title=_("Talks with facilities"),
        rows=queries.applicant_matches(who=request.who),
        columns=talks.columns(lambda m: reverse("applicant:talk", args=[m.pk]), for_operator=False),
        filters=talks.filters(),
        search=talks.SEARCH,
        order=("-last_at",),
        empty=Empty(
            _("No talk yet"),
            _("Open the shortlist of one of your cases and ask a facility."),
            reverse("applicant:cases"),
            _("My cases"),
        ),
    ).respond(request, "applicant/talks.html")


def talk(request: HttpRequest, match: int) -> HttpResponse:
    return talks.talk_page(request, match, side="applicant", back="applicant:talks")
