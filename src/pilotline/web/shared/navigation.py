"""What stands in the frame's navigation: the doors in order, and each door's pages.

A page is shown to those whom the access table lets in, so no link leads to a refusal.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pilotline.desks.journal.rules import may_read_entries, may_see_outbox
from pilotline.kernel.actor import Actor
from pilotline.web.shared.access import opens


@dataclass(frozen=True, slots=True)
class Page:
    """A link: the view's name and the words to click on.

    `rule` narrows further what the access table opens, where a desk is stricter than the table.
    """

    view: str
    title: Any
    rule: Callable[[Actor], bool] | None = None


@dataclass(frozen=True, slots=True)
class Door:
    """A door and its pages; it leads to the first of them that the person may open."""

    name: str
    title: Any
    pages: tuple[Page, ...]


def is_no_expert(who: Actor) -> bool:
    """The way into the pool is shown to those outside."""
    return not who.has("expert")


def is_expert(who: Actor) -> bool:
    """Whoever may apply sees the door only once they are in."""
    return who.has("expert")


DOORS: tuple[Door, ...] = (
    Door(
        "public",
        _("Service hall"),
        (
            Page("public:home", _("Start")),
            Page("public:search", _("Search")),
            Page("public:facilities", _("Facilities")),
            Page("public:needs", _("Needs")),
            Page("public:technologies", _("Technologies")),
            Page("public:calls", _("Calls and challenges")),
            Page("public:rulebook", _("Rules")),
            Page("public:about", _("About and help")),
        ),
    ),
    Door(
        "applicant",
        _("My needs"),
        (
            Page("applicant:cases", _("My cases")),
            Page("applicant:need-new", _("Hand in a need")),
            Page("applicant:technology-new", _("Hand in a technology")),
            Page("applicant:talks", _("Talks")),
            Page("applicant:applications", _("My applications")),
            Page("applicant:orders", _("Orders")),
            Page("applicant:bills", _("Bills")),
            Page("applicant:vouchers", _("Vouchers")),
            Page("applicant:projects", _("Pilot projects")),
            Page("applicant:quotations", _("Quotations")),
            Page("applicant:bookings", _("My bookings")),
        ),
    ),
    Door(
        "operator",
        _("Facility desk"),
        (
            Page("operator:facilities", _("My facilities")),
            Page("operator:talks", _("Requests")),
            Page("operator:fitting", _("Fitting needs")),
            Page("operator:orders", _("Orders")),
            Page("operator:bills", _("Bills")),
            Page("operator:statements", _("Revenue shares")),
            Page("operator:ledger", _("Ledger")),
            Page("operator:permits", _("Permits")),
            Page("operator:envelopes", _("Approved envelopes")),
            Page("operator:quotations", _("Quotations")),
            Page("operator:plans", _("Plans")),
            Page("operator:calendar", _("Calendar")),
        ),
    ),
    Door(
        "expert",
        _("Expert desk"),
        (
            Page("expert:assignments", _("My assignments")),
            Page("expert:meetings", _("My meetings")),
            Page("expert:data", _("My expert data"), is_expert),
        ),
    ),
    Door(
        "authority",
        _("Supervision"),
        (
            Page("authority:overview", _("Overview")),
            Page("authority:cases", _("Cases")),
            Page("authority:calls", _("Calls")),
            Page("authority:facilities", _("Facilities")),
            Page("authority:gaps", _("Gaps")),
            Page("authority:utilisation", _("Utilisation")),
            Page("authority:joint-plans", _("Joint plans")),
            Page("authority:talks", _("Talks and matches")),
            Page("authority:orders", _("Orders")),
            Page("authority:revenue", _("Revenue")),
            Page("authority:vouchers", _("Vouchers")),
            Page("authority:disputes", _("Disputes")),
            Page("authority:panels", _("Expert review")),
            Page("authority:experts", _("Experts")),
            Page("authority:committees", _("Advisory committees")),
            Page("authority:approvals", _("Pilot projects")),
            Page("authority:prices", _("Price comparison")),
            Page("authority:quotations", _("Quotations")),
            Page("authority:organisations", _("Organisations")),
            Page("authority:journal", _("Book of changes"), may_read_entries),
            Page("authority:outbox", _("Outbox"), may_see_outbox),
            Page("authority:users", _("Users")),
        ),
    ),
)


# The menu behind a person's name, and the links at the foot of every page.
PERSON: tuple[Page, ...] = (
    Page("applicant:profile", _("My data")),
    Page("applicant:organisations", _("My organisations")),
    Page("mfa_index", _("Log-in and security")),
    Page("expert:apply", _("Become an expert"), is_no_expert),
    Page("applicant:tokens", _("API tokens")),
)
FOOT: tuple[Page, ...] = (
    Page("public:about", _("About and help")),
    Page("public:rulebook", _("Rules")),
    Page("public:committees", _("Advisory committee")),
    Page("public:draws", _("Draws of experts")),
    Page("api:documentation", _("The API")),
)

# Pages that stand in no navigation themselves: each is shown under the page that leads to it.
BESIDE: dict[str, tuple[str, ...]] = {
    "applicant:bookings": ("applicant:waiting", "applicant:book-together"),
    "applicant:orders": ("applicant:disputes",),
    "operator:calendar": (
        "operator:bookings",
        "operator:approvals",
        "operator:waiting",
        "operator:closures",
        "operator:licences",
        "operator:bookables",
    ),
    "operator:facilities": ("operator:tariff-list",),
    "operator:orders": ("operator:disputes",),
    "operator:statements": ("operator:shares",),
    "authority:utilisation": ("authority:idle",),
    "authority:revenue": ("authority:bills",),
}

# Outside of all doors, yet for everybody who passes by.
OF_THE_HALL = frozenset({"api"})
# From where one only looks in to where one's work is; the last that is open is one's own.
WORKPLACES = ("public", "applicant", "expert", "operator", "authority")
BEGINNING = 4


@dataclass(frozen=True, slots=True)
class Link:
    """A link ready to be shown; `current` is the value of its `aria-current`, or empty, `view`
    the name of the view it leads to."""

    title: Any
    url: str
    current: str = ""
    view: str = ""


def doors(who: Actor, here: str, path: str) -> list[Link]:
    """The doors this person may enter; `here` is the name of the view that is being shown."""
    shown = _shown(who, here, path)
    return [
        Link(door.title, reverse(pages[0].view), "true" if door is shown else "")
        for door in DOORS
        if (pages := _open(door.pages, who))
    ]


def pages(who: Actor, here: str, path: str) -> list[Link]:
    """The pages of the door that is being shown, see `_shown`.

    The page itself is marked, or the page under whose address, or beside which, it lies.
    """
    found = links(_shown(who, here, path).pages, who)
    reach = [(link.url, *map(reverse, BESIDE.get(link.view, ()))) for link in found]
    above = [url for urls in reach for url in urls if path.startswith(url) and url != "/"]
    nearest = max(above, key=len, default="")
    return [
        replace(link, current=_mark(link.url, path, nearest in urls))
        for link, urls in zip(found, reach, strict=True)
    ]


def _shown(who: Actor, here: str, path: str) -> Door:
    """The door that a page belongs to. What all doors share, and what is a person's own, is shown
    at the door behind which this person works, so that they do not lose their way back."""
    name = here.partition(":")[0]
    inside = next((door for door in DOORS if door.name == name), None)
    own = any(path.startswith(reverse(page.view)) for page in PERSON)
    if inside is not None and not own and _open(inside.pages, who):
        return inside
    return DOORS[0] if name in OF_THE_HALL else _workplace(who)


def _workplace(who: Actor) -> Door:
    mine = [door for door in DOORS if _open(door.pages, who)]
    return max(mine, key=lambda door: WORKPLACES.index(door.name))


def work(who: Actor) -> tuple[Any, list[Link]]:
    """The title of the door behind which this person works, and the pages they begin with."""
    door = _workplace(who)
    return door.title, links(door.pages[:BEGINNING], who)


def links(listed: Iterable[Page], who: Actor) -> list[Link]:
    """Links to those of the pages that this person may open."""
    return [Link(page.title, reverse(page.view), view=page.view) for page in _open(listed, who)]


def _mark(url: str, path: str, is_nearest: bool) -> str:
    if url == path:
        return "page"
    return "true" if is_nearest else ""


def _open(listed: Iterable[Page], who: Actor) -> list[Page]:
    opened = _views_open_to(who.id is not None, who.roles)
    return [p for p in listed if p.view in opened and (p.rule is None or p.rule(who))]


@lru_cache(maxsize=256)
def _views_open_to(known: bool, roles: frozenset[str]) -> frozenset[str]:
    """Those of the table: every page of every door is asked for several times a request."""
    return frozenset(view for view in views() if opens(view, known=known, roles=roles))


def views() -> Iterable[str]:
    """The names of all views that the navigation leads to."""
    doors = (page.view for door in DOORS for page in door.pages)
    return (*doors, *(page.view for page in (*PERSON, *FOOT)))
