"""Error pages that say what happened and what to do next."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from pilotline.kernel.errors import PilotlineError


def page(request: HttpRequest, status: int, error: PilotlineError | None = None) -> HttpResponse:
    return render(request, "shared/error.html", {"status": status, "error": error}, status=status)


def explain(request: HttpRequest, error: PilotlineError, *, status: int) -> HttpResponse:
    return page(request, status, error)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, 400)


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return page(request, 403, exception if isinstance(exception, PilotlineError) else None)


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return page(request, 404, exception if isinstance(exception, PilotlineError) else None)


def server_error(request: HttpRequest) -> HttpResponse:
    return page(request, 500)
