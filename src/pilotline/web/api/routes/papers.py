"""What lies in a case's folder: files and the receipt."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from ninja import File, Form, Router, UploadedFile

from pilotline.desks.demand import queries, services
from pilotline.kernel.errors import NotFound
from pilotline.web.api.case_shapes import AttachmentShape, ReceiptShape, attachment_of, receipt_of
from pilotline.web.api.doors import Bearer
from pilotline.web.api.route import Done, Id, delete, download, get, made, post
from pilotline.web.shared import papers

router = Router(tags=[_("Files and receipts")])
ALL, MINE = Bearer(), Bearer("applicant")


@get(
    router, "/cases/{id}/attachments", "case-attachments", _("Files I may open"),
    list[AttachmentShape], auth=ALL,
)  # fmt: skip
def attachments(request: HttpRequest, id: Id) -> Any:
    found = queries.case(who=request.who, id=id)
    return [attachment_of(f) for f in queries.attachments(who=request.who, case=found)]


@get(
    router, "/cases/{id}/attachments/{attachment}", "case-attachment", _("Download a file"), None,
    auth=ALL, extra=download("*/*"),
)  # fmt: skip
def attachment(request: HttpRequest, id: Id, attachment: Id) -> Any:
    if queries.attachment(who=request.who, id=attachment).case_id != id:
        raise NotFound
    return papers.attachment(request, attachment)


@post(
    router, "/my/cases/{id}/attachments", "my-attachments", _("Attach a file"), AttachmentShape,
    status=201, creates=True, auth=MINE,
    about=_("As multipart/form-data. What is taken: /rulebook/lists/uploads; content is checked."),
)  # fmt: skip
def attach(
    request: HttpRequest, id: Id, file: File[UploadedFile], confidential: Form[bool] = False
) -> Any:
    row = services.attach(
        who=request.who,
        case=id,
        name=file.name or "",
        size=file.size or 0,
        content=file,
        confidential=confidential,
        now=timezone.now(),
    )
    return made(attachment_of(row))


@delete(
    router, "/my/cases/{id}/attachments/{attachment}", "my-attachment", _("Take a file out"), Done,
    auth=MINE,
)  # fmt: skip
def detach(request: HttpRequest, id: Id, attachment: Id) -> Any:
    if queries.attachment(who=request.who, id=attachment).case_id != id:
        raise NotFound
    services.detach(who=request.who, attachment=attachment, now=timezone.now())
    return {"done": True}


@get(
    router, "/cases/{id}/receipt", "case-receipt", _("The receipt of a case"), ReceiptShape,
    auth=ALL,
)  # fmt: skip
def receipt(request: HttpRequest, id: Id) -> Any:
    return receipt_of(queries.receipt(who=request.who, case=id))


@get(
    router, "/cases/{id}/receipt.pdf", "case-receipt-pdf", _("The receipt as a PDF"), None,
    auth=ALL, extra=download("application/pdf"),
)  # fmt: skip
def receipt_pdf(request: HttpRequest, id: Id) -> Any:
    return papers.receipt_pdf(request, id)
