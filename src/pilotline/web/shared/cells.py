"""Columns of a list: where a value comes from, how it is shown and how it is exported."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.translation import gettext as _

from pilotline.web.shared import pieces, values

SHORT_CODE, SHORT_NAME = 20, 6
NUMBERS = frozenset({"number", "money", "cents", "share"})
SHOWN = frozenset(
    {
        "text",
        "number",
        "money",
        "cents",
        "share",
        "when",
        "day",
        "title",
        "titles",
        "region",
        "badge",
        "flag",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column.

    `value` is a dotted path of attributes or a function of the row; without it, `name`. `show`
    says what kind of value it is: text, number, money, cents (money to the fen), share (0–1),
    when, day, flag, region (a GB/T 2260 code), title or titles (ids of the rulebook list `of`),
    badge (a state whose `words` and `tones` are given by id). `link` is a function of the row
    giving an address. `template` draws the cell itself, given `row` and `value`. `sort` is the
    ordering behind the heading.
    The `leading` column heads each card on narrow screens. `shown=False` is for export only.
    """

    name: str
    title: Any
    value: str | Callable[[Any], Any] = ""
    show: str = "text"
    of: str = ""
    words: Mapping[Any, Any] = field(default_factory=dict)
    tones: Mapping[Any, str] = field(default_factory=dict)
    link: Callable[[Any], str] | None = None
    template: str = ""
    sort: str | Sequence[str] = ""
    leading: bool = False
    shown: bool = True
    exported: bool = True

    def __post_init__(self) -> None:
        if self.show not in SHOWN:
            raise ValueError(f"column {self.name}: no way to show a {self.show!r}")

    @property
    def is_number(self) -> bool:
        return self.show in NUMBERS

    @property
    def ordering(self) -> tuple[str, ...]:
        return (self.sort,) if isinstance(self.sort, str) else tuple(self.sort)

    def read(self, row: Any) -> Any:
        """The raw value of a row."""
        if callable(self.value):
            return self.value(row)
        found = row
        for step in (self.value or self.name).split("."):
            found = found.get(step) if isinstance(found, Mapping) else getattr(found, step)
            if found is None:
                return None
        return found

    def export(self, row: Any) -> Any:
        """The value as a spreadsheet wants it: numbers stay numbers, ids become words."""
        raw = self.read(row)
        if self.show in {"number", "money", "cents", "share", "when", "day"} or raw is None:
            return raw
        if self.show == "flag":
            return _("yes") if raw else _("no")
        return self._words(raw)

    def cell(self, row: Any) -> dict[str, Any]:
        """What the template needs to draw the cell."""
        raw = self.read(row)
        if self.template:
            html = render_to_string(self.template, {"row": row, "value": raw, "column": self})
        else:
            html = self._html(raw)
        if self.link and raw not in (None, ""):
            html = format_html('<a href="{}">{}</a>', self.link(row), html)
        blank = str(html).strip() in {"", values.NOTHING}
        return {"html": html, "column": self, "is_blank": blank, "is_short": self._is_short(raw)}

    def _html(self, raw: Any) -> Any:
        if raw in (None, "", [], ()):
            return values.NOTHING
        if self.show in {"money", "cents", "when", "day"}:
            return getattr(values, self.show)(raw)
        if self.show == "number":
            return values.quantity(raw)
        if self.show == "share":
            return f"{float(raw):.0%}"
        if self.show == "flag":
            return _("yes") if raw else _("no")
        if self.show == "badge":
            return pieces.badge(self._words(raw), self.tones.get(raw, "quiet"))
        return self._words(raw)

    def _is_short(self, raw: Any) -> bool:
        """True for what reads badly in two lines: a number, a day, a state, a short name."""
        if self.template or raw is None or self.show == "when":
            return False
        if self.show in {"text", "title", "titles"}:
            words = self._words(raw)
            return len(words) <= (SHORT_CODE if words.isascii() else SHORT_NAME)
        return True

    def _words(self, raw: Any) -> str:
        if self.show == "region":
            return values.region(raw)
        if self.show == "title":
            return values.title(self.of, raw)
        if self.show == "titles":
            return values.titles(self.of, raw)
        return str(self.words.get(raw, raw))
