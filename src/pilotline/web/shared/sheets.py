"""Lists as xlsx files that open safely: what people typed can never run as a formula."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header

from pilotline.desks.registry import forms

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(title: str, header: Sequence[Any], rows: Iterable[Sequence[Any]]) -> bytes:
    """One sheet with a frozen, bold header."""
    lines = ([_plain(value) for value in row] for row in rows)
    return forms.workbook([forms.Table(_sheet_title(title), [str(h) for h in header], lines)])


def answer(name: str, content: bytes) -> HttpResponse:
    """The workbook as a download called `name`.xlsx."""
    headers = {"Content-Disposition": content_disposition_header(True, f"{name}.xlsx")}
    return HttpResponse(content, content_type=MEDIA_TYPE, headers=headers)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value).replace(tzinfo=None)
    if isinstance(value, list | tuple | set | frozenset):
        return "、".join(str(one) for one in value)
    return value


def _sheet_title(title: str) -> str:
    return "".join(c for c in title if c not in "[]:*?/\\")[:31] or "1"


def answer_csv(name: str, content: bytes) -> HttpResponse:
    """A CSV as a download called `name`.csv."""
    headers = {"Content-Disposition": content_disposition_header(True, f"{name}.csv")}
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)
