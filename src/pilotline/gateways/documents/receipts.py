"""The receipt of a case that was accepted, as a PDF."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from django.template.defaultfilters import filesizeformat
from django.utils import timezone, translation
from reportlab.graphics.barcode.qr import QrCode
from reportlab.lib.colors import Color
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether, Paragraph, SimpleDocTemplate, Spacer, Table

from pilotline.gateways.documents.sheet import MARGIN, Sheet
from pilotline.gateways.documents.typeface import FACE, held, printable
from pilotline.gateways.documents.words import labelled, word

INK, SOFT, LINE = Color(0.1, 0.13, 0.18), Color(0.36, 0.4, 0.46), Color(0.82, 0.84, 0.87)
WIDTH = A4[0] - 2 * MARGIN
LABEL = 38 * mm
LONG = 160


def _style(size: float, **more: Any) -> ParagraphStyle:
    given = {"fontName": FACE, "fontSize": size, "leading": size * 1.55, "textColor": INK}
    return ParagraphStyle(f"s{size}", **(given | {"wordWrap": "CJK"} | more))


HEAD = _style(20, alignment=1, spaceAfter=2 * mm)
REGION = _style(11, alignment=1, textColor=SOFT)
SECTION = _style(11.5, spaceBefore=5 * mm, spaceAfter=1.5 * mm)
NAME = _style(9, textColor=SOFT)
TEXT = _style(9.5)
SMALL = _style(8, textColor=SOFT)


def receipt(*, content: dict[str, Any], digest: str, check_address: str, language: str) -> bytes:
    """The receipt as PDF bytes; the same for the same arguments."""
    held()
    with translation.override("zh-hans" if language.startswith("zh") else "en"):
        story = list(_story(content, digest, check_address, language))
    out = BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=18 * mm,
        bottomMargin=22 * mm,
        title=f"{word('receipt', language)} {content['number']}",
        author=_pick(content["region"], language),
        subject=content["title"],
        lang="zh-CN" if language.startswith("zh") else "en",
        invariant=1,
    )
    foot = f"{content['number']}  ·  {digest[:16]}"
    document.build(
        story,
        canvasmaker=partial(Sheet, language=language, foot=foot, is_demo=content["is_demo"]),
    )
    return out.getvalue()


def _story(content: dict[str, Any], digest: str, address: str, language: str) -> Iterator[Flowable]:
    say = partial(word, language=language)
    yield _par(_pick(content["region"], language), REGION)
    title = say("receipt")
    if content["is_demo"]:
        title = f"{title} · {say('demo')}"
    yield _par(title, HEAD)
    yield _facts(_head(content, language))
    yield _par(say("said"), _style(9.5, spaceBefore=3 * mm))
    for section in content["sections"]:
        yield from _section(section, language)
    if content["requirements"]:
        yield _par(say("requirements"), SECTION)
        rows = [(_pick(r["title"], language), _pick(r, language)) for r in content["requirements"]]
        yield _facts(rows)
    if content["attachments"]:
        yield _par(say("files"), SECTION)
        yield _facts([_file(f) for f in content["attachments"]])
    yield _check(content, digest, address, language)


def _head(content: dict[str, Any], language: str) -> list[tuple[str, str]]:
    say = partial(word, language=language)
    at = timezone.localtime(datetime.fromisoformat(content["at"]))
    title = content["title"]
    if content["title_en"] and not language.startswith("zh"):
        title = f"{content['title_en']}\n{title}"
    return [
        (say("number"), content["number"]),
        (say("at"), f"{at:%Y-%m-%d %H:%M:%S}{say('zone')}"),
        (say("kind"), _pick(content["form"], language)),
        (say("title"), title),
        (say("applicant"), content["applicant"]),
        (say("code"), content["credit_code"]),
        (say("release"), str(content["release"])),
    ]


def _section(section: dict[str, Any], language: str) -> Iterator[Flowable]:
    """A heading, short answers in a table, long ones below their question: those may break."""
    short: list[tuple[str, str]] = []
    found: list[Flowable] = []
    for row in section["rows"]:
        name, text = _pick(row["title"], language), _pick(row, language)
        if len(text) <= LONG and "\n" not in text:
            short.append((name, text))
            continue
        if short:
            found.append(_facts(short))
            short = []
        found.append(_par(name, _style(9, textColor=SOFT, spaceBefore=2 * mm, leftIndent=2 * mm)))
        found += [_par(line, _style(9.5, leftIndent=2 * mm)) for line in text.split("\n") if line]
    if short:
        found.append(_facts(short))
    heading = _par(_pick(section["title"], language), SECTION)
    yield KeepTogether([heading, found[0]])
    yield from found[1:]


def _file(row: dict[str, Any]) -> tuple[str, str]:
    return (row["name"], f"{filesizeformat(row['size'])} · SHA-256 {row['sha256']}")


def _check(content: dict[str, Any], digest: str, address: str, language: str) -> Flowable:
    say = partial(word, language=language)
    side = 28 * mm
    code = QrCode(address, width=side, height=side, qrLevel="M")
    words = [
        _par(say("check_how"), TEXT),
        _par(address, SMALL),
        _par(labelled(say("digest"), digest, language), SMALL),
    ]
    table = Table([[code, words]], colWidths=[side + 6 * mm, WIDTH - side - 6 * mm])
    table.setStyle([("VALIGN", (0, 0), (-1, -1), "MIDDLE"), ("LEFTPADDING", (0, 0), (0, 0), 0)])
    return KeepTogether([_par(say("check"), SECTION), table, Spacer(1, 2 * mm)])


def _facts(rows: list[tuple[str, str]]) -> Table:
    cells = [[_par(name, NAME), _par(text, TEXT)] for name, text in rows]
    table = Table(cells, colWidths=[LABEL, WIDTH - LABEL], splitInRow=1)
    table.setStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE),
            ("LEFTPADDING", (0, 0), (-1, -1), 2 * mm),
            ("TOPPADDING", (0, 0), (-1, -1), 1.2 * mm),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 1.6 * mm),
        ]
    )
    return table


def _par(text: str, style: ParagraphStyle) -> Paragraph:
    """A paragraph of plain text: what looks like markup is shown as it was typed."""
    return Paragraph(escape(printable(text)).replace("\n", "<br/>"), style)


def _pick(both: dict[str, Any], language: str) -> str:
    return str(both["zh" if language.startswith("zh") else "en"])
