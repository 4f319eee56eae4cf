"""Which language a page is in.

Simplified Chinese, unless the person chose otherwise: first what this browser chose (a cookie),
then what the person's account says. The browser's own Accept-Language does not count for pages,
since many browsers here are set to English by whoever installed them; programs at the API are
answered in the language they ask for.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from pilotline.web.shared.middleware import Respond
from pilotline.web.shared.programs import is_program

KNOWN = frozenset(code for code, _ in settings.LANGUAGES)
YEAR = 365 * 24 * 3600


class LanguageMiddleware:
    """Stands after the middleware that knows who is logged in."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = language_of(request)
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


def language_of(request: HttpRequest) -> str:
    if is_program(request):
        return translation.get_language_from_request(request)
    return language_of_page(request)


def language_of_page(request: HttpRequest) -> str:
    """The language a person reads here, wherever the page stands."""
    chosen = chosen_here(request)
    if chosen:
        return chosen
    if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
        own = request.user.language
        return own if own in KNOWN else settings.LANGUAGE_CODE
    return settings.LANGUAGE_CODE


def chosen_here(request: HttpRequest) -> str:
    """The language this browser chose, or an empty text."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return chosen if chosen in KNOWN else ""


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Remember the language in this browser and go back to where the person was."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(
        back, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        back = "/"
    response = HttpResponseRedirect(back)
    language = request.POST.get("language", "")
    if language in KNOWN:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=YEAR,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    return response
