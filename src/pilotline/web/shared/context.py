"""What every page's frame needs to know. Asked lazily: a fragment without a frame asks nothing."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from pilotline.kernel.actor import NOBODY
from pilotline.web.shared import book, navigation


def shell(request: HttpRequest) -> dict[str, Any]:
    who = getattr(request, "who", NOBODY)
    match = getattr(request, "resolver_match", None)
    here = match.view_name if match else ""
    return {
        "who": who,
        "here": here,
        "in_force": SimpleLazyObject(book.in_force),
        "doors": SimpleLazyObject(lambda: navigation.doors(who, here)),
        "door_pages": SimpleLazyObject(lambda: navigation.pages(who, here)),
        "languages": settings.LANGUAGES,
    }
