"""Receipts in PDF: everything readable without any font installed, and the same every time."""

import re
from hashlib import sha256
from io import BytesIO
from typing import Any

from pypdf import PdfReader
from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel
from reportlab.lib.units import mm

from pilotline.gateways.documents.printer import PdfPrinter
from pilotline.gateways.documents.typeface import FILE, MARK, held, printable

RARE = "堃喆淼镕𬍛𫖯"
SIGNS = "℃㎡±≥≤～—《》μΩ①²³☆→"


def content(**more: Any) -> dict[str, Any]:
    given = {
        "number": "XQ-2026-000001",
        "kind": "need",
        "form": {"zh": "中试需求", "en": "Pilot need"},
        "region": {"zh": "某省", "en": "Some province"},
        "at": "2026-11-02T01:30:00+00:00",
        "applicant": f"{RARE}材料有限公司",
        "credit_code": "91370100MA3CUY1T5X",
        "title": f"高镍三元前驱体放大 {SIGNS}",
        "title_en": "Scale-up of a high-nickel precursor",
        "sections": [
            {
                "title": {"zh": "要做什么", "en": "What"},
                "rows": [
                    {"title": {"zh": "领域", "en": "Field"}, "zh": "新材料", "en": "Materials"},
                    {"title": {"zh": "详情", "en": "Details"}, "zh": "短。\n长。", "en": "a\nb"},
                ],
            }
        ],
        "requirements": [
            {"title": {"zh": "容积", "en": "Volume"}, "zh": "≥ 500 L", "en": "≥ 500 L"}
        ],
        "attachments": [{"name": "工艺.pdf", "size": 2048, "sha256": "a" * 64}],
        "release": 1,
        "is_demo": False,
    }
    return given | more


def printed(language: str = "zh-hans", **more: Any) -> bytes:
    return PdfPrinter().receipt(
        content=content(**more),
        digest="d" * 64,
        check_address="https://hall.example.org/receipt/XQ-2026-000001/?d=dddddddddddd",
        language=language,
    )


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def test_everything_stands_in_it_in_chinese():
    text = text_of(printed())
    for words in (
        "受理回执",
        "XQ-2026-000001",
        "2026-11-02 09:30:00（北京时间）",
        RARE,
        SIGNS,
        "91370100MA3CUY1T5X",
        "≥ 500 L",
        "工艺.pdf",
        "https://hall.example.org/receipt/XQ-2026-000001/?d=dddddddddddd",
        "第 1 页，共 1 页",
    ):
        assert words in text
    assert "演示数据" not in text


def test_everything_stands_in_it_in_english():
    text = text_of(printed("en"))
    for words in ("Receipt of acceptance", "Scale-up of a high-nickel precursor", "Page 1 of 1"):
        assert words in text


def test_demonstration_papers_are_marked_on_every_page():
    pdf = printed(
        is_demo=True,
        sections=[
            {
                "title": {"zh": "要做什么", "en": "What"},
                "rows": [
                    {"title": {"zh": "详", "en": "D"}, "zh": "很长的说明。" * 1500, "en": "x"}
                ],
            }
        ],
    )
    pages = PdfReader(BytesIO(pdf)).pages
    assert len(pages) > 3
    assert all("演示数据" in page.extract_text() for page in pages)


def test_twenty_thousand_characters_are_all_there():
    text = text_of(
        printed(
            sections=[
                {
                    "title": {"zh": "节", "en": "S"},
                    "rows": [{"title": {"zh": "题", "en": "T"}, "zh": "熔" * 20_000, "en": "x"}],
                }
            ]
        )
    )
    assert text.count("熔") == 20_000


def test_markup_is_shown_as_it_was_typed():
    text = text_of(printed(title="<b>粗</b> & <script>alert(1)</script>"))
    assert "<b>粗</b> & <script>alert(1)</script>" in text


def test_equal_content_gives_equal_bytes():
    assert printed() == printed()


def test_all_of_gb_2312_and_rare_names_are_held():
    rows = (bytes([row, cell]) for row in range(0xA1, 0xF8) for cell in range(0xA1, 0xFF))
    characters = "".join(raw.decode("gb2312", "ignore") for raw in rows)
    assert printable(characters) == characters.replace("\u3000", "\u3000")
    assert printable(RARE + SIGNS) == RARE + SIGNS


def test_what_the_font_lacks_shows_a_mark_and_never_an_error():
    assert printable("甲😀乙\u202e丙\x00") == f"甲{MARK}乙丙"
    assert MARK in text_of(printed(title="甲😀乙"))


def test_the_font_is_the_one_its_readme_names():
    readme = (FILE.parent / "README.md").read_text()
    assert sha256(FILE.read_bytes()).hexdigest() in readme
    listed = (FILE.parent / "characters.txt").read_text()
    assert {ord(c) for c in listed} <= held()


def test_the_code_says_the_address():
    """Dark squares are drawn by rows; together they are the code of the address."""
    code = QRCode(None, QRErrorCorrectLevel.M)
    code.addData("https://hall.example.org/receipt/XQ-2026-000001/?d=dddddddddddd")
    code.make()
    side = 28 * mm / (code.getModuleCount() + 8)
    page = PdfReader(BytesIO(printed())).pages[-1].get_contents().get_data().decode("latin-1")
    number = r"([-0-9.]+) "
    drawn = re.findall(rf"n {number * 4}re f", page)
    dark = set()
    for x, y, width, height in (tuple(map(float, one)) for one in drawn):
        if abs(height - 1.05 * side) < 0.01:
            row, column = round(28 * mm / side - y / side) - 5, round(x / side) - 4
            dark |= {(row, column + n) for n in range(round(width / side))}
    rows = enumerate(code.modules)
    assert dark == {(r, c) for r, row in rows for c, is_dark in enumerate(row) if is_dark}
