"""Lists and pages of what applicants released to everybody."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from pilotline.desks.demand import queries
from pilotline.desks.demand.rules import KIND_TITLES, STATUS_TITLES
from pilotline.kernel.errors import NotFound
from pilotline.web.shared import casefile
from pilotline.web.shared.cells import Column
from pilotline.web.shared.filters import Filter
from pilotline.web.shared.lists import Empty, ListPage
from pilotline.web.shared.values import language


@dataclass(frozen=True, slots=True)
class Words:
    """What the pages of one kind say. `page` is the name of the view of one."""

    kind: str
    page: str
    all: str
    title: Any
    about: Any
    empty: Any


def listing(request: HttpRequest, words: Words) -> HttpResponse:
    """What was released, the newest first. Only released columns are shown or searched."""
    return ListPage(
        name="released",
        title=words.title,
        rows=queries.public_cases(kind=words.kind),
        columns=_columns(words),
        filters=_filters(),
        search=("public_text", "number"),
        order=("-accepted_at",),
        empty=Empty(words.empty),
    ).respond(request, "public/released.html", {"words": words})


def _columns(words: Words) -> list[Column]:
    wanted = ("title", "number", "fields", "verifications", "scale", "deadline", "accepted_at")
    link = lambda row: reverse(words.page, args=[row.number])  # noqa: E731
    known = {c.name: c for c in casefile.columns(link, with_organisation=False)}
    return [known[name] for name in (*wanted, "is_demo")]


def _filters() -> list[Filter]:
    known = {f.name: f for f in casefile.filters(statuses=(), with_region=False)}
    return [known[name] for name in ("field", "verification", "scale")]


def page(request: HttpRequest, number: str, words: Words) -> HttpResponse:
    """One case: its title, and what was released."""
    found = queries.public_case(number=number, language=language())
    if found.kind != words.kind:
        raise NotFound
    context = {
        "found": found,
        "words": words,
        "kind": KIND_TITLES[found.kind],
        "status": STATUS_TITLES[found.status],
        "tone": casefile.STATUS_TONES[found.status],
        "rows": found.rows_below,
        "all_url": reverse(words.all),
        "is_open": found.status == "accepted",
        "may_offer": request.who.has("operator"),
    }
    return render(request, "public/released_one.html", context)
