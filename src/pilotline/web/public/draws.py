"""Draws of experts, done again for everybody who asks; and the advisory committees."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from pilotline.desks.review import queries, services
from pilotline.web.shared.calls import title_of
from pilotline.web.shared.lists import Column, Empty, ListPage
from pilotline.web.shared.reviews import FAULT_WORDS, SEAT_WORDS
from pilotline.web.shared.values import language


def draws(request: HttpRequest) -> HttpResponse:
    """Every draw that was ever committed to."""
    return ListPage(
        name="draws",
        title=gettext_lazy("Draws of experts"),
        rows=queries.public_draws(),
        columns=[
            Column(
                name="panel",
                title=gettext_lazy("Panel"),
                value=lambda row: title_of(row.panel),
                leading=True,
                link=lambda row: reverse("public:draw", args=[row.pk]),
                sort="panel__title",
            ),
            Column(
                name="committed_at",
                title=gettext_lazy("Committed to"),
                show="when",
                sort="committed_at",
            ),
            Column(
                name="revealed_at", title=gettext_lazy("Revealed"), show="when", sort="revealed_at"
            ),
            Column(name="void_at", title=gettext_lazy("Given up"), show="when", sort="void_at"),
        ],
        search=("panel__title", "panel__title_en", "digest", "commitment"),
        order=("-id",),
        empty=Empty(gettext_lazy("Nothing has been drawn yet")),
    ).respond(request, "public/draws.html")


def draw(request: HttpRequest, draw: int) -> HttpResponse:
    """One draw, with the sum done again now."""
    told = queries.public_draw(id=draw)
    found = services.check_draw(told=told) if told["revealed_at"] else []
    english = language() == "en" and told["title_en"]
    shown = {
        "draw": told,
        "name": told["title_en"] if english else told["title"],
        "faults": [(FAULT_WORDS[fault["kind"]], fault) for fault in found],
        "rows": [
            (lot["item"], lot["wanted"], told["result"].get(lot["item"], []))
            for lot in told["ballot"].get("items", [])
        ],
    }
    return render(request, "public/draw.html", shown)


def draw_file(request: HttpRequest, draw: int) -> HttpResponse:
    """The draw as a file, to be checked without us."""
    text = queries.draw_file(queries.public_draw(id=draw))
    answer = HttpResponse(text, content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="draw.json"'
    return answer


def committees(request: HttpRequest) -> HttpResponse:
    """Who advises the region, and what of their advice is published."""
    found = queries.public_committees(today=timezone.localdate())
    shown = [
        row
        | {"title": title_of(row["committee"])}
        | {"terms": [(term, SEAT_WORDS[term.seat]) for term in row["terms"]]}
        for row in found
    ]
    return render(request, "public/committees.html", {"found": shown})
