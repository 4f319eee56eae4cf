"""Orders and bills as PDF and docx: what they say, that they are the same again, odd characters."""

import io
import zipfile
from typing import Any

import pytest
from docx import Document
from pypdf import PdfReader

from pilotline.gateways.documents.as_pdf import pdf
from pilotline.gateways.documents.blocks import Grid, article_number
from pilotline.gateways.documents.printer import AgreementPapers
from pilotline.gateways.documents.quotation_paper import quotation_paper

DIGEST = "ab" * 32
PARTY = {
    "name": "泉城前驱体有限公司",
    "credit_code": "91370100MA0000001X",
    "address": "",
    "contact": "王晓",
    "phone": "",
}
ORDER: dict[str, Any] = {
    "number": "DD-2026-000001",
    "version": 2,
    "amends": 1,
    "note": "工期调整",
    "kind": {"id": "service", "zh": "中试服务", "en": "Pilot service"},
    "title": "共沉淀放大 <b>&",
    "is_demo": True,
    "release": 3,
    "parties": {"applicant": PARTY, "operator": PARTY | {"name": "海岱中试有限公司"}},
    "facility": {"code": "PT-2026-000003", "zh": "海岱平台", "en": "Haidai facility"},
    "case": "XQ-2026-000009",
    "scope": "第一行\n第二行\x07",
    "deliverables": [{"title": "样品", "amount": "50 kg", "standard": "D50 9–11 μm"}],
    "milestones": [
        {"title": "投料前", "due": "2026-12-10", "payment": "36000.00", "payment_shown": "36,000"}
    ],
    "price": "36000.00",
    "price_shown": "36,000",
    "price_capitals": "叁万陆仟元整",
    "quotation": "Q-2026-000012",
    "shares": {},
    "clauses": [
        {
            "group": {"id": "data", "zh": "试验数据", "en": "Data of the trial"},
            "clause": {"id": "x", "zh": "归委托方", "en": "Of the applicant"},
            "text": {"zh": "数据归委托方所有。", "en": "Data belongs to the applicant."},
        }
    ],
    "extra": "",
    "starts": "2026-12-01",
    "ends": "2027-01-31",
}
CONSENT = {
    "side": "operator",
    "organisation": "海岱中试有限公司",
    "name": "李工",
    "at": "2026-11-28T06:00:00+00:00",
    "digest": DIGEST,
}
BILL: dict[str, Any] = {
    "number": "ZD-2026-000001",
    "title": "中试服务费",
    "is_demo": False,
    "issued": "2026-11-28",
    "due": "2026-12-31",
    "order": "DD-2026-000001",
    "booking": None,
    "facility": ORDER["facility"],
    "payer": PARTY,
    "payee": PARTY,
    "lines": [
        {
            "kind": "adjustment",
            "zh": "停机",
            "en": "停机",
            "quantity": "2",
            "unit": "hour",
            "price": "714",
            "net": "-1428.00",
            "tax": "0.00",
            "reason": "停机",
            "source": {"tariff": 17, "version": 3, "entry": "ct", "milestone": 0},
        }
    ],
    "net": "-1428.00",
    "tax": "0.00",
    "gross": "-1428.00",
    "gross_shown": "-1,428",
    "gross_capitals": "负壹仟肆佰贰拾捌元整",
    "since": {
        "covered": "100.00",
        "paid": "0",
        "open": "0",
        "credit": {"number": "HZ-2026-000001", "reason": "重开"},
    },
}


def printed(kind: str, form: str, language: str) -> bytes:
    papers = AgreementPapers()
    if kind == "order":
        return papers.order(
            content=ORDER, consents=[CONSENT], digest=DIGEST, language=language, form=form
        )
    return papers.bill(content=BILL, digest=DIGEST, language=language, form=form)


def words(content: bytes, form: str) -> str:
    """All that can be read, without blanks."""
    if form == "pdf":
        found = "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    else:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            assert "word/document.xml" in archive.namelist()
        document = Document(io.BytesIO(content))
        found = "".join(p.text for p in document.paragraphs)
        for table in document.tables:
            found += "".join(cell.text for row in table.rows for cell in row.cells)
    return "".join(found.split())


