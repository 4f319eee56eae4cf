"""Lists into the catalogue: handed in, every row's fate looked at, carried out."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from ninja import Field, File, Form, Router, Schema, UploadedFile

from pilotline.desks.registry import queries, services
from pilotline.kernel.errors import NotFound
from pilotline.web.api.doors import Bearer
from pilotline.web.api.route import Id, Limit, Listed, Offset, download, get, made, part_of, post
from pilotline.web.shared import sheets

router = Router(tags=[_("Import")])
OPERATOR, REGION = Bearer("operator"), Bearer("authority")
Fate = Literal["", "new", "changed", "same", "refused", "ignored"]
TAKES = _(
    "xlsx or CSV as multipart/form-data; headings in Chinese or English, in any order. Nothing is "
    "written yet: look at every row's fate, then apply."
)


class ImportRow(Schema):
    id: Id
    name: str = Field(examples=["设备清单.xlsx"])
    status: str = Field(description=_("planned or applied."), examples=["planned"])
    made_at: datetime
    applied_at: datetime | None


class FateShape(Schema):
    sheet: str
    row: int
    kind: str
    title: str
    fate: str = Field(examples=["new"])
    changes: list[tuple[str, str, str]] = Field(description=_("What, what was, what will be."))
    problems: list[tuple[str, str]] = Field(description=_("Cell and reason; any refuses the row."))
    notes: list[str]


class ImportShape(ImportRow):
    counts: dict[str, int]
    remarks: list[str]
    fates: list[FateShape] = Field(description=_("At most limit rows from offset on."))


@get(
    router, "/operator/imports", "operator-imports", _("Lists I handed in lately"),
    Listed[ImportRow], auth=OPERATOR,
)  # fmt: skip
def own(request: HttpRequest, limit: Limit = 50, offset: Offset = 0) -> dict[str, Any]:
    rows = queries.import_files(request.who, services.CATALOGUE)
    return part_of(rows, limit, offset, lambda row: row)


@post(
    router, "/operator/imports", "operator-imports", _("Hand in a list of my catalogue"),
    ImportShape, status=201, creates=True, auth=OPERATOR, about=TAKES,
)  # fmt: skip
def plan_own(
    request: HttpRequest,
    file: File[UploadedFile],
    organisation: Form[Id],
    facility: Annotated[str, Form(max_length=24)] = "",
) -> Any:
    return _planned(
        request, file, kind=services.CATALOGUE, organisation=organisation, facility=facility
    )


@get(
    router, "/operator/imports/{id}", "operator-import", _("The fate of every row"), ImportShape,
    auth=OPERATOR,
)  # fmt: skip
def show_own(
    request: HttpRequest, id: Id, fate: Fate = "", limit: Limit = 200, offset: Offset = 0
) -> Any:
    return _shown(_file(request, id, services.CATALOGUE), fate, limit, offset)


@post(
    router, "/operator/imports/{id}/apply", "operator-import-apply",
    _("Carry out exactly what was shown"), ImportShape, auth=OPERATOR,
)  # fmt: skip
def apply_own(request: HttpRequest, id: Id) -> Any:
    return _applied(request, id, services.CATALOGUE)


@get(
    router, "/operator/imports/{id}/marked.xlsx", "operator-import-marked",
    _("The list with its errors marked"), None, auth=OPERATOR, extra=download(sheets.MEDIA_TYPE),
)  # fmt: skip
def marked_own(request: HttpRequest, id: Id) -> Any:
    return _marked(request, id, services.CATALOGUE)


@get(
    router, "/authority/imports", "authority-imports", _("Official lists I handed in lately"),
    Listed[ImportRow], auth=REGION,
)  # fmt: skip
def official(request: HttpRequest, limit: Limit = 50, offset: Offset = 0) -> dict[str, Any]:
    rows = queries.import_files(request.who, services.OFFICIAL)
    return part_of(rows, limit, offset, lambda row: row)


@post(
    router, "/authority/imports", "authority-imports", _("Hand in an official list"), ImportShape,
    status=201, creates=True, auth=REGION, about=TAKES,
)  # fmt: skip
def plan_official(
    request: HttpRequest,
    file: File[UploadedFile],
    source_url: Annotated[str, Form(max_length=500, pattern=r"^(https?://\S+)?$")] = "",
) -> Any:
    return _planned(request, file, kind=services.OFFICIAL, source_url=source_url)


@get(
    router, "/authority/imports/{id}", "authority-import", _("The fate of every row"),
    ImportShape, auth=REGION,
)  # fmt: skip
def show_official(
    request: HttpRequest, id: Id, fate: Fate = "", limit: Limit = 200, offset: Offset = 0
) -> Any:
    return _shown(_file(request, id, services.OFFICIAL), fate, limit, offset)


@post(
    router, "/authority/imports/{id}/apply", "authority-import-apply",
    _("Carry out exactly what was shown"), ImportShape, auth=REGION,
)  # fmt: skip
def apply_official(request: HttpRequest, id: Id) -> Any:
    return _applied(request, id, services.OFFICIAL)


@get(
    router, "/authority/imports/{id}/marked.xlsx", "authority-import-marked",
    _("The list with its errors marked"), None, auth=REGION, extra=download(sheets.MEDIA_TYPE),
)  # fmt: skip
def marked_official(request: HttpRequest, id: Id) -> Any:
    return _marked(request, id, services.OFFICIAL)


def _planned(request: HttpRequest, file: UploadedFile, **more: Any) -> Any:
    upload = services.Upload(name=file.name or "", content=file.read(), **more)
    kept = services.plan_import(who=request.who, upload=upload, now=timezone.now())
    return made(_shown(kept, "", 200, 0))


def _applied(request: HttpRequest, id: int, kind: str) -> dict[str, Any]:
    _file(request, id, kind)
    services.apply_import(who=request.who, pk=id, now=timezone.now())
    return _shown(_file(request, id, kind), "", 200, 0)


def _marked(request: HttpRequest, id: int, kind: str) -> Any:
    return sheets.answer("checked", queries.annotated_file(_file(request, id, kind)))


def _file(request: HttpRequest, id: int, kind: str) -> Any:
    """A list of this kind that this person handed in."""
    found = queries.import_file(request.who, id)
    if found.kind != kind:
        raise NotFound
    return found


def _shown(file: Any, fate: str, limit: int, offset: int) -> dict[str, Any]:
    plan = queries.plan_of(file)
    rows = [f for f in plan.fates if not fate or f.fate == fate]
    names = ("id", "name", "status", "made_at", "applied_at")
    return {name: getattr(file, name) for name in names} | {
        "counts": dict(plan.counts),
        "remarks": list(plan.remarks),
        "fates": rows[offset : offset + limit],
    }
