"""Who asks, whether they may open the page, and what they read when something goes wrong."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.functional import SimpleLazyObject

from pilotline.desks.people.queries import actor_for
from pilotline.kernel.errors import Conflict, NotAllowed, NotFound, PilotlineError
from pilotline.web.shared import book, errors, programs
from pilotline.web.shared.access import may_open

Respond = Callable[[HttpRequest], HttpResponse]


class ActorMiddleware:
    """Hangs `request.who`, the actor, on every request; looked up when first asked for.

    A program's token is looked up at once, and one that is not valid goes no further. The
    rulebook in force is remembered for the same time.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if programs.is_program(request):
            return self._answer_program(request)
        request.who = SimpleLazyObject(lambda: actor_for(request.user))
        with book.remembered(reading=_only_reads(request)):
            return self.get_response(request)

    def _answer_program(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path:
            return programs.finished(request, errors.bad_request(request))
        try:
            request.who = programs.actor_of(request)
        except programs.BadToken as error:
            answer = programs.trouble(401, error.text, code=error.code)
            return programs.finished(request, answer)
        with book.remembered(reading=_only_reads(request)):
            return programs.finished(request, self.get_response(request))


def _only_reads(request: HttpRequest) -> bool:
    return request.method in ("GET", "HEAD")


class TypedMiddleware:
    """Leaves NUL out of whatever was typed or stands in an address: no keyboard makes it, and
    PostgreSQL keeps none. The API refuses it instead, since a program can be told."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not programs.is_program(request):
            request.GET = _without_nul(request.GET)
            if request.method == "POST":
                request.POST = _without_nul(request.POST)
        return self.get_response(request)


def _without_nul(given: QueryDict) -> QueryDict:
    if not any("\x00" in text for name, texts in given.lists() for text in (name, *texts)):
        return given
    cleaned = QueryDict(mutable=True, encoding=given.encoding)
    for name, texts in given.lists():
        cleaned.setlist(name.replace("\x00", ""), [text.replace("\x00", "") for text in texts])
    cleaned._mutable = False
    return cleaned


class AccessMiddleware:
    """Refuses every page that the access table does not open to this actor."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        name = request.resolver_match.view_name
        if may_open(request.who, name):
            return None
        if request.who.id is None:
            if programs.is_program(request):
                return programs.no_token()
            return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
        return errors.forbidden(request)


class ErrorMiddleware:
    """Turns the errors that have names into pages that say what happened and what to do."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, NotFound):
            return errors.not_found(request, error)
        if isinstance(error, NotAllowed):
            return errors.forbidden(request, error)
        if isinstance(error, Conflict):
            return errors.explain(request, error, status=409)
        if isinstance(error, PilotlineError):
            return errors.explain(request, error, status=422)
        return None
