"""A need that somebody began on the first page, kept until they have logged in.

The session is kept through log-in and registration, so the words are still there afterwards.
"""

from django.http import HttpRequest

KEY = "begun_need"
LONGEST = 50_000


def keep(request: HttpRequest, text: str) -> None:
    request.session[KEY] = text[:LONGEST]


def take(request: HttpRequest) -> str:
    """The kept words, once; an empty text when there are none."""
    return request.session.pop(KEY, "")
