"""iCalendar files by links that nobody can guess: read by calendar programs, without a log-in."""

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from pilotline.desks.booking import queries, services

MOST_SECRET = 100


@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar of a link; 304 when the reader has it already."""
    found = queries.feed_by(secret=secret[:MOST_SECRET])
    now = timezone.now()
    services.note_reading(secret=secret[:MOST_SECRET], now=now)
    with translation.override(found.language):
        file = queries.feed_file(feed=found, now=now)
    tag = f'"{file.tag}"'
    if request.headers.get("If-None-Match") == tag:
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = HttpResponse(file.content, content_type="text/calendar; charset=utf-8")
        response["Content-Disposition"] = 'inline; filename="pilotline.ics"'
    response["ETag"] = tag
    response["Cache-Control"] = "private, max-age=300"
    response["Referrer-Policy"] = "no-referrer"
    return response
