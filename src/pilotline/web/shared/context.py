"""What every page's frame needs to know. Asked lazily: a fragment without a frame asks nothing."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.functional import SimpleLazyObject

from pilotline.desks.notices import queries as notices
from pilotline.desks.people import queries as people
from pilotline.kernel.actor import NOBODY
from pilotline.web.shared import book, navigation, pagegroups

SEARCH_URL = reverse_lazy("public:search")


def shell(request: HttpRequest) -> dict[str, Any]:
    who = getattr(request, "who", NOBODY)
    match = getattr(request, "resolver_match", None)
    here = match.view_name if match else ""
    return {
        "who": who,
        "here": here,
        "in_force": SimpleLazyObject(book.in_force),
        "doors": SimpleLazyObject(lambda: navigation.doors(who, here, request.path)),
        "door_pages": SimpleLazyObject(
            lambda: pagegroups.grouped(navigation.pages(who, here, request.path))
        ),
        "person_links": SimpleLazyObject(lambda: navigation.links(navigation.PERSON, who)),
        "foot_links": SimpleLazyObject(lambda: navigation.links(navigation.FOOT, who)),
        "search_url": SEARCH_URL,
        "unread": SimpleLazyObject(lambda: notices.unread_count(who=who)),
        "is_demonstration": SimpleLazyObject(people.is_demonstration),
    }
