"""An operator's lines: permits that run out, and what each line is approved for."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from pilotline.desks.approvals.queries import projects as queries
from pilotline.web.shared import projectlists
from pilotline.web.shared.lists import Empty, ListPage


@require_safe
def permits(request: HttpRequest) -> HttpResponse:
    """Permits on my lines, those that end first in front."""
    return ListPage(
        name="permits",
        title=gettext_lazy("Permits of my lines"),
        rows=queries.permits(who=request.who),
        columns=projectlists.permit_columns(),
        search=("number", "project__title", "line__name"),
        empty=Empty(
            gettext_lazy("No permit yet"),
            gettext_lazy("A permit counts from the day on which a granted project starts up."),
        ),
    ).respond(request, "operator/permits.html")


@require_safe
def envelopes(request: HttpRequest) -> HttpResponse:
    """What my lines are approved for."""
    return ListPage(
        name="envelopes",
        title=gettext_lazy("What my lines are approved for"),
        rows=queries.envelopes(who=request.who),
        columns=projectlists.envelope_columns(),
        search=("line__name", "line__facility__name", "document"),
        empty=Empty(
            gettext_lazy("Nothing entered yet"),
            gettext_lazy("The authority enters what a line was approved for."),
        ),
    ).respond(request, "operator/envelopes.html")
