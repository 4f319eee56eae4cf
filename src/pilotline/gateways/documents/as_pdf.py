"""A paper of blocks as PDF on A4."""

from collections.abc import Iterator
from functools import partial
from io import BytesIO
from xml.sax.saxutils import escape

from reportlab.lib.colors import Color
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import (
    CondPageBreak,
    Flowable,
    KeepTogether,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
)

from pilotline.gateways.documents.blocks import (
    Article,
    Block,
    Facts,
    Grid,
    Paper,
    Signature,
    Signatures,
    Words,
    article_number,
)
from pilotline.gateways.documents.sheet import MARGIN, Sheet
from pilotline.gateways.documents.typeface import FACE, held, printable

INK, SOFT, LINE = Color(0.1, 0.13, 0.18), Color(0.36, 0.4, 0.46), Color(0.72, 0.75, 0.79)
PALE = Color(0.95, 0.96, 0.97)
WIDTH = A4[0] - 2 * MARGIN
LABEL = 36 * mm


def _style(size: float, *, chinese: bool = True, **more: object) -> ParagraphStyle:
    """Chinese breaks between any two characters; English between words."""
    given: dict[str, object] = {"fontName": FACE, "fontSize": size, "leading": size * 1.6}
    given |= {"textColor": INK, "wordWrap": "CJK" if chinese else None}
    return ParagraphStyle(f"s{size}", **(given | more))


def pdf(paper: Paper) -> bytes:
    """The same bytes for the same paper."""
    held()
    out = BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=20 * mm,
        bottomMargin=22 * mm,
        title=f"{paper.over} {paper.number}",
        subject=paper.title,
        lang="zh-CN" if paper.is_chinese else "en",
        invariant=1,
    )
    document.build(
        list(_story(paper)),
        canvasmaker=partial(Sheet, language=paper.language, foot=paper.foot, is_demo=paper.is_demo),
    )
    return out.getvalue()


def _story(paper: Paper) -> Iterator[Flowable]:
    middle = partial(_style, chinese=paper.is_chinese, alignment=1)
    yield _par(paper.over, middle(11, textColor=SOFT))
    yield _par(paper.title, middle(18, spaceBefore=1 * mm, spaceAfter=1.5 * mm))
    yield _par(paper.under, middle(10, textColor=SOFT, spaceAfter=4 * mm))
    for block in paper.blocks:
        yield from _block(block, paper)


def _block(block: Block, paper: Paper) -> Iterator[Flowable]:
    style = partial(_style, chinese=paper.is_chinese)
    match block:
        case Facts():
            yield _facts(block, style)
            yield Spacer(1, 2.5 * mm)
        case Article():
            number = article_number(block.number, chinese=paper.is_chinese)
            yield CondPageBreak(26 * mm)
            gap = "\u3000" if paper.is_chinese else " "
            yield _par(f"{number}{gap}{block.title}", style(11.5, spaceBefore=3.5 * mm))
            yield Spacer(1, 1 * mm)
        case Words():
            yield from _words(block, paper)
        case Grid():
            yield _grid(block, style)
            yield Spacer(1, 2 * mm)
        case Signatures():
            yield KeepTogether([Spacer(1, 4 * mm), _signatures(block, style)])


def _words(block: Words, paper: Paper) -> Iterator[Flowable]:
    """Paragraphs of running text; in Chinese each begins two characters in."""
    size = 8.5 if block.small else 10
    indent = 2 * size if paper.is_chinese and not block.small else 0
    more = {"textColor": SOFT} if block.small else {}
    style = _style(
        size, chinese=paper.is_chinese, firstLineIndent=indent, spaceAfter=1 * mm, **more
    )
    if block.small:
        yield Spacer(1, 3 * mm)
    for line in filter(None, block.text.split("\n")):
        yield _par(line, style)


def _facts(block: Facts, style: partial[ParagraphStyle]) -> Table:
    cells = [
        [_par(name, style(9, textColor=SOFT)), _par(text, style(10))] for name, text in block.rows
    ]
    table = Table(cells, colWidths=[LABEL, WIDTH - LABEL], splitInRow=1)
    table.setStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LINEABOVE", (0, 0), (-1, 0), 0.6, LINE),
            ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE),
            ("LEFTPADDING", (0, 0), (-1, -1), 2 * mm),
            ("TOPPADDING", (0, 0), (-1, -1), 1 * mm),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 1.4 * mm),
        ]
    )
    return table


def _grid(block: Grid, style: partial[ParagraphStyle]) -> Table:
    def cell(at: int, text: str, **more: object) -> Paragraph:
        return _par(text, style(9, alignment=2 if at in block.right else 0, **more))

    cells = [[cell(at, text, textColor=SOFT) for at, text in enumerate(block.head)]]
    cells += [[cell(at, text) for at, text in enumerate(row)] for row in block.rows]
    table = Table(cells, colWidths=[WIDTH * share for share in block.widths], repeatRows=1)
    marks: list[tuple[object, ...]] = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("BACKGROUND", (0, 0), (-1, 0), PALE),
        ("BOX", (0, 0), (-1, -1), 0.6, LINE),
        ("INNERGRID", (0, 0), (-1, -1), 0.4, LINE),
        ("LEFTPADDING", (0, 0), (-1, -1), 1.5 * mm),
        ("RIGHTPADDING", (0, 0), (-1, -1), 1.5 * mm),
        ("TOPPADDING", (0, 0), (-1, -1), 0.8 * mm),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1.2 * mm),
    ]
    if block.strong:
        marks.append(("BACKGROUND", (0, -block.strong), (-1, -1), PALE))
    table.setStyle(marks)
    return table


def _signatures(block: Signatures, style: partial[ParagraphStyle]) -> Table:
    gap = 6 * mm
    half = (WIDTH - gap) / 2
    sides = [_signature(side, half, style) for side in (block.left, block.right)]
    table = Table([[sides[0], "", sides[1]]], colWidths=[half, gap, half])
    table.setStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), 0),
        ]
    )
    return table


def _signature(side: Signature, width: float, style: partial[ParagraphStyle]) -> Table:
    label = 20 * mm
    cells: list[list[object]] = [[_par(side.side, style(9.5, textColor=SOFT)), ""]]
    spans: list[tuple[object, ...]] = [("SPAN", (0, 0), (1, 0))]
    for name, text in side.rows:
        if not name:
            spans.append(("SPAN", (0, len(cells)), (1, len(cells))))
            cells.append([_par(text, style(10.5)), ""])
        else:
            cells.append([_par(name, style(8.5, textColor=SOFT)), _par(text, style(8.5))])
    table = Table(cells, colWidths=[label, width - label])
    table.setStyle(
        [
            *spans,
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("BOX", (0, 0), (-1, -1), 0.6, LINE),
            ("BACKGROUND", (0, 0), (-1, 0), PALE),
            ("TOPPADDING", (0, 0), (-1, -1), 0.8 * mm),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 1 * mm),
        ]
    )
    return table


def _par(text: str, style: ParagraphStyle) -> Paragraph:
    """A paragraph of plain text: what looks like markup is shown as it was typed."""
    return Paragraph(escape(printable(text)).replace("\n", "<br/>"), style)
