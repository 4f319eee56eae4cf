"""The second row of the frame where a door has many pages: together what one comes for together."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from pilotline.web.shared.navigation import Link

# So many fit into one row and need no groups.
FEW = 8

# A page that stands in no group is shown by itself.
GROUPS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (_("Applications and projects"), ("applicant:applications", "applicant:projects")),
    (
        _("Prices and bills"),
        ("applicant:quotations", "applicant:orders", "applicant:bills", "applicant:vouchers"),
    ),
    (_("Requests and needs"), ("operator:talks", "operator:fitting")),
    (_("Times and plans"), ("operator:calendar", "operator:plans")),
    (
        _("Prices and bills"),
        (
            "operator:quotations",
            "operator:orders",
            "operator:bills",
            "operator:statements",
            "operator:ledger",
        ),
    ),
    (_("Permits"), ("operator:permits", "operator:envelopes")),
    (_("Needs and matches"), ("authority:cases", "authority:talks", "authority:gaps")),
    (
        _("Facilities"),
        (
            "authority:facilities",
            "authority:utilisation",
            "authority:joint-plans",
            "authority:prices",
        ),
    ),
    (_("Expert review"), ("authority:panels", "authority:experts", "authority:committees")),
    (
        _("Orders and money"),
        (
            "authority:quotations",
            "authority:orders",
            "authority:revenue",
            "authority:vouchers",
            "authority:disputes",
        ),
    ),
    (
        _("People and records"),
        ("authority:organisations", "authority:users", "authority:journal", "authority:outbox"),
    ),
)


@dataclass(frozen=True, slots=True)
class Group:
    """Pages under one title; a single page has none. `is_current` when one of them is shown."""

    title: Any
    links: tuple[Link, ...]
    is_current: bool


def grouped(links: Iterable[Link]) -> list[Group]:
    """The pages of a door in their order, each group where its first page would stand."""
    given = list(links)
    titles = {view: (at, title) for at, (title, views) in enumerate(GROUPS) for view in views}
    bundles: dict[Any, list[Link]] = {}
    for link in given:
        place = titles.get(link.view, link.url) if len(given) > FEW else link.url
        bundles.setdefault(place, []).append(link)
    return [_group(place, bundle) for place, bundle in bundles.items()]


def _group(place: Any, links: list[Link]) -> Group:
    title = place[1] if isinstance(place, tuple) and len(links) > 1 else ""
    return Group(title, tuple(links), any(link.current for link in links))
