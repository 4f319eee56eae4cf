"""Lists as a workbook: a plain writer for what lists need, a tenth of the work of a general one.

Every sheet has a frozen, bold header. A text stays a text, whatever it begins with: its type says
so, and a quote prefix keeps it when somebody edits the cell, so that nothing typed ever runs.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from math import isfinite
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
LONGEST_CELL = 32_767
WIDTH = 18
# What XML cannot hold at all.
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
PLAIN, BOLD, QUOTED, DAY, MOMENT = range(5)  # the places of the styles below

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
FONT = '<sz val="11"/><name val="Calibri"/><family val="2"/>'
XF = '<xf numFmtId="{}" fontId="{}" fillId="0" borderId="0" xfId="0"{}/>'
STYLES = (
    f'{HEAD}<styleSheet {MAIN}><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy-mm-dd"/>'
    '<numFmt numFmtId="165" formatCode="yyyy-mm-dd h:mm:ss"/></numFmts>'
    f'<fonts count="2"><font>{FONT}</font><font><b/>{FONT}</font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="5">'
    + XF.format(0, 0, "")
    + XF.format(0, 1, ' applyFont="1"')
    + XF.format(0, 0, ' quotePrefix="1"')
    + XF.format(164, 0, ' applyNumberFormat="1"')
    + XF.format(165, 0, ' applyNumberFormat="1"')
    + '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/>'
    "</cellStyles></styleSheet>"
)
VIEW = (
    f'{HEAD}<worksheet {MAIN}><sheetViews><sheetView workbookViewId="0"><pane ySplit="1"'
    ' topLeftCell="A2" activePane="bottomLeft" state="frozen"/><selection pane="bottomLeft"/>'
    "</sheetView></sheetViews>"
)


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet. A title is at most 31 characters and holds none of ``[]:*?/\\``."""

    title: str
    header: Sequence[str]
    rows: Iterable[Sequence[Any]]


def workbook(tables: Sequence[Table]) -> bytes:
    """The tables as xlsx, the same bytes for the same tables.

    Numbers, truth values, days and moments (without a zone) are kept as such, anything else as the
    text it prints as; None, empty texts and what is no number are empty cells.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _frame([table.title for table in tables]):
            archive.writestr(_part(name), content)
        for number, table in enumerate(tables, start=1):
            with (
                archive.open(_part(f"xl/worksheets/sheet{number}.xml"), "w") as raw,
                io.TextIOWrapper(raw, encoding="utf-8", newline="") as sheet,
            ):
                sheet.writelines(_sheet(table))
    return out.getvalue()


def _part(name: str) -> zipfile.ZipInfo:
    """A part without the hour at which it was made."""
    info = zipfile.ZipInfo(name)
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def _frame(titles: Sequence[str]) -> Iterable[tuple[str, str]]:
    """Everything but the sheets themselves: what there is, and where."""
    numbers = range(1, len(titles) + 1)
    override = '<Override PartName="/xl/{}.xml" ContentType="' + TYPE + '.{}+xml"/>'
    relation = '<Relationship Id="rId{}" Type="' + OFFICE + '/{}" Target="{}"/>'
    relations = f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{{}}</Relationships>'
    yield (
        "[Content_Types].xml",
        f'{HEAD}<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        + override.format("workbook", "sheet.main")
        + override.format("styles", "styles")
        + "".join(override.format(f"worksheets/sheet{n}", "worksheet") for n in numbers)
        + "</Types>",
    )
    yield "_rels/.rels", relations.format(relation.format(1, "officeDocument", "xl/workbook.xml"))
    yield (
        "xl/workbook.xml",
        f'{HEAD}<workbook {MAIN} xmlns:r="{OFFICE}"><sheets>'
        + "".join(
            f'<sheet name={quoteattr(title)} sheetId="{n}" r:id="rId{n}"/>'
            for n, title in zip(numbers, titles, strict=True)
        )
        + "</sheets></workbook>",
    )
    sheets = [relation.format(n, "worksheet", f"worksheets/sheet{n}.xml") for n in numbers]
    styles = relation.format(len(titles) + 1, "styles", "styles.xml")
    yield "xl/_rels/workbook.xml.rels", relations.format("".join([*sheets, styles]))
    yield "xl/styles.xml", STYLES


def _sheet(table: Table) -> Iterable[str]:
    yield VIEW
    columns = len(table.header)
    if columns:
        yield f'<cols><col min="1" max="{columns}" width="{WIDTH}" customWidth="1"/></cols>'
    yield "<sheetData>"
    yield _row(1, [_text(words, BOLD) for words in table.header])
    for number, row in enumerate(table.rows, start=2):
        yield _row(number, [_cell(value) for value in row])
    yield "</sheetData></worksheet>"


def _row(number: int, cells: Sequence[str]) -> str:
    """A row of cells, each written without its place."""
    placed = [
        f'<c r="{get_column_letter(at)}{number}"{cell}' for at, cell in enumerate(cells, 1) if cell
    ]
    return f'<row r="{number}">{"".join(placed)}</row>'


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return f' t="b"><v>{value:d}</v></c>'
    if isinstance(value, int | float | Decimal):
        return f"><v>{float(value):.16g}</v></c>" if isfinite(value) else ""
    if isinstance(value, date):
        style = MOMENT if isinstance(value, datetime) else DAY
        return f' s="{style}"><v>{to_excel(value):.16g}</v></c>'
    text = str(value)
    return _text(text, QUOTED if text.startswith(DANGEROUS) else PLAIN)


def _text(value: str, style: int) -> str:
    plain = UNWRITABLE.sub("", value)[:LONGEST_CELL]
    if not plain:
        return ""
    space = "" if plain == plain.strip() else ' xml:space="preserve"'
    # A bare carriage return would be read back as a line feed.
    written = escape(plain).replace("\r", "&#13;")
    return f' s="{style}" t="inlineStr"><is><t{space}>{written}</t></is></c>'
