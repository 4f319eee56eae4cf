"""An opened file: sheets of plain values, with their merged ranges. No styles, no formulas."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from openpyxl.utils import get_column_letter

from pilotline.kernel.errors import PilotlineError

MOST_ROWS = 2_000
MOST_COLUMNS = 200
MOST_SHEETS = 30
MOST_MERGES = 5_000


class UnreadableFile(PilotlineError):
    """The file cannot be read."""

    code = "unreadable-file"


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged range, rows and columns from 1, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(slots=True)
class Sheet:
    """Filled rows by their number; a row is a mapping of column number to value."""

    name: str
    rows: dict[int, dict[int, Any]]
    merges: list[Merge] = field(default_factory=list)
    formulas: set[tuple[int, int]] = field(default_factory=set)

    def filled(self) -> None:
        """Write a merged range's value into its first column all the way down.

        A facility's name that spans ten rows counts for all ten; a heading that spans ten
        columns stays one cell and is known by that.
        """
        for merge in self.merges:
            value = self.rows.get(merge.top, {}).get(merge.left)
            if value is None:
                continue
            for row in range(merge.top + 1, merge.bottom + 1):
                if row in self.rows:
                    self.rows[row].setdefault(merge.left, value)

    def widened(self, row: int) -> dict[int, Any]:
        """A row in which horizontally merged cells are repeated, as group headings need it."""
        values = dict(self.rows.get(row, {}))
        for merge in self.merges:
            if merge.top <= row <= merge.bottom:
                value = self.rows.get(merge.top, {}).get(merge.left)
                if value is not None:
                    for column in range(merge.left, merge.right + 1):
                        values.setdefault(column, value)
        return values


@dataclass(frozen=True, slots=True)
class Book:
    """All sheets of a file; `delimiter` is empty for a workbook."""

    sheets: tuple[Sheet, ...]
    encoding: str = ""
    delimiter: str = ""


def cell_name(row: int, column: int) -> str:
    return f"{get_column_letter(column)}{row}"


def text_of(value: Any) -> str:
    """A cell's value as text: whole numbers without a point, days as 2026-11-22."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return f"{Decimal(repr(value)).normalize():f}"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    return str(value).strip().strip("\u3000\ufeff\u200b").strip()


def too_many_rows() -> UnreadableFile:
    words = _("A sheet may have at most %(most)d filled rows. Please divide the list.")
    return UnreadableFile(words % {"most": MOST_ROWS})


def too_many_columns() -> UnreadableFile:
    words = _("A sheet may have at most %(most)d columns.")
    return UnreadableFile(words % {"most": MOST_COLUMNS})
