"""Filters of a list: which rows a choice leaves, and how many each choice would leave."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, DateTimeField, F, Func, QuerySet
from django.utils import timezone

KINDS = frozenset({"any", "one", "dates"})
EARLIEST, LATEST = 1900, 9000


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """One filter.

    `kind` is any (several choices, joined by or), one, or dates (from and to, both included).
    `choices` are pairs of id and words, or a function giving them. `lookup` is the field that the
    choices are compared with; `array` says it is an array that must share one with them. `apply`
    (rows, chosen ids) -> rows replaces `lookup` where a comparison is not enough; such a filter
    shows no counts unless `count` (rows) -> {id: number} gives them.
    """

    name: str
    title: Any
    choices: Iterable[tuple[str, Any]] | Callable[[], Iterable[tuple[str, Any]]] = ()
    lookup: str = ""
    kind: str = "any"
    array: bool = False
    apply: Callable[[QuerySet[Any], list[str]], QuerySet[Any]] | None = None
    count: Callable[[QuerySet[Any]], Mapping[Any, int]] | None = None
    counted: bool = True

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"filter {self.name}: no kind {self.kind!r}")
        if not self.lookup and self.apply is None:
            raise ValueError(f"filter {self.name}: needs a lookup or a function")

    def listed(self) -> dict[str, Any]:
        """The words of each choice by its id, in order."""
        given = self.choices() if callable(self.choices) else self.choices
        return {str(key): words for key, words in given}

    def chosen(self, asked: Mapping[str, Any], known: Iterable[str]) -> list[str]:
        """The ids in the address that are `known`, each once, in their order."""
        if self.kind == "dates":
            days = [_day(asked.get(f"{self.name}_{end}", "")) for end in ("from", "to")]
            return [d.isoformat() if d else "" for d in days] if any(days) else []
        wanted = set(asked.getlist(self.name))
        found = [key for key in known if key in wanted]
        return found[:1] if self.kind == "one" else found

    def narrowed(self, rows: QuerySet[Any], chosen: list[str]) -> QuerySet[Any]:
        """The rows that the chosen ids leave."""
        if not chosen:
            return rows
        if self.apply:
            return self.apply(rows, chosen)
        if self.kind == "dates":
            return self._between(rows, *(_day(text) for text in chosen))
        how = "overlap" if self.array else "in"
        return rows.filter(**{f"{self.lookup}__{how}": chosen})

    def counts(self, rows: QuerySet[Any]) -> Mapping[str, int] | None:
        """Number of rows for each id among `rows` (one query); None when it is not counted."""
        if self.count:
            return {str(key): number for key, number in self.count(rows).items()}
        if not self.counted or self.apply or self.kind == "dates":
            return None
        value = Func(F(self.lookup), function="unnest") if self.array else F(self.lookup)
        pairs = (
            rows.order_by()
            .annotate(_choice=value)
            .values_list("_choice")
            .annotate(_number=Count("pk", distinct=True))
        )
        return {str(key): number for key, number in pairs}

    def _between(self, rows: QuerySet[Any], first: date | None, last: date | None) -> QuerySet[Any]:
        start = self._start(rows, first) if first else None
        end = self._start(rows, last + timedelta(days=1)) if last else None
        if start:
            rows = rows.filter(**{f"{self.lookup}__gte": start})
        if end:
            rows = rows.filter(**{f"{self.lookup}__lt": end})
        return rows

    def _start(self, rows: QuerySet[Any], day: date) -> date:
        """The day itself, or its first moment here where the field holds moments."""
        column = F(self.lookup).resolve_expression(rows.query.clone())
        if isinstance(column.output_field, DateTimeField):
            return timezone.make_aware(datetime.combine(day, time.min))
        return day


def _day(text: str) -> date | None:
    """A day as ISO writes it; what no calendar of ours holds is no day."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if EARLIEST <= day.year <= LATEST else None
