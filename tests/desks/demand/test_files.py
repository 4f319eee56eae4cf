"""Files are taken by what they are, not by what they are called, and kept outside the web root."""

import hashlib
import zipfile
from io import BytesIO

import pytest
from django.core.files.storage import default_storage

from pilotline.desks.demand import queries, services
from pilotline.desks.registry.rules import file_name
from pilotline.kernel.errors import NotFound, Refused
from tests.factories import NOW, actor
from tests.factories_demand import PDF, attached, draft

pytestmark = pytest.mark.usefixtures("rulebook")

OFFICE = "application/vnd.openxmlformats-officedocument."
SHEET = f'<Types><Override ContentType="{OFFICE}spreadsheetml.sheet.main+xml"/></Types>'


def archive(**members):
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def workbook(**more):
    return archive(**{"[Content_Types].xml": SHEET, "xl__workbook.xml": "<workbook/>", **more})


PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(64)


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("工艺.pdf", PDF, "application/pdf"),
        ("样品.JPG", JPEG, "image/jpeg"),
        ("谱图.png", PNG, "image/png"),
        (
            "设备.xlsx",
            workbook(),
            f"{OFFICE}spreadsheetml.sheet",
        ),
        ("数据.csv", "温度,压力\r\n80,1\r\n".encode("gb18030"), "text/csv"),
        ("说明.txt", "说明 μm ℃".encode(), "text/plain"),
    ],
)
def test_what_is_what_it_says_is_taken(name, content, media_type):
    who = actor()
    case = draft(who)
    row = attached(who, case, name, content=content)
    assert (row.name, row.size, row.media_type) == (name, len(content), media_type)
    assert row.sha256 == hashlib.sha256(content).hexdigest()
    assert name not in row.key
    _row, file = queries.open_attachment(who=who, id=row.pk)
    with file:
        assert file.read() == content


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        (
            "图.svg",
            b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
            "file-kind",
        ),
        ("页.html", b"<html><script>1</script>", "file-kind"),
        ("数据.csv.exe", b"MZ" + bytes(64), "file-kind"),
        ("无名", PDF, "file-kind"),
        ("工艺.pdf", b"<html><script>1</script>", "file-content"),
        ("图.png", PDF, "file-content"),
        ("表.xlsx", archive(a="b"), "file-content"),
        ("文.docx", workbook(), "file-content"),
        ("宏.xlsx", workbook(xl__vbaProject=b"x"), "file-content"),
        ("坏.xlsx", b"PK\x03\x04" + bytes(30), "file-content"),
        ("文本.txt", b"\x00\x01\x02", "file-content"),
        ("空.pdf", b"", "file-empty"),
    ],
)
def test_what_is_not_is_refused_and_not_kept(name, content, code):
    who = actor()
    case = draft(who)
    with pytest.raises(Refused) as refused:
        attached(who, case, name, content=content)
    assert [(p.code, p.field) for p in refused.value.problems] == [(code, "attachments")]
    assert queries.attachments(who=who, case=case) == []


def test_a_bomb_is_refused_by_what_it_declares():
    bomb = workbook(xl__sheet=bytes(21 * 1024 * 1024))
    assert len(bomb) < 100_000
    who = actor()
    with pytest.raises(Refused) as refused:
        attached(who, draft(who), "bomb.xlsx", content=bomb)
    assert [p.code for p in refused.value.problems] == ["file-content"]


def test_too_large_and_too_many():
    who = actor()
    case = draft(who)
    with pytest.raises(Refused) as refused:
        services.attach(
            who=who, case=case.pk, name="a.pdf", size=21 * 2**20, content=BytesIO(PDF), now=NOW
        )
    assert [p.code for p in refused.value.problems] == ["file-size"]
    for number in range(10):
        attached(who, case, f"{number}.pdf")
    with pytest.raises(Refused) as refused:
        attached(who, case, "11.pdf")
    assert [p.code for p in refused.value.problems] == ["file-count"]


def test_the_same_twice_is_once_and_what_is_removed_is_gone(django_capture_on_commit_callbacks):
    who = actor()
    case = draft(who)
    first, second = attached(who, case), attached(who, case)
    assert first.pk == second.pk
    with django_capture_on_commit_callbacks(execute=True):
        services.detach(who=who, attachment=first.pk, now=NOW)
    services.detach(who=who, attachment=first.pk, now=NOW)
    assert not default_storage.exists(first.key)
    with pytest.raises(NotFound):
        queries.open_attachment(who=who, id=first.pk)
    with pytest.raises(NotFound):
        services.detach(who=actor(), attachment=first.pk, now=NOW)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\文件\\工艺.pdf", "工艺.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("a\x00b\n.pdf", "ab.pdf"),
        ("...", "file"),
        ("长" * 300 + ".pdf", "长" * 100 + ".pdf"),
    ],
)
def test_names_are_made_harmless(given, kept):
    assert file_name(given) == kept
