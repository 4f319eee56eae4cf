"""Orders at the doors of both sides and of the authority: lists, the text, what can be done."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from pilotline.desks.settlement import ports, queries, services
from pilotline.desks.settlement.forms import missing
from pilotline.kernel.errors import Conflict, Problem, Refused
from pilotline.rulebook.answers import as_number
from pilotline.web.shared import book
from pilotline.web.shared.cells import Column
from pilotline.web.shared.facility_view import name_of
from pilotline.web.shared.filters import Filter
from pilotline.web.shared.lists import Empty, ListPage
from pilotline.web.shared.papers import in_words
from pilotline.web.shared.values import language

STATES = {
    "draft": pgettext_lazy("order", "draft"),
    "agreed": pgettext_lazy("order", "agreed"),
    "completed": pgettext_lazy("order", "completed"),
    "terminated": pgettext_lazy("order", "terminated"),
    "withdrawn": pgettext_lazy("order", "withdrawn"),
}
TONES = {
    "draft": "warn",
    "agreed": "good",
    "completed": "quiet",
    "terminated": "bad",
    "withdrawn": "quiet",
}
WAITING = {
    "applicant": gettext_lazy("the applicant"),
    "operator": gettext_lazy("the facility"),
    "both": gettext_lazy("both sides"),
    "": "",
}
SIDES = {"applicant": gettext_lazy("Applicant"), "operator": gettext_lazy("Facility")}
MEDIA = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
EMPTY = {
    "applicant": gettext_lazy(
        "An order is drafted from a match: open an agreed talk and draft it."
    ),
    "operator": gettext_lazy("An order is drafted from a match: open an agreed talk and draft it."),
    "authority": gettext_lazy("Orders are drafted by the two sides of a match."),
}


def _columns(door: str, link: Callable[[Any], str]) -> list[Column]:
    """The columns of a list of orders."""
    return [
        Column(name="number", title=pgettext_lazy("paper", "Number"), link=link, sort="number"),
        Column(name="title", title=gettext_lazy("Title"), leading=True, link=link, sort="title"),
        Column(
            name="kind", title=gettext_lazy("Kind"), show="title", of="order_kinds", sort="kind"
        ),
        Column(
            name="applicant",
            title=gettext_lazy("Applicant"),
            value="applicant.name",
            sort="applicant__name",
            shown=door != "applicant",
        ),
        Column(
            name="facility",
            title=gettext_lazy("Facility"),
            value=lambda row: name_of(row.facility),
            sort="facility__name",
        ),
        Column(name="price", title=gettext_lazy("Price"), show="money", sort="price"),
        Column(
            name="state",
            title=gettext_lazy("State"),
            show="badge",
            words=STATES,
            tones=TONES,
            sort="state",
        ),
        Column(
            name="waiting_for",
            title=gettext_lazy("Waiting for"),
            value=lambda row: WAITING[row.waiting_for],
            sort="waiting_for",
        ),
        Column(name="changed_at", title=gettext_lazy("Changed"), show="when", sort="changed_at"),
    ]


def order_list(request: HttpRequest, door: str) -> HttpResponse:
    """The orders of a door, those that wait for an answer first."""

    def link(row: Any) -> str:
        return reverse(f"{door}:order", args=[row.pk])

    return ListPage(
        name="orders",
        title=gettext_lazy("Orders"),
        rows=queries.orders(who=request.who, door=door),
        columns=_columns(door, link),
        filters=[
            Filter(
                name="state", title=gettext_lazy("State"), lookup="state", choices=STATES.items()
            ),
            Filter(
                name="waiting",
                title=gettext_lazy("Waiting for"),
                lookup="waiting_for",
                choices=[(k, v) for k, v in WAITING.items() if k],
            ),
        ],
        search=("number", "title", "applicant__name", "facility__name", "case__number"),
        order=("-changed_at",),
        empty=Empty(gettext_lazy("No order yet"), EMPTY[door]),
    ).respond(request, "shared/plain_list.html", {"heading": _("Orders")})


def draft(request: HttpRequest, match: int, door: str) -> HttpResponse:
    """Draft the order of an agreed match, or open the one that is there."""
    order = services.draft_order(who=request.who, match=match, side=door, now=timezone.now())
    return redirect(f"{door}:order", order.pk)


def order_page(request: HttpRequest, id: int, door: str) -> HttpResponse:
    """Read an order, and do what its state allows one's side."""
    found = queries.order(who=request.who, id=id)
    problems: list[Problem] = []
    if request.method == "POST":
        try:
            answer = _do(request, found, door)
        except Refused as refused:
            problems = list(refused.problems)
        except Conflict as late:
            problems = [Problem("late", late.text)]
        else:
            return answer
        found = queries.order(who=request.who, id=id)
    context = _shown(request, found, door) | {"problems": problems, "sent": request.POST}
    return render(request, "shared/order.html", context, status=422 if problems else 200)


def _shown(request: HttpRequest, found: Any, door: str) -> dict[str, Any]:
    who, text = request.who, queries.latest(order=found)
    speaks = door in queries.speaking_for(who=who, order=found)
    consents = list(text.consents.select_related("organisation"))
    may = _may(found, text, {c.side for c in consents}, door, speaks=speaks)
    lacking = missing(order=found, day=timezone.localdate()) if found.state == "draft" else []
    return {
        "order": found,
        "door": door,
        "text": text,
        "content": in_words(text.content),
        "consents": consents,
        "versions": found.versions.order_by("-number"),
        "amending": found.agreed_version not in (None, found.version),
        "may": may,
        "missing": lacking,
        "sides": SIDES,
        "state": (STATES[found.state], TONES[found.state]),
        "waiting": WAITING[found.waiting_for],
        "bills": queries.case_bills(who=who, order=found.pk),
        "billable": _billable(found) if may["bill"] else [],
        "taxes": _taxes(),
        "disputes": found.disputes.order_by("-id"),
        "back": reverse(f"{door}:orders"),
    }


