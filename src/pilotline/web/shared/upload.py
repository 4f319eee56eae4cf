"""Too large a request is refused by what it announces, before anything of it is kept."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from pilotline.web.shared import errors
from pilotline.web.shared.language import chosen_here
from pilotline.web.shared.middleware import Respond

CHUNK = 1 << 16
# A browser shows our answer only after it has sent everything, so as much as this is read and
# thrown away; whoever sends more is cut off.
PATIENCE = 4


class SizeMiddleware:
    """Stands first: refuses a body that announces more than UPLOAD_LIMIT bytes."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        size = int(length) if length.isdigit() else 0
        if size <= settings.UPLOAD_LIMIT:
            return self.get_response(request)
        if size <= settings.UPLOAD_LIMIT * PATIENCE:
            _drain(request, size)
        with translation.override(chosen_here(request) or settings.LANGUAGE_CODE):
            response = errors.too_large(request)
        response.headers["Connection"] = "close"
        return response


def _drain(request: HttpRequest, size: int) -> None:
    source = request.META["wsgi.input"]
    while size > 0:
        read = len(source.read(min(CHUNK, size)))
        if not read:
            return
        size -= read
