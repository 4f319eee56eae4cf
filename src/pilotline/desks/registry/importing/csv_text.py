"""Opening a CSV in the encodings that programs here write: UTF-8, GB 18030, Excel's UTF-16."""

import csv
import io

from django.utils.translation import gettext_lazy as _

from pilotline.desks.registry.importing.sheets import (
    MOST_COLUMNS,
    MOST_ROWS,
    Book,
    Sheet,
    UnreadableFile,
    too_many_columns,
    too_many_rows,
)

DELIMITERS = (",", "\t", ";", "|")
# What an export put in front of a dangerous beginning; see exporting.py.
GUARDED = ("'=", "'+", "'-", "'@", "'\t", "'\r", "''")


def open_csv(content: bytes) -> Book:
    """One sheet. Raises UnreadableFile for binary content, unknown encodings and broken quotes."""
    text, encoding = _decoded(content)
    delimiter = _delimiter(text)
    rows: dict[int, dict[int, str]] = {}
    try:
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        for number, line in enumerate(lines, start=1):
            values = {n: unguarded(v) for n, v in enumerate(line, start=1) if v.strip()}
            if not values:
                continue
            if len(rows) >= MOST_ROWS:
                raise too_many_rows()
            if max(values) > MOST_COLUMNS:
                raise too_many_columns()
            rows[number] = values
    except csv.Error as fault:
        words = _("The quotation marks or line breaks of this CSV do not fit together.")
        raise UnreadableFile(words, cause=str(fault)) from fault
    return Book((Sheet("CSV", rows),), encoding, delimiter)


def _decoded(content: bytes) -> tuple[str, str]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _checked(content, "utf-16")
    if b"\x00" in content:
        raise UnreadableFile(_("This file holds NUL bytes: it is not a text."))
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return _checked(content, encoding)
        except UnicodeDecodeError:
            continue
    words = _("The characters of this file cannot be read. Save it as CSV UTF-8.")
    raise UnreadableFile(words)


def _checked(content: bytes, encoding: str) -> tuple[str, str]:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        if encoding == "utf-16":
            raise UnreadableFile(_("The characters of this file cannot be read.")) from None
        raise
    # Bytes of another encoding read as GB 18030 give characters that nobody types.
    strange = sum(1 for c in text if "\ue000" <= c <= "\uf8ff" or c == "\ufffd")
    if strange > len(text) / 100:
        raise UnreadableFile(_("The characters of this file cannot be read. Save it as CSV UTF-8."))
    return text, encoding


def _delimiter(text: str) -> str:
    """The sign that stands most evenly in the first lines; a comma when there is none."""
    lines = [line for line in text.splitlines()[:20] if line.strip()]
    counts = {d: [line.count(d) for line in lines] for d in DELIMITERS}
    return max(DELIMITERS, key=lambda d: (sum(1 for n in counts[d] if n), sum(counts[d])))


def unguarded(text: str) -> str:
    """Take away the apostrophe that an export put there; a typed one was doubled."""
    return text[1:] if text.startswith(GUARDED) else text
