"""A list joined with what its address asks for."""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.http import QueryDict

from pilotline.web.shared.cells import Column
from pilotline.web.shared.filters import Filter

if TYPE_CHECKING:
    from pilotline.web.shared.lists import ListPage

LONGEST_SEARCH = 200
AROUND = 2


@dataclass(frozen=True, slots=True)
class Heading:
    """A column's heading: where a click leads and how the list is sorted by it now."""

    column: Column
    url: str
    sorted: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of a filter with the number of rows it would leave (None: not counted)."""

    id: str
    words: Any
    is_chosen: bool
    count: int | None


@dataclass(frozen=True, slots=True)
class ShownFilter:
    """A filter with its choices and what of it is chosen."""

    filter: Filter
    chosen: list[str]
    choices: list[Choice]


class Bound:
    """What the templates of a list use; everything is asked once, when it is needed."""

    def __init__(self, page: "ListPage", asked: QueryDict, path: str) -> None:
        self.page = page
        self.asked = asked
        self.path = path
        self.words = asked.get("q", "").replace("\x00", "").strip()[:LONGEST_SEARCH]
        self.listed = {f.name: f.listed() for f in page.filters}
        self.chosen = {f.name: f.chosen(asked, self.listed[f.name]) for f in page.filters}
        self.sort, self.is_descending = self._sorting()

    @property
    def id(self) -> str:
        return self.page.name

    @property
    def columns(self) -> list[Column]:
        return [c for c in self.page.columns if c.shown]

    @property
    def is_narrowed(self) -> bool:
        return bool(self.words) or any(self.chosen.values())

    @property
    def has_search(self) -> bool:
        return bool(self.page.search)

    @cached_property
    def found(self) -> QuerySet[Any]:
        """All rows that search and filters leave, in order."""
        rows = self._searched
        for one in self.page.filters:
            rows = one.narrowed(rows, self.chosen[one.name])
        return self._ordered(rows)

    @cached_property
    def total(self) -> int:
        """The rows that are paged through; not more than the list counts, see `is_more`."""
        return self._counted(self.found)

    @cached_property
    def is_more(self) -> bool:
        """There are more rows than the list counts."""
        return self._is_beyond(self.found, self.total)

    @cached_property
    def number_of_pages(self) -> int:
        return max(1, math.ceil(self.total / self.page.per_page))

    @cached_property
    def number(self) -> int:
        """The page being shown; an address beyond the last page shows the last."""
        asked = self.asked.get("page", "1")
        wanted = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 1
        return min(max(1, wanted), self.number_of_pages)

    @cached_property
    def rows(self) -> list[Any]:
        start = (self.number - 1) * self.page.per_page
        rows = list(self.found[start : start + self.page.per_page]) if self.total else []
        if rows and self.page.attach:
            self.page.attach(rows)
        return rows

    @property
    def lines(self) -> list[list[dict[str, Any]]]:
        return [[column.cell(row) for column in self.columns] for row in self.rows]

    @property
    def first(self) -> int:
        return (self.number - 1) * self.page.per_page + 1 if self.total else 0

    @property
    def last(self) -> int:
        return min(self.number * self.page.per_page, self.total)

    @cached_property
    def filters(self) -> list[ShownFilter]:
        return [self._shown(one) for one in self.page.filters]

    @property
    def headings(self) -> list[Heading]:
        return [self._heading(column) for column in self.columns]

    @property
    def pages(self) -> list[dict[str, Any]]:
        """Page numbers around the present one, the first and the last; 0 stands for a gap."""
        shown = {1, self.number_of_pages}
        shown |= set(range(self.number - AROUND, self.number + AROUND + 1))
        numbers, before = [], 0
        for number in sorted(n for n in shown if 1 <= n <= self.number_of_pages):
            if number > before + 1:
                numbers.append(0)
            numbers.append(number)
            before = number
        return [{"number": n, "url": self.url(page=str(n)) if n else ""} for n in numbers]

    @property
    def previous_url(self) -> str:
        return self.url(page=str(self.number - 1)) if self.number > 1 else ""

    @property
    def next_url(self) -> str:
        return self.url(page=str(self.number + 1)) if self.number < self.number_of_pages else ""

    @property
    def export_url(self) -> str:
        return self.url(export="xlsx") if self.page.exported and self.total else ""

    @property
    def clean_url(self) -> str:
        """The list without search and filters."""
        kept = self.page.hidden
        query = QueryDict(mutable=True)
        query.update(kept)
        return f"{self.path}?{query.urlencode()}" if kept else self.path

    @property
    def marks(self) -> list[dict[str, Any]]:
        """What is chosen, each with the address that takes it away again."""
        marks = []
        for one in self.page.filters:
            words = self.listed[one.name]
            if one.kind == "dates" and self.chosen[one.name]:
                ends = {f"{one.name}_from": "", f"{one.name}_to": ""}
                text = " – ".join(self.chosen[one.name])
                marks.append({"words": text, "title": one.title, "url": self.url(**ends)})
                continue
            for key in self.chosen[one.name]:
                rest = [k for k in self.chosen[one.name] if k != key]
                url = self.url(**{one.name: rest})
                marks.append({"words": words[key], "title": one.title, "url": url})
        return marks

    def url(self, **changes: str | list[str]) -> str:
        """The address of this list with something changed; any change but `page` starts anew."""
        query = self.asked.copy()
        for gone in ("page", "export"):
            query.pop(gone, None)
        for name, value in changes.items():
            if value:
                query.setlist(name, value if isinstance(value, list) else [value])
            else:
                query.pop(name, None)
        return f"{self.path}?{query.urlencode()}" if query else self.path

    def _counted(self, rows: QuerySet[Any]) -> int:
        most = self.page.most_counted
        return rows.order_by()[:most].count() if most else rows.order_by().count()

    def _is_beyond(self, rows: QuerySet[Any], counted: int) -> bool:
        most = self.page.most_counted
        return bool(most) and counted == most and rows.order_by()[most : most + 1].exists()

    @cached_property
    def _counts_choices(self) -> bool:
        """Whether the choices of filters are counted: they are not where the rows are too many."""
        return not self._is_beyond(self._searched, self.page.most_counted)

    @cached_property
    def _searched(self) -> QuerySet[Any]:
        rows = self.page.rows
        return self.page.searched(rows, self.words) if self.words and self.page.search else rows

    def _sorting(self) -> tuple[str, bool]:
        asked = self.asked.get("sort", "")
        name = asked.removeprefix("-")
        known = any(c.name == name and c.sort for c in self.page.columns)
        return (name, asked.startswith("-")) if known else ("", False)

    def _ordered(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """By the chosen column, then by key, so that no row is on two pages or on none."""
        if not self.sort:
            return rows.order_by(*self.page.order, "pk") if self.page.order else rows
        column = next(c for c in self.page.columns if c.name == self.sort)
        order = [_turned(o) for o in column.ordering] if self.is_descending else column.ordering
        return rows.order_by(*order, "pk")

    def _heading(self, column: Column) -> Heading:
        if not column.sort:
            return Heading(column, "", "")
        mine = column.name == self.sort
        turned = f"-{column.name}" if mine and not self.is_descending else column.name
        now = ("descending" if self.is_descending else "ascending") if mine else ""
        return Heading(column, self.url(sort=turned), now)

    def _shown(self, one: Filter) -> ShownFilter:
        """The counts leave out the filter's own choice, so that others can be compared with it."""
        rows = self._searched
        for other in self.page.filters:
            if other is not one:
                rows = other.narrowed(rows, self.chosen[other.name])
        counts = one.counts(rows) if self._counts_choices else None
        chosen = self.chosen[one.name]
        choices = [
            Choice(key, words, key in chosen, None if counts is None else counts.get(key, 0))
            for key, words in self.listed[one.name].items()
        ]
        return ShownFilter(one, chosen, choices)


def _turned(order: str) -> str:
    return order[1:] if order.startswith("-") else f"-{order}"
