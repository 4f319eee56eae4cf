"""A double click, a retry or a second press of Enter: the form counts once.

Every form carries a mark (`{% once %}`). The first sending writes it in the same transaction as
the change; a second one, even at the same moment, waits for the first at the mark's key and is
led to where the first one went. A sending that was answered with anything but a redirect changed
nothing and gives its mark back.
"""

import secrets
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils import timezone

from pilotline.web.shared.middleware import Respond
from pilotline.web.shared.models import Submission

FIELD = "_once"
KEPT = timedelta(days=1)
LONGEST = 40
CLAIM = (
    "insert into web_shared_submission (token, owner, location, at) values (%s, %s, '', %s) "
    "on conflict (token) do nothing"
)


def new_token() -> str:
    return secrets.token_urlsafe(18)


class OnceMiddleware:
    """Lets a form with a mark through once; leads every further sending to the first one's end."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = request.POST.get(FIELD, "") if request.method == "POST" else ""
        if not token or len(token) > LONGEST or "\x00" in token:
            return self.get_response(request)
        with transaction.atomic():
            if not self._is_first(request, token):
                return self._lead_on(request, token)
            response = self.get_response(request)
            self._settle(token, response)
        return response

    def _is_first(self, request: HttpRequest, token: str) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(CLAIM, [token, request.who.id, timezone.now()])
            return cursor.rowcount == 1

    def _settle(self, token: str, response: HttpResponse) -> None:
        location = response.headers.get("HX-Redirect") or response.headers.get("Location", "")
        mine = Submission.objects.filter(token=token)
        if response.status_code >= 500:
            transaction.set_rollback(True)
        elif location and not location.startswith(resolve_url(settings.LOGIN_URL)):
            mine.update(location=location)
            Submission.objects.filter(at__lt=timezone.now() - KEPT).delete()
        else:
            mine.delete()

    def _lead_on(self, request: HttpRequest, token: str) -> HttpResponse:
        found = Submission.objects.filter(token=token, owner=request.who.id).first()
        return HttpResponseRedirect(found.location if found and found.location else "/")
