"""Browsers that are known: a signed cookie names the users who have logged in there.

It opens nothing. It only gives the browser a lane of its own for tries to log in, so that nobody
elsewhere can use that lane up.
"""

import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE = "pilotline_known"
SALT = "pilotline.known-browser"
YEAR = 365 * 24 * 3600
MOST_USERS = 8


def known(request: HttpRequest) -> dict[str, str]:
    """User number → the mark of this browser for that user; empty for a strange cookie."""
    try:
        found = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=YEAR)
    except signing.BadSignature:
        return {}
    return found if isinstance(found, dict) else {}


def remember(request: HttpRequest, response: HttpResponse, user: int) -> None:
    """Make this browser a known one of the user. An old mark stays, with its count of tries."""
    marks = known(request)
    mark = marks.pop(str(user), None) or secrets.token_urlsafe(12)
    newest = {**dict(list(marks.items())[-(MOST_USERS - 1) :]), str(user): mark}
    response.set_cookie(
        COOKIE,
        signing.dumps(newest, salt=SALT),
        max_age=YEAR,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
