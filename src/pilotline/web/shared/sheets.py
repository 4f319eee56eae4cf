"""Lists as xlsx files that open safely: what people typed can never run as a formula."""

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import content_disposition_header
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
LONGEST_CELL = 32_767


def workbook(title: str, header: Sequence[Any], rows: Iterable[Sequence[Any]]) -> bytes:
    """One sheet with a frozen, bold header."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_sheet_title(title))
    sheet.freeze_panes = "A2"
    for number in range(1, len(header) + 1):
        sheet.column_dimensions[get_column_letter(number)].width = 18
    sheet.append([_cell(sheet, str(words), bold=True) for words in header])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def answer(name: str, content: bytes) -> HttpResponse:
    """The workbook as a download called `name`.xlsx."""
    headers = {"Content-Disposition": content_disposition_header(True, f"{name}.xlsx")}
    return HttpResponse(content, content_type=MEDIA_TYPE, headers=headers)


def _cell(sheet: Any, value: Any, *, bold: bool = False) -> WriteOnlyCell:
    plain = _plain(value)
    cell = WriteOnlyCell(sheet, value=plain)
    if bold:
        cell.font = Font(bold=True)
    if isinstance(plain, str):
        # Kept as text by its type; the quote prefix keeps it text when somebody edits the cell.
        cell.data_type = "s"
        if plain.startswith(DANGEROUS):
            cell.style = "Normal"
            cell.quotePrefix = True
    return cell


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None) if timezone.is_aware(value) else value
    if value is None or isinstance(value, bool | int | float | Decimal | date):
        return value
    if isinstance(value, list | tuple | set | frozenset):
        value = "、".join(str(one) for one in value)
    text = str(value) if isinstance(value, Promise) or not isinstance(value, str) else value
    return ILLEGAL_CHARACTERS_RE.sub("", text)[:LONGEST_CELL]


def _sheet_title(title: str) -> str:
    return "".join(c for c in title if c not in "[]:*?/\\")[:31] or "1"


def answer_csv(name: str, content: bytes) -> HttpResponse:
    """A CSV as a download called `name`.csv."""
    headers = {"Content-Disposition": content_disposition_header(True, f"{name}.csv")}
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)
