"""A retry counts once: requests that create something may carry an Idempotency-Key.

The first request writes its key in the transaction of the change. A second one, even at the same
moment, waits for the first at the key and gets its answer again. A request that was refused
changed nothing and gives its key back.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from hashlib import sha256
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from pilotline.kernel.errors import Problem
from pilotline.web.api.models import Answered
from pilotline.web.shared.programs import trouble

HEADER = "Idempotency-Key"
KEY = re.compile(r"[!-~]{1,100}")
KEPT = timedelta(days=1)
CLAIM = (
    "insert into web_api_answered (owner, key, fingerprint, body, at) values (%s, %s, %s, '', %s) "
    "on conflict (owner, key) do nothing"
)
Run = Callable[..., HttpResponse]


def once(run: Run) -> Run:
    """Wraps an operation that creates something."""

    @wraps(run)
    def answered_once(request: HttpRequest, **given: Any) -> HttpResponse:
        key = request.headers.get(HEADER)
        if key is None or request.who.id is None:
            return run(request, **given)
        if not KEY.fullmatch(key):
            text = _("A key has 1 to 100 letters, digits or signs, without blanks.")
            return trouble(422, text, problems=[Problem("key", text, HEADER)])
        with transaction.atomic():
            return _first_or_again(run, request, key, given)

    return answered_once


def _first_or_again(run: Run, request: HttpRequest, key: str, given: Any) -> HttpResponse:
    owner, fingerprint = request.who.id, _fingerprint(request)
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [owner, key, fingerprint, timezone.now()])
        is_first = cursor.rowcount == 1
    mine = Answered.objects.filter(owner=owner, key=key)
    if not is_first:
        return _again(mine.get(), fingerprint)
    response = run(request, **given)
    if response.status_code >= 500:
        transaction.set_rollback(True)
    elif response.status_code >= 300:
        mine.delete()
    else:
        mine.update(status=response.status_code, body=response.content.decode())
        Answered.objects.filter(at__lt=timezone.now() - KEPT).delete()
    return response


def _again(kept: Answered, fingerprint: str) -> HttpResponse:
    if kept.fingerprint != fingerprint:
        text = _("This key was used for another request already: take a new one.")
        return trouble(422, text, problems=[Problem("key-reused", text, HEADER)])
    response = HttpResponse(
        kept.body, status=kept.status, content_type="application/json; charset=utf-8"
    )
    response.headers["Idempotent-Replayed"] = "true"
    return response


def _fingerprint(request: HttpRequest) -> str:
    """What was asked, so that a key stands for one request only."""
    made = sha256(f"{request.method} {request.get_full_path()}\n".encode())
    if request.content_type == "multipart/form-data":
        for name, given in sorted(request.POST.lists()):
            made.update(repr((name, given)).encode("utf-8", "surrogatepass"))
        for name, file in sorted(request.FILES.items()):
            made.update(repr((name, file.name, file.size)).encode("utf-8", "surrogatepass"))
            for piece in file.chunks():
                made.update(piece)
            file.seek(0)
    else:
        made.update(request.body)
    return made.hexdigest()
