"""Lists: search, filter, sort, page and export, declared in one place and kept in the address.

    return ListPage(
        rows=queries.facilities(who=request.who),
        columns=[
            Column(name="name", title=_("Facility"), sort="name_key", leading=True, link=...),
            Column(name="city", title=_("City"), show="region", sort="city"),
        ],
        filters=[Filter(name="city", title=_("City"), choices=..., lookup="city")],
        search=("name", "address"),
    ).respond(request, "operator/facilities.html")

The page's template says `{% include "shared/list.html" %}` where the list shall stand. A list asks
the database a fixed number of times: one count, one page, one for each counted filter.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from pilotline.web.shared import sheets
from pilotline.web.shared.cells import Column
from pilotline.web.shared.filters import Filter
from pilotline.web.shared.listing import Bound

__all__ = ["Column", "Empty", "Filter", "ListPage"]

MOST_EXPORTED = 50_000


@dataclass(frozen=True, slots=True)
class Empty:
    """What an empty list says and where it leads. Not used when filters made it empty."""

    title: Any
    text: Any = ""
    url: str = ""
    button: Any = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """A list as it is declared; `bind` joins it with what the address asks for.

    `rows` is a queryset that its desk has already narrowed to what the person may see. `search`
    is the lookups that a search looks into, or a function (rows, words) -> rows. `order` holds
    while no column was chosen. `attach` gives each page of rows what they need in bulk:
    a function (list of rows) -> None that hangs attributes on them with a fixed number of queries.
    `most_counted` is for lists that may become very long: no more rows are counted and paged
    through, filters show no counts beyond it, and the list says so; export gives all.
    """

    rows: QuerySet[Any]
    columns: Sequence[Column]
    filters: Sequence[Filter] = ()
    search: Sequence[str] | Callable[[QuerySet[Any], str], QuerySet[Any]] = ()
    search_words: Any = ""
    order: Sequence[str] = ()
    name: str = "list"
    title: Any = ""
    empty: Empty | None = None
    per_page: int = 25
    exported: bool = True
    most_counted: int = 0
    row_template: str = ""
    attach: Callable[[list[Any]], None] | None = None
    hidden: Mapping[str, str] = field(default_factory=dict)

    def bind(self, request: HttpRequest) -> Bound:
        """The list as the address asks for it."""
        return Bound(self, request.GET, request.path)

    def respond(
        self, request: HttpRequest, template: str, context: Mapping[str, Any] | None = None
    ) -> HttpResponse:
        """The page; only the list when htmx asks for it; the xlsx when the address says so."""
        bound = self.bind(request)
        if self.exported and request.GET.get("export") == "xlsx":
            return self.export(bound)
        wanted = "shared/list_results.html" if self._is_part(request) else template
        response = render(request, wanted, {"list": bound, **(context or {})})
        patch_vary_headers(response, ["HX-Request", "HX-Target"])
        return response

    def export(self, bound: Bound) -> HttpResponse:
        """All rows that the filters leave, in the chosen order, at most 50,000."""
        columns = [c for c in self.columns if c.exported]
        rows = list(bound.found[:MOST_EXPORTED])
        if self.attach:
            self.attach(rows)
        lines = ([column.export(row) for column in columns] for row in rows)
        name = str(self.title or self.name)
        header = [column.title for column in columns]
        return sheets.answer(name, sheets.workbook(name, header, lines))

    def searched(self, rows: QuerySet[Any], words: str) -> QuerySet[Any]:
        """The rows that hold the words; every word must be found somewhere."""
        if callable(self.search):
            return self.search(rows, words)
        for word in words.split():
            rows = rows.filter(_anywhere(self.search, word))
        return rows

    def _is_part(self, request: HttpRequest) -> bool:
        htmx = getattr(request, "htmx", None)
        return bool(htmx) and htmx.target == f"{self.name}-results"


def _anywhere(lookups: Iterable[str], word: str) -> Q:
    return reduce(or_, (Q(**{f"{lookup}__icontains": word}) for lookup in lookups))
