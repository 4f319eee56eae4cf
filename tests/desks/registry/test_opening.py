"""Files that are dangerous, broken or too large are refused with a plain sentence."""

import io
import zipfile

import pytest
from openpyxl import Workbook

from pilotline.desks.registry.importing import sheets, xlsx
from pilotline.desks.registry.importing.headers import find_header
from pilotline.desks.registry.importing.opening import open_file
from pilotline.desks.registry.importing.rows import rows_of
from pilotline.desks.registry.importing.sheets import UnreadableFile
from pilotline.rulebook import Rulebook
from tests.factories_registry import content as rulebook_content

RULEBOOK = Rulebook.from_content(rulebook_content())


def workbook(*rows: list) -> bytes:
    book = Workbook()
    for row in rows or (["设备名称", "数量"], ["反应釜", 2]):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def repacked(content: bytes, changes: dict[str, bytes]) -> bytes:
    """The workbook with some parts replaced or added."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in {*old.namelist(), *changes}:
            new.writestr(name, changes.get(name) or old.read(name))
    return out.getvalue()


def sheet_xml(data: str, dimension: str = "A1:B2") -> bytes:
    return (
        '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/'
        f'spreadsheetml/2006/main"><dimension ref="{dimension}"/><sheetData>{data}</sheetData>'
        "</worksheet>"
    ).encode()


SHEET = "xl/worksheets/sheet1.xml"
TEXT = '<c r="{0}" t="inlineStr"><is><t>{1}</t></is></c>'


def refused(name: str, content: bytes) -> str:
    with pytest.raises(UnreadableFile) as error:
        open_file(name, content, RULEBOOK)
    return str(error.value)


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE z [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    b'<row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>'
)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 locked"),
        ("a.xlsx", b"PK\x03\x04 and then nothing"),
        ("a.xlsx", b"not a zip"),
        ("a.pdf", b"%PDF-1.7"),
        ("a.csv", b""),
        ("a.csv", b"a\x00b,c"),
        ("a.csv", b'"never closed,1\n2,3'),
        ("a.csv", b"\xff\xfea"),
        ("a.csv", bytes(range(128, 256)) * 40),
        ("a.xlsx", repacked(workbook(), {"xl/vbaProject.bin": b"x"})),
        ("a.xlsx", repacked(workbook(), {"xl/externalLinks/externalLink1.xml": b"<x/>"})),
        ("a.xlsx", repacked(workbook(), {SHEET: BOMB})),
        ("a.xlsx", repacked(workbook(), {SHEET: b"<broken"})),
        ("a.xlsx", repacked(workbook(), {"xl/media/zeros.bin": bytes(100_000_000)})),
        ("a.csv", b"a," * 4_000_000),
    ],
)
def test_refused(name, content):
    text = refused(name, content)
    assert text
    assert "Error" not in text


def test_a_zip_that_is_no_workbook():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("hello.txt", "hello")
    assert refused("a.xlsx", out.getvalue())


def test_a_declared_size_is_only_a_claim():
    row = '<row r="1">' + TEXT.format("A1", "设备名称") + "</row>"
    last = '<row r="1048576">' + TEXT.format("A1048576", "反应釜") + "</row>"
    content = repacked(workbook(), {SHEET: sheet_xml(row + last, "A1:XFD1048576")})
    book = open_file("a.xlsx", content, RULEBOOK)
    assert book.sheets[0].rows == {1: {1: "设备名称"}, 1048576: {1: "反应釜"}}


def test_too_many_rows_and_columns(monkeypatch):
    monkeypatch.setattr(xlsx, "MOST_ROWS", 3)
    assert open_file("a.xlsx", workbook(["a"], ["b"], ["c"]), RULEBOOK).sheets[0].rows[3] == {
        1: "c"
    }
    assert refused("a.xlsx", workbook(["a"], ["b"], ["c"], ["d"]))
    far = '<row r="1">' + TEXT.format("ZZ1", "x") + "</row>"
    assert refused("a.xlsx", repacked(workbook(), {SHEET: sheet_xml(far)}))


def test_formulas_count_by_their_stored_value_and_are_never_run():
    cells = (
        '<row r="1">' + TEXT.format("A1", "设备名称") + TEXT.format("B1", "数量") + "</row>"
        '<row r="2">' + TEXT.format("A2", "反应釜") + '<c r="B2"><f>1+1</f><v>7</v></c></row>'
        '<row r="3">' + TEXT.format("A3", "冻干机") + '<c r="B3"><f>1+1</f></c></row>'
        '<row r="4">' + TEXT.format("A4", "离心机") + '<c r="B4" t="e"><v>#REF!</v></c></row>'
    )
    book = open_file("a.xlsx", repacked(workbook(), {SHEET: sheet_xml(cells)}), RULEBOOK)
    sheet = book.sheets[0]
    header = find_header(sheet, RULEBOOK)
    rows = list(rows_of(sheet, header))
    assert [r.values.get("quantity") for r in rows] == [7, None, None]
    assert [[cell for cell, _text in r.problems] for r in rows] == [[], ["B3"], ["B4"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_encodings_and_delimiters(encoding, delimiter):
    text = f'设备名称{delimiter}说明\r\n反应釜{delimiter}"搪玻璃{delimiter}\n双层"\r\n'
    book = open_file("a.csv", text.encode(encoding), RULEBOOK)
    assert book.sheets[0].rows == {
        1: {1: "设备名称", 2: "说明"},
        2: {1: "反应釜", 2: f"搪玻璃{delimiter}\n双层"},
    }


@pytest.mark.parametrize(
    ("heading", "key", "unit"),
    [
        ("容积(L)", "volume", "L"),
        ("有效容积（立方米）", "volume", "m^3"),
        ("温度/℃", "temperature", "degC"),
        ("压力，MPa", "pressure", "MPa"),
        ("* 容 积 ：", "volume", ""),
    ],
)
def test_units_in_headings(heading, key, unit):
    sheet = sheets.Sheet("x", {1: {1: "设备名称", 2: heading}, 2: {1: "釜", 2: 5}})
    attribute, found = find_header(sheet, RULEBOOK).attributes[2]
    assert (attribute.id, found) == (key, unit)


def test_a_sheet_without_headings_has_none():
    sheet = sheets.Sheet("x", {1: {1: "随便"}, 2: {1: "写写", 2: "而已"}})
    assert find_header(sheet, RULEBOOK) is None
