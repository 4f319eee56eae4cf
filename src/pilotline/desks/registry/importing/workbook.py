"""Lists as a workbook; a long one row by row, so that it needs no more memory than a short one.

Every sheet has a frozen, bold header. A text stays a text, whatever it begins with: its type says
so, and a quote prefix keeps it when somebody edits the cell, so that nothing typed ever runs.
"""

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, islice
from math import isfinite
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
LONGEST_CELL = 32_767
# So many rows are written at two thirds of the time when they are held at once.
FEW_ROWS = 3_000
WIDTH = 18
# What XML cannot hold at all.
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
STYLES = {
    "bold": {"bold": True},
    "quoted": {"quote_prefix": True},
    "day": {"num_format": "yyyy-mm-dd"},
    "moment": {"num_format": "yyyy-mm-dd h:mm:ss"},
}
# No hour of making: the same tables are the same bytes.
MADE = datetime(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet. A title is at most 31 characters and holds none of ``[]:*?/\\``."""

    title: str
    header: Sequence[str]
    rows: Iterable[Sequence[Any]]


def workbook(tables: Sequence[Table]) -> bytes:
    """The tables as xlsx, the same bytes for the same tables.

    Numbers, truth values, days and moments (without a zone) are kept as such, anything else as the
    text it prints as; None, empty texts and what is no number are empty cells.
    """
    begun = [_begun(table) for table in tables]
    few = sum(len(rows) for _table, rows in begun) <= FEW_ROWS
    out = io.BytesIO()
    with Workbook(out, {"in_memory" if few else "constant_memory": True}) as book:
        book.set_properties({"created": MADE})
        styles = {name: book.add_format(look) for name, look in STYLES.items()}
        for table, _rows in begun:
            _write(book.add_worksheet(table.title), table, styles)
    return out.getvalue()


def _begun(table: Table) -> tuple[Table, list[Sequence[Any]]]:
    """The same table, with its first rows at hand: more than `FEW_ROWS` only when it has more."""
    rows = iter(table.rows)
    first = list(islice(rows, FEW_ROWS + 1))
    return replace(table, rows=chain(first, rows)), first


def _write(sheet: Worksheet, table: Table, styles: dict[str, Format]) -> None:
    sheet.freeze_panes(1, 0)
    if table.header:
        sheet.set_column(0, len(table.header) - 1, WIDTH)
    for column, words in enumerate(table.header):
        sheet.write_string(0, column, _plain(words), styles["bold"])
    for row, values in enumerate(table.rows, start=1):
        for column, value in enumerate(values):
            if value is not None and value != "":
                _cell(sheet, row, column, value, styles)


def _cell(sheet: Worksheet, row: int, column: int, value: Any, styles: dict[str, Format]) -> None:
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int | float | Decimal):
        if isfinite(value):
            sheet.write_number(row, column, float(value))
    elif isinstance(value, date):
        style = "moment" if isinstance(value, datetime) else "day"
        sheet.write_datetime(row, column, value, styles[style])
    elif plain := _plain(words := str(value)):
        risky = words.startswith(DANGEROUS) or plain.startswith(DANGEROUS)
        sheet.write_string(row, column, plain, styles["quoted"] if risky else None)


def _plain(words: str) -> str:
    """Without what a cell cannot hold; its one kind of line break is the line feed."""
    if words.isprintable():
        return words[:LONGEST_CELL]
    return UNWRITABLE.sub("", words.replace("\r\n", "\n").replace("\r", "\n"))[:LONGEST_CELL]
