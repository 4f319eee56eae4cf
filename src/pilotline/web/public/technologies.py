"""Technologies that were released and look for a pilot or a taker."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from pilotline.web.public import released

WORDS = released.Words(
    kind="technology",
    page="public:technology",
    all="public:technologies",
    title=_("Technologies"),
    about=_("Results that wait to be piloted or taken up, as far as their holders released them."),
    empty=_("No technology was released yet"),
)


@require_safe
def technology_list(request: HttpRequest) -> HttpResponse:
    return released.listing(request, WORDS)


@require_safe
def technology(request: HttpRequest, number: str) -> HttpResponse:
    return released.page(request, number, WORDS)
