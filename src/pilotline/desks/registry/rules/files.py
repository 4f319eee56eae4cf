"""Which files may be attached: what their content is, not what their name says."""

import zipfile
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from typing import IO
from unicodedata import category

import puremagic
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from pilotline.kernel.errors import Problem
from pilotline.rulebook import Rulebook
from pilotline.rulebook.model import Upload

HEAD = 8192
LEAST = 0.4
LONGEST_NAME = 120
# An archive may unfold to the first of these in any case, to the second at most, and to a hundred
# times its size between them.
EASILY_UNPACKED, MOST_UNPACKED, MOST_TIMES = 20 * 1024 * 1024, 300 * 1024 * 1024, 100
MOST_MEMBERS = 5000
OFFICE = "application/vnd.openxmlformats-officedocument."
OFFICE_FOLDERS = {
    "docx": ("word/document.xml", "wordprocessingml.document"),
    "xlsx": ("xl/workbook.xml", "spreadsheetml.sheet"),
    "pptx": ("ppt/presentation.xml", "presentationml.presentation"),
}
SIGNATURES = {
    b"%PDF-": "application/pdf",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
}


def file_name(given: str) -> str:
    """The name without a path or characters that hide what it is, its extension kept."""
    name = given.replace("\\", "/").rpartition("/")[2]
    name = "".join(c for c in name if category(c) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp"))
    name = name.strip(" .") or "file"
    stem, dot, extension = name.rpartition(".")
    if not dot or len(name) <= LONGEST_NAME:
        return name[:LONGEST_NAME]
    return f"{stem[: LONGEST_NAME - 20]}.{extension[:19]}"


def problems_of_file(
    name: str, size: int, content: IO[bytes], rulebook: Rulebook, field: str = "attachments"
) -> tuple[list[Problem], Upload | None, str]:
    """Everything against this file, the kind of upload it is, and its media type by content."""
    upload = rulebook.upload_for(name)
    if upload is None:
        allowed = "、".join(e for u in rulebook.uploads for e in u.extensions)
        told = format_lazy(
            _("This kind of file is not taken. Taken are: {allowed}"), allowed=allowed
        )
        return [Problem("file-kind", told, field)], None, ""
    if size == 0:
        return [Problem("file-empty", _("The file is empty."), field)], upload, ""
    if size > upload.max_bytes:
        most = upload.max_bytes // 1_048_576
        told = format_lazy(_("The file is too large: at most {most} MB."), most=most)
        return [Problem("file-size", told, field)], upload, ""
    media_type = media_type_of(content, upload, name.rpartition(".")[2].lower())
    if media_type is None:
        told = _("The content of the file is not what its name says. It was not kept.")
        return [Problem("file-content", told, field)], upload, ""
    return [], upload, media_type


def media_type_of(content: IO[bytes], upload: Upload, extension: str) -> str | None:
    """The one media type of this upload that the content has; None when it has none of them."""
    content.seek(0)
    head = content.read(HEAD)
    content.seek(0)
    signed = next((kind for sign, kind in SIGNATURES.items() if head.startswith(sign)), None)
    if signed:
        found = [signed]
    elif head.startswith(b"PK"):
        found = [_office_type(content, extension)]
    else:
        found = _guesses(head)
        if not found and _is_text(content):
            found = ["text/csv" if extension == "csv" else "text/plain"]
    content.seek(0)
    return next((kind for kind in found if kind in upload.media_types), None)


def _guesses(head: bytes) -> list[str | None]:
    try:
        return [g.mime_type for g in puremagic.magic_string(head) if g.confidence >= LEAST]
    except (puremagic.PureError, ValueError):
        return []


def _office_type(content: IO[bytes], extension: str) -> str | None:
    """The type of an office file that is what its name says; None for archives, macros, bombs."""
    if extension not in OFFICE_FOLDERS:
        return None
    try:
        with zipfile.ZipFile(content) as archive:
            members = archive.infolist()
            names = {m.filename for m in members}
            size, packed = (sum(sizes) for sizes in zip(*_sizes(members), strict=True))
            most = min(max(EASILY_UNPACKED, MOST_TIMES * packed), MOST_UNPACKED)
            if size > most or len(members) > MOST_MEMBERS or any("vbaProject" in n for n in names):
                return None
            with archive.open("[Content_Types].xml") as listed:
                declared = listed.read(1_000_000)
    except (zipfile.BadZipFile, KeyError, OSError, RuntimeError, NotImplementedError, EOFError):
        return None
    main, kind = OFFICE_FOLDERS[extension]
    is_so = main in names and f"{OFFICE}{kind}.main+xml".encode() in declared
    return OFFICE + kind if is_so else None


def _sizes(members: list[zipfile.ZipInfo]) -> list[tuple[int, int]]:
    """Unfolded and packed size of each member, with a pair of zeros for an empty archive."""
    return [(0, 0), *((m.file_size, m.compress_size) for m in members)]


def _is_text(content: IO[bytes]) -> bool:
    """True for UTF-8, GB 18030 or marked UTF-16 without control characters."""
    content.seek(0)
    raw = content.read()
    marked = raw.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    for encoding in ("utf-16",) if marked else ("utf-8", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        return not any(c < " " and c not in "\t\n\r\f\x1a" for c in text)
    return False
