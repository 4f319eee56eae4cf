"""A paper of blocks as a Word document on A4: 宋体 for text, 黑体 for headings."""

import re
from copy import deepcopy
from functools import lru_cache
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.run import Run

from pilotline.gateways.documents.blocks import (
    Article,
    Block,
    Facts,
    Grid,
    Paper,
    Signatures,
    Words,
    article_number,
)
from pilotline.gateways.documents.words import labelled, word

GRID = "TableGrid"  # the id of a style of the template that every document begins with
SONG, HEI, LATIN = "宋体", "黑体", "Times New Roman"
WIDTH = 210 - 2 * 26
GREY = RGBColor(0x5C, 0x66, 0x75)
PALE = "F1F4F7"
# What XML cannot hold at all.
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def docx(paper: Paper) -> bytes:
    """The document as bytes; opens in Word, WPS and LibreOffice."""
    document = Document()
    _set_up(document, paper)
    for text, size, face in (
        (paper.over, 12, SONG),
        (paper.title, 18, HEI),
        (paper.under, 11, SONG),
    ):
        paragraph = document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _run(paragraph, text, size=size, face=face)
    if paper.is_demo:
        paragraph = document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _run(paragraph, word("demo", paper.language), size=12, face=HEI, colour=GREY)
    for block in paper.blocks:
        _block(document, block, paper)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _set_up(document: Any, paper: Paper) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(26)
    section.top_margin = section.bottom_margin = Mm(24)
    style = document.styles["Normal"]
    style.font.name, style.font.size = LATIN, Pt(10.5)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), SONG)
    style.paragraph_format.space_after = Pt(3)
    style.paragraph_format.line_spacing = 1.4
    properties = document.core_properties
    properties.title, properties.subject = f"{paper.over} {paper.number}", _clean(paper.title)
    properties.author = properties.comments = ""
    properties.language = "zh-CN" if paper.is_chinese else "en"
    foot = section.footer.paragraphs[0]
    foot.style.font.size, foot.style.font.color.rgb = Pt(8), GREY
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(foot, f"{paper.foot}   ", size=8, colour=GREY)
    before, _middle, rest = word("page", paper.language, page="\0", pages="\1").partition("\0")
    between, _middle, after = rest.partition("\1")
    for text, field in ((before, "PAGE"), (between, "NUMPAGES"), (after, "")):
        _run(foot, text, size=8, colour=GREY)
        if field:
            _field(foot, field)


def _block(document: Any, block: Block, paper: Paper) -> None:
    match block:
        case Facts():
            rows = [[name, text] for name, text in block.rows]
            _table(document, rows, (0.24, 0.76), soft={0})
        case Article():
            paragraph = document.add_paragraph()
            paragraph.paragraph_format.space_before = Pt(8)
            paragraph.paragraph_format.keep_with_next = True
            _outline(paragraph)
            number = article_number(block.number, chinese=paper.is_chinese)
            gap = "\u3000" if paper.is_chinese else " "
            _run(paragraph, f"{number}{gap}{block.title}", size=12, face=HEI)
        case Words():
            for line in filter(None, block.text.split("\n")):
                paragraph = document.add_paragraph()
                if paper.is_chinese and not block.small:
                    paragraph.paragraph_format.first_line_indent = Pt(21)
                colour = GREY if block.small else None
                _run(paragraph, line, size=8.5 if block.small else 10.5, colour=colour)
        case Grid():
            rows = [list(block.head), *(list(row) for row in block.rows)]
            _table(
                document, rows, block.widths, right=block.right, has_head=True, strong=block.strong
            )
        case Signatures():
            _signatures(document, block, paper.language)


def _outline(paragraph: Any) -> None:
    """The heading stands in the reader's program among the headings to go to."""
    level = OxmlElement("w:outlineLvl")
    level.set(qn("w:val"), "0")
    paragraph._p.get_or_add_pPr().append(level)


def _signatures(document: Any, block: Signatures, language: str) -> None:
    table = _grid(document, 1, 2)
    for cell, side in zip(table.rows[0].cells, (block.left, block.right), strict=True):
        _run(cell.paragraphs[0], side.side, face=HEI)
        for name, text in side.rows:
            paragraph = cell.add_paragraph()
            if name:
                _run(paragraph, labelled(name, "", language), size=9, colour=GREY)
            _run(paragraph, text, size=9 if name else 10.5)
    _keep_whole(table)
    document.add_paragraph()


def _table(
    document: Any,
    rows: list[list[str]],
    widths: Any,
    *,
    right: Any = frozenset(),
    soft: Any = frozenset(),
    has_head: bool = False,
    strong: int = 0,
) -> None:
    table = _grid(document, len(rows), len(widths))
    table.autofit = False
    for column, share in zip(table.columns, widths, strict=True):
        column.width = Mm(WIDTH * share)  # LibreOffice and WPS look here, Word at the cells
    for at, (row, placed) in enumerate(zip(rows, table.rows, strict=True)):
        for column, (text, cell) in enumerate(zip(row, placed.cells, strict=True)):
            cell.width = Mm(WIDTH * widths[column])
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
            if column in right:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            head = has_head and at == 0
            if head or at >= len(rows) - strong:
                _shade(cell)
            colour = GREY if column in soft else None
            _run(paragraph, text, size=9.5, face=HEI if head else SONG, colour=colour)
    if has_head:
        _repeat_head(table)
    _keep_whole(table)
    document.add_paragraph().paragraph_format.space_after = Pt(0)


def _grid(document: Any, rows: int, columns: int) -> Any:
    table = document.add_table(rows=rows, cols=columns)
    table._tbl.tblStyle_val = GRID  # by its name it would be searched for among all styles
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    return table


def _keep_whole(table: Any) -> None:
    """No row is broken over two pages."""
    for row in table.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _shade(cell: Any) -> None:
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", PALE)):
        shade.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shade)


def _repeat_head(table: Any) -> None:
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _run(
    paragraph: Any, text: str, *, size: float = 10.5, face: str = SONG, colour: Any = None
) -> None:
    run = paragraph.add_run(_clean(text))
    run._r.insert(0, deepcopy(_look(size, face, colour)))


@lru_cache(maxsize=64)
def _look(size: float, face: str, colour: Any) -> Any:
    """What a run looks like, made once and copied into each."""
    run = Run(OxmlElement("w:r"), None)
    run.font.size, run.font.name = Pt(size), LATIN
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face)
    if colour is not None:
        run.font.color.rgb = colour
    return run._element.rPr


def _field(paragraph: Any, name: str) -> None:
    """A field that the reader's program fills in: PAGE, NUMPAGES."""
    run = paragraph.add_run()
    run.font.size = Pt(8)
    for kind, text in (("begin", ""), ("", name), ("end", "")):
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        run._r.append(mark)


def _clean(text: str) -> str:
    return UNPRINTABLE.sub("", text)