SAID = {
    ("order", "zh-hans"): ["共沉淀放大<b>&", "第一条工作内容", "叁万陆仟元整", "李工", "尚未确认",
                           "第2版（变更第1版）", "数据归委托方所有。", DIGEST, "合计"],
    ("order", "en"): ["1.Scope", "人民币叁万陆仟元整", "notyet", "Databelongstotheapplicant.",
                      "Haidaifacility"],
    ("bill", "zh-hans"): ["中试服务账单", "负壹仟肆佰贰拾捌元整", "收费标准17第3版", "订单节点1",
                          "HZ-2026-000001", "2小时", "100.00"],
    ("bill", "en"): ["tariff17,version3", "creditnoteHZ-2026-000001", "Coveredbyvouchers"],
}  # fmt: skip


@pytest.mark.parametrize("form", ["pdf", "docx"])
@pytest.mark.parametrize(("kind", "language"), SAID)
def test_a_paper_says_all_of_it(kind: str, language: str, form: str) -> None:
    found = words(printed(kind, form, language), form)
    assert [said for said in SAID[kind, language] if said not in found] == []


def test_a_word_paper_has_chinese_colons_and_headings_to_go_to() -> None:
    document = Document(io.BytesIO(printed("order", "docx", "zh-hans")))
    cells = "".join(c.text for t in document.tables for row in t.rows for c in row.cells)
    assert "确认人：" in cells
    assert "确认人:" not in cells
    headings = [p.text for p in document.paragraphs if p._p.xpath("./w:pPr/w:outlineLvl")]
    assert headings[0] == "第一条\u3000工作内容"


def test_columns_of_a_word_paper_are_as_wide_as_those_of_its_pdf() -> None:
    """Word reads a cell's width, LibreOffice and WPS the column's: they must be the same."""
    document = Document(io.BytesIO(printed("bill", "docx", "zh-hans")))
    for table in document.tables:
        columns = [column.width for column in table.columns]
        assert [[cell.width for cell in row.cells] for row in table.rows] == [columns] * len(
            table.rows
        )
    lines = document.tables[1]
    shaded = [bool(row.cells[0]._tc.xpath("./w:tcPr/w:shd")) for row in lines.rows]
    assert shaded == [True, False, True]


QUOTED: dict[str, Any] = {
    "number": "BJ-2026-000001",
    "facility": "海岱平台",
    "is_demo": False,
    "facts": [("编号", "BJ-2026-000001")],
    "groups": [
        {"title": "一号线 · 2027-01-11",
         "lines": [{"title": "机时费", "formula": "2 天", "notes": [], "amount": "¥9,600"}]},
    ],
    "whole": [],
    "total": "¥9,600",
    "capitals": "玖仟陆佰元整",
    "note": "",
    "digest": DIGEST,
}  # fmt: skip


def test_a_quotation_is_one_table_with_its_sum_in_capitals() -> None:
    both = {**QUOTED["groups"][0], "title": "二号线 · 2027-01-12"}
    for groups, rows in ((QUOTED["groups"], 2), ([*QUOTED["groups"], both], 5)):
        paper = quotation_paper(QUOTED | {"groups": groups}, "zh-hans")
        (grid,) = [block for block in paper.blocks if isinstance(block, Grid)]
        assert (len(grid.rows), grid.rows[-1][0]) == (rows, "合计")
        found = words(pdf(paper), "pdf")
        for said in ("合计大写", "人民币玖仟陆佰元整", *(g["title"][:3] for g in groups)):
            assert said in found


def test_a_pdf_is_the_same_again() -> None:
    assert printed("order", "pdf", "zh-hans") == printed("order", "pdf", "zh-hans")


@pytest.mark.parametrize(
    ("number", "zh"),
    [(1, "第一条"), (10, "第十条"), (14, "第十四条"), (20, "第二十条"), (35, "第三十五条")],
)
def test_articles_are_counted_in_chinese(number: int, zh: str) -> None:
    assert article_number(number, chinese=True) == zh
    assert article_number(number, chinese=False) == f"{number}."


def test_no_line_begins_with_a_comma() -> None:
    for filler in range(40, 52):
        text = "字" * filler + "，" + "后文" * 20
        content = ORDER | {"scope": text}
        made = AgreementPapers().order(
            content=content, consents=[], digest=DIGEST, language="zh-hans", form="pdf"
        )
        lines = PdfReader(io.BytesIO(made)).pages[0].extract_text().split("\n")
        assert [line for line in lines if line.strip().startswith("，")] == []
