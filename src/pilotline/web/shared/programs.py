"""Requests of programs, under /api/: who asks by which token, and errors they can read."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from pilotline.desks.people.queries import actor_for
from pilotline.desks.people.services import admit_token
from pilotline.kernel.actor import NOBODY, Actor
from pilotline.kernel.errors import PilotlineError, Problem

ROOT = "/api/"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
CODES = {
    400: "bad-request",
    403: "not-allowed",
    404: "not-found",
    405: "wrong-method",
    409: "conflict",
    413: "too-large",
    415: "media-type",
    422: "refused",
    429: "too-many",
    500: "server-error",
}


class NoToken(PilotlineError):
    """This needs a token: send it as “Authorization: Bearer …”."""

    code = "no-token"


class BadToken(PilotlineError):
    """This token is not valid: it has ended, was revoked, or is misspelt."""

    code = "bad-token"


def is_program(request: HttpRequest) -> bool:
    """True for addresses that answer programs."""
    return request.path.startswith(ROOT)


def actor_of(request: HttpRequest) -> Actor:
    """Whoever the token stands for.

    Without a token: whoever is logged in may read here as on pages, but nothing is changed by a
    session alone, so no other site can do it in somebody's name. Raises BadToken.
    """
    given = request.headers.get("Authorization")
    if given is None:
        if request.method not in SAFE:
            return NOBODY
        return SimpleLazyObject(lambda: actor_for(request.user))
    scheme, _blank, plain = given.partition(" ")
    found = None
    if scheme.lower() == "bearer":
        found = admit_token(plain=plain.strip(), now=timezone.now())
    if found is None:
        raise BadToken(_("This token is not valid: it has ended, was revoked, or is misspelt."))
    return found


def no_token() -> HttpResponse:
    """The answer to somebody who must say who they are."""
    text = _("This needs a token: send it as “Authorization: Bearer …”.")
    return trouble(401, text, code=NoToken.code)


def trouble(
    status: int,
    text: Any,
    *,
    code: str = "",
    problems: Iterable[Problem] = (),
    data: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """An error as JSON, always of this one shape."""
    body = {
        "code": code or CODES[status],
        "text": str(text),
        "problems": [
            {
                "code": problem.code,
                "text": str(problem.text),
                "field": problem.field,
                "data": dict(problem.data),
            }
            for problem in problems
        ],
        "data": dict(data or {}),
    }
    response = JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="Pilotline"'
    return response


def finished(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """What every answer to a program carries; one that the framework wrote becomes JSON."""
    if isinstance(response, HttpResponseNotAllowed):
        allowed = response.headers["Allow"]
        text = _("This address takes %(methods)s only.") % {"methods": allowed}
        response = trouble(405, text)
        response.headers["Allow"] = allowed
    patch_vary_headers(response, ["Authorization", "Cookie", "Accept-Language"])
    response.headers.setdefault("Cache-Control", "private, no-store")
    return response
