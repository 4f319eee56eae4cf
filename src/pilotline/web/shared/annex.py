"""The annex table of a call's list, as officials publish it: docx beside xlsx."""

import io
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from pilotline.web.shared import calls, sheets, values

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
HEADER = (
    gettext_lazy("No."),
    gettext_lazy("Name"),
    gettext_lazy("Applicant"),
    gettext_lazy("City"),
    gettext_lazy("Granted (yuan)"),
)


def name_of(call: Any) -> str:
    return f"{calls.title_of(call)} {call.number or ''}".strip()


def lines(rows: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
    """A line each, in the order of their ranks."""
    for number, row in enumerate(rows, start=1):
        name = row.facility.name if row.facility else row.title
        granted = row.granted or ""
        yield number, name, row.organisation.name, values.region(row.region), granted


def document(call: Any, rows: Iterable[Any]) -> bytes:
    """The table on A4 with its heading; Chinese type where the reader has it."""
    paper = Document()
    section = paper.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    _type(paper.styles["Normal"], "FangSong", 12)
    paper.add_paragraph(_("Annex"))
    heading = paper.add_paragraph()
    heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = heading.add_run(calls.title_of(call))
    run.bold, run.font.size = True, Pt(18)
    table = paper.add_table(rows=1, cols=len(HEADER), style="Table Grid")
    for cell, words in zip(table.rows[0].cells, HEADER, strict=True):
        cell.text = ""
        cell.paragraphs[0].add_run(str(words)).bold = True
    for line in lines(rows):
        for cell, value in zip(table.add_row().cells, line, strict=True):
            cell.text = str(value)
    kept = io.BytesIO()
    paper.save(kept)
    return kept.getvalue()


def _type(style: Any, face: str, size: int) -> None:
    style.font.name, style.font.size = face, Pt(size)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), face)


def file(call: Any, rows: list[Any], kind: str) -> HttpResponse:
    """The table as a download, in the kind that was asked for: docx or xlsx."""
    if kind == "docx":
        return answer(name_of(call), document(call, rows))
    return sheets.answer(name_of(call), sheets.workbook(name_of(call), HEADER, lines(rows)))


def answer(name: str, content: bytes) -> HttpResponse:
    """The document as a download called `name`.docx."""
    headers = {"Content-Disposition": content_disposition_header(True, f"{name}.docx")}
    return HttpResponse(content, content_type=MEDIA_TYPE, headers=headers)
