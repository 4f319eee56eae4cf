"""Files of a case and its receipt, for everybody who may see them."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from pilotline.desks.calls import queries as calls
from pilotline.desks.demand import ports, queries
from pilotline.desks.demand.rules import is_owner
from pilotline.desks.registry import queries as registry
from pilotline.web.shared.values import language

DIGEST_SHOWN = 16


@require_safe
def attachment(request: HttpRequest, id: int) -> FileResponse:
    """A file as a download, never shown in the page: what is inside it is a stranger's."""
    return _download(*queries.open_attachment(who=request.who, id=id))


@require_safe
def paper(request: HttpRequest, id: int) -> FileResponse:
    """A certificate's file, for everybody when its operator shows it."""
    return _download(*registry.open_paper(who=request.who, id=id))


@require_safe
def application_paper(request: HttpRequest, id: int) -> FileResponse:
    """A file of an application, for those who may see the application."""
    return _download(*calls.open_paper(who=request.who, id=id))


def _download(row: Any, content: Any) -> FileResponse:
    response = FileResponse(
        content, as_attachment=True, filename=row.name, content_type=row.media_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def receipt(request: HttpRequest, case: int) -> HttpResponse:
    """The receipt to be printed from the page."""
    paper = queries.receipt(who=request.who, case=case)
    door = "applicant" if is_owner(request.who, paper.case) else "authority"
    context = {
        "paper": paper,
        "case": case,
        "address": check_address(paper),
        "content": in_words(paper.content),
        "back": reverse(f"{door}:case", args=[case]),
    }
    return render(request, "shared/receipt.html", context)


@require_safe
def receipt_pdf(request: HttpRequest, case: int) -> HttpResponse:
    """The receipt as a PDF."""
    paper = queries.receipt(who=request.who, case=case)
    content = ports.printer().receipt(
        content=paper.content,
        digest=paper.digest,
        check_address=check_address(paper),
        language=get_language() or "zh-hans",
    )
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{paper.number}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


def check_address(paper: Any) -> str:
    """Where anybody who holds the paper can see whether it is genuine."""
    place = reverse("public:receipt", args=[paper.number])
    asked = urlencode({"d": paper.digest[:DIGEST_SHOWN]})
    return f"{settings.SITE_URL.rstrip('/')}{place}?{asked}"


def in_words(content: dict[str, Any]) -> dict[str, Any]:
    """The content of a receipt in the reader's language: pairs of both become one text."""
    lang = "zh" if language().startswith("zh") else "en"

    def pick(value: Any) -> Any:
        if isinstance(value, list):
            return [pick(one) for one in value]
        if not isinstance(value, dict):
            return value
        if set(value) == {"zh", "en"}:
            return value[lang]
        found = {key: pick(one) for key, one in value.items() if key not in ("zh", "en")}
        return found | ({"text": value[lang]} if lang in value else {})

    return pick(content)
