"""Workbooks of lists: what a reader of spreadsheets finds in them."""

import io
import zipfile
from datetime import date, datetime
from decimal import Decimal

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from pilotline.desks.registry.forms import Table, workbook
from pilotline.desks.registry.importing import workbook as writing

HEADER = ["名称", "Price <&>"]


def sheet(*rows, header=HEADER, title="清单"):
    return load_workbook(io.BytesIO(workbook([Table(title, header, rows)]))).active


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("反应釜 <b>&\"'", "反应釜 <b>&\"'"),
        (" 前后有空格 ", " 前后有空格 "),
        ("两\n行", "两\n行"),
        ("回\r车", "回\n车"),
        ("回\r\n车", "回\n车"),
        ("007", "007"),
        ("𬍛\x00\x0b\ud800\uffff𫖯", "𬍛𫖯"),
        ("长" * 40_000, "长" * 32_767),
        ("", None),
        (None, None),
        (0, 0),
        (12, 12),
        (True, True),
        (0.1, 0.1),
        (float("nan"), None),
        (Decimal("12800.50"), 12800.5),
        (Decimal("1E-7"), 1e-7),
        (date(2026, 3, 1), datetime(2026, 3, 1)),
        (datetime(2026, 3, 1, 9, 30, 5), datetime(2026, 3, 1, 9, 30, 5)),
        (["一", "二"], "['一', '二']"),
    ],
)
def test_a_value_is_read_back(value, read):
    assert sheet([value, "后"])["A2"].value == read
    assert sheet([value, "后"])["B2"].value == "后"


def test_a_long_list_is_read_like_a_short_one(monkeypatch):
    rows = [["甲", 1], ["", None], ["=1", Decimal("2.5")], ["乙", date(2026, 3, 1)]]
    short = [[cell.value for cell in row] for row in sheet(*rows)]
    monkeypatch.setattr(writing, "FEW_ROWS", 2)
    long = [[cell.value for cell in row] for row in sheet(*rows)]
    assert len(short) == 5
    assert long == short


@pytest.mark.parametrize("typed", ["=1+1", "+1", "-1", "@A1", "\t=1", "\r=1", "\x00=1"])
def test_what_might_run_is_a_text_that_stays_one(typed):
    cell = sheet([typed])["A2"]
    # A cell knows one kind of line break and no NUL.
    read = typed.replace("\r", "\n").replace("\x00", "")
    assert (cell.value, cell.data_type, cell.quotePrefix) == (read, "s", True)


def test_a_header_stays_in_sight():
    found = sheet(["a", 1])
    assert [cell.value for cell in found[1]] == HEADER
    assert all(cell.font.b for cell in found[1])
    assert (found["A2"].font.b, found["A2"].quotePrefix) == (False, False)
    assert found.freeze_panes == "A2"
    # What a file calls 18.71 is shown as 18: the margin of a cell counts.
    assert found.column_dimensions["A"].width == pytest.approx(18.71, abs=0.01)
    assert (found["A1"].data_type, sheet(header=["=1"])["A1"].data_type) == ("s", "s")


def test_days_and_moments_look_like_it():
    found = sheet([date(2026, 3, 1), datetime(2026, 3, 1, 9)])
    assert found["A2"].number_format == "yyyy-mm-dd"
    assert found["B2"].number_format == "yyyy-mm-dd h:mm:ss"


def test_sheets_stand_in_order_and_may_be_empty():
    tables = [Table("A & <B>", ["x"], []), Table("二", [], []), Table("三", ["y"], [[1]])]
    book = load_workbook(io.BytesIO(workbook(tables)))
    assert book.sheetnames == ["A & <B>", "二", "三"]
    assert [[list(row) for row in found.values] for found in book] == [[["x"]], [], [["y"], [1]]]


def test_every_part_is_well_formed_and_the_same_each_time():
    content = workbook([Table("一", HEADER, [["<&>", 1.5]])])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            fromstring(archive.read(name))
    assert workbook([Table("一", HEADER, [["<&>", 1.5]])]) == content


texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)
values = st.one_of(
    texts.filter(lambda text: not text.startswith(("=", "#"))),
    st.none(),
    st.booleans(),
    st.integers(-(10**9), 10**9),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.decimals(-(10**6), 10**6, places=3),
    st.dates(date(1901, 1, 1), date(2200, 1, 1)),
)


@given(st.lists(st.lists(values, min_size=3, max_size=3), max_size=5))
def test_the_cells_are_those_of_a_general_writer(rows):
    general = Workbook(write_only=True)
    written = general.create_sheet("x")
    for row in [["a", "b", "c"], *rows]:
        written.append(row)
    out = io.BytesIO()
    general.save(out)
    found, expected = (
        list(each.iter_rows(values_only=True, max_row=len(rows) + 1, max_col=3))
        for each in (sheet(*rows, header=["a", "b", "c"]), load_workbook(out).active)
    )
    assert found == expected