def _may(found: Any, text: Any, agreed: set[str], door: str, *, speaks: bool) -> dict[str, bool]:
    living = found.state in ("draft", "agreed")
    amending = found.agreed_version not in (None, found.version)
    return {
        "edit": speaks and living,
        "agree": speaks and living and door not in agreed and text.number != found.agreed_version,
        "drop": speaks and found.state == "agreed" and amending,
        "withdraw": speaks and found.state == "draft",
        "complete": speaks and door == "applicant" and found.state == "agreed" and not amending,
        "bill": speaks and door == "operator" and found.state in ("agreed", "completed"),
        "dispute": speaks and found.state in ("agreed", "completed"),
    }


def _billable(found: Any) -> list[dict[str, Any]]:
    """The parts of the agreed price that no bill has yet; none once the use was billed."""
    if queries.living_bills(order=found).exclude(booking=None).exists():
        return []
    billed = queries.billed_parts(order=found)
    content = queries.version(order=found, number=found.agreed_version).content
    rows = [
        {"part": str(at), "title": row["title"], "amount": row["payment"]}
        for at, row in enumerate(content["milestones"])
        if row["payment"] and at not in billed and "whole" not in billed
    ]
    if not rows and not billed and content["price"]:
        rows = [{"part": "whole", "title": _("The whole price"), "amount": content["price"]}]
    return rows


def _taxes() -> list[str]:
    """The rates that the region's pricing policy offers, in percent."""
    rulebook = book.rulebook()
    rates = rulebook.pricing.tax_rates if rulebook and rulebook.pricing else (Decimal(0),)
    return [f"{(rate * 100).normalize():f}" for rate in rates]


def _do(request: HttpRequest, found: Any, door: str) -> HttpResponse:
    act = ACTS.get(request.POST.get("do", ""))
    if act is None:
        raise Refused([Problem("act", _("Choose what is to be done."))])
    return act(request, found, door)


def _agree(request: HttpRequest, found: Any, door: str) -> HttpResponse:
    digest = request.POST.get("digest", "")[:64]
    order = services.agree(
        who=request.who, order=found.pk, side=door, digest=digest, now=timezone.now()
    )
    both = order.agreed_version == order.version
    messages.success(
        request,
        _("Both sides have agreed.") if both else _("Agreed. The other side is asked now."),
    )
    return redirect(f"{door}:order", found.pk)


def _withdraw(request: HttpRequest, found: Any, door: str) -> HttpResponse:
    services.withdraw_order(
        who=request.who, order=found.pk, side=door, reason=_typed(request, "reason"),
        now=timezone.now(),
    )  # fmt: skip
    messages.success(request, _("Withdrawn."))
    return redirect(f"{door}:order", found.pk)


def _drop(request: HttpRequest, found: Any, door: str) -> HttpResponse:
    services.drop_amendment(who=request.who, order=found.pk, side=door, now=timezone.now())
    messages.success(request, _("The amendment was dropped; the agreed text stands."))
    return redirect(f"{door}:order", found.pk)


def _complete(request: HttpRequest, found: Any, door: str) -> HttpResponse:
    services.complete_order(who=request.who, order=found.pk, now=timezone.now())
    messages.success(request, _("Completed."))
    return redirect(f"{door}:order", found.pk)


def _bill(request: HttpRequest, found: Any, door: str) -> HttpResponse:
    part, tax = request.POST.get("part", ""), as_number(request.POST.get("tax", "0"))
    if tax is None:
        raise Refused([Problem("tax", _("The tax is a percentage from 0 to 100."))])
    bill = services.draft_order_bill(
        who=request.who,
        order=found.pk,
        milestone=int(part) if part.isdecimal() and len(part) < 4 else None,
        tax_percent=tax,
        now=timezone.now(),
    )
    return redirect("operator:bill", bill.pk)


def _dispute(request: HttpRequest, found: Any, door: str) -> HttpResponse:
    opened = services.open_dispute(
        who=request.who, order=found.pk, side=door, subject=_typed(request, "subject"),
        text=_typed(request, "text"), now=timezone.now(),
    )  # fmt: skip
    messages.success(request, _("The authority has been asked to mediate."))
    return redirect(f"{door}:dispute", opened.pk)


ACTS: dict[str, Callable[[HttpRequest, Any, str], HttpResponse]] = {
    "agree": _agree,
    "withdraw": _withdraw,
    "drop": _drop,
    "complete": _complete,
    "bill": _bill,
    "dispute": _dispute,
}


def _typed(request: HttpRequest, name: str) -> str:
    """What was typed, without the one character that no database keeps."""
    return request.POST.get(name, "")


def order_paper(request: HttpRequest, id: int, form: str) -> HttpResponse:
    """The order as a PDF or Word document; `?version=2` gives an older text."""
    asked = request.GET.get("version", "")
    number = int(asked) if asked.isdecimal() and len(asked) < 6 else None
    paper = queries.paper(who=request.who, id=id, number=number)
    content = ports.papers().order(
        content=paper["content"],
        consents=paper["consents"],
        digest=paper["digest"],
        language=language(),
        form=form,
    )
    return paper_answer(f"{paper['number']}-v{paper['content']['version']}", form, content)


def paper_answer(name: str, form: str, content: bytes) -> HttpResponse:
    """A paper as a download called `name`."""
    response = HttpResponse(content, content_type=MEDIA[form])
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    response["Cache-Control"] = "private, no-store"
    return response
