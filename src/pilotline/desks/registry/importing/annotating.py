"""The handed-in file given back: wrong cells red with a comment, every row's fate beside it."""

import io
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

from pilotline.desks.registry.importing.plan import CHANGED, IGNORED, NEW, REFUSED, SAME, Fate, Plan
from pilotline.desks.registry.importing.sheets import Book

WRONG = PatternFill("solid", start_color="FFC7CE")
BOLD = Font(bold=True)
AUTHOR = "Pilotline"
WIDTH = 48


def annotated(content: bytes, book: Book, plan: Plan) -> bytes:
    """An xlsx of what was handed in, with values in place of formulas. A CSV becomes one too."""
    workbook = (
        _copied(book) if book.delimiter else load_workbook(io.BytesIO(content), data_only=True)
    )
    words = _words()
    for sheet in book.sheets:
        fates = [fate for fate in plan.fates if fate.sheet == sheet.name]
        if fates:
            _annotate(workbook[sheet.name], fates, words)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def _words() -> dict[str, str]:
    return {
        NEW: _("new"),
        CHANGED: _("changed"),
        SAME: _("the same"),
        REFUSED: _("not taken"),
        IGNORED: _("passed over"),
    }


def _annotate(sheet: Any, fates: list[Fate], words: dict[str, str]) -> None:
    column = sheet.max_column + 1
    sheet.column_dimensions[get_column_letter(column)].width = WIDTH
    above = min(fate.row for fate in fates) - 1
    if above >= 1:
        _write(sheet, above, column, _("What becomes of the row")).font = BOLD
    for fate in fates:
        told = [text for _cell, text in fate.problems] + list(fate.notes)
        cell = _write(
            sheet,
            fate.row,
            column,
            ": ".join([words[fate.fate], "; ".join(told)][: 1 + bool(told)]),
        )
        if fate.problems:
            cell.fill = WRONG
        by_cell: dict[str, list[str]] = {}
        for place, text in fate.problems:
            by_cell.setdefault(place, []).append(text)
        for place, texts in by_cell.items():
            if place:
                sheet[place].fill = WRONG
                sheet[place].comment = Comment("\n".join(texts), AUTHOR)


def _write(sheet: Any, row: int, column: int, text: str) -> Any:
    cell = sheet.cell(row, column)
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)[:2000]
    cell.data_type = "s"
    return cell


def _copied(book: Book) -> Workbook:
    workbook = Workbook()
    workbook.remove(workbook.active)
    for sheet in book.sheets:
        copy = workbook.create_sheet(sheet.name)
        for number, values in sheet.rows.items():
            for column, value in values.items():
                _write(copy, number, column, str(value))
    return workbook
