"""Quotations as all doors show them: the list, the paper, its PDF, and what becomes of it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from pilotline.desks.booking import ports
from pilotline.desks.booking.queries import quotations as queries
from pilotline.desks.booking.rules.tariffs import has_expired, moves_open_to
from pilotline.desks.booking.services import quotations as services
from pilotline.desks.settlement.rules import in_capitals
from pilotline.kernel.errors import NotFound, Refused
from pilotline.web.shared import prices, values
from pilotline.web.shared.cells import Column
from pilotline.web.shared.facility_view import name_of
from pilotline.web.shared.filters import Filter

STATE_WORDS = {
    "open": gettext_lazy("can be accepted"),
    "accepted": gettext_lazy("was accepted"),
    "declined": gettext_lazy("declined"),
    "withdrawn": gettext_lazy("withdrawn"),
    "expired": gettext_lazy("expired"),
}
STATE_TONES = {
    "open": "info",
    "accepted": "good",
    "declined": "quiet",
    "withdrawn": "warn",
    "expired": "quiet",
}
SEARCH = ("number", "facility__name", "organisation__name", "note")


def columns(*, other: str) -> list[Column]:
    """`other` says whom the reader deals with: facility, organisation, or both."""
    listed = [
        Column(
            name="number",
            title=pgettext_lazy("paper", "Number"),
            link=lambda q: reverse("shared:quotation", args=[q.pk]),
            sort="number",
            leading=True,
        )
    ]
    if other in ("facility", "both"):
        listed.append(
            Column(
                name="facility",
                title=gettext_lazy("Facility"),
                value=lambda row: name_of(row.facility),
                sort="facility__name",
            )
        )
    if other in ("organisation", "both"):
        listed.append(
            Column(
                name="organisation",
                title=gettext_lazy("Asked by"),
                value="organisation.name",
                sort="organisation__name",
            )
        )
    return [
        *listed,
        Column(name="uses", title=gettext_lazy("What is used"), value=uses_of),
        Column(name="total", title=gettext_lazy("Total"), show="money", sort="total"),
        Column(
            name="state",
            title=gettext_lazy("State"),
            value="shown_state",
            show="badge",
            words=STATE_WORDS,
            tones=STATE_TONES,
        ),
        Column(
            name="valid_until",
            title=gettext_lazy("Last day to accept"),
            show="day",
            sort="valid_until",
        ),
        Column(name="made_at", title=gettext_lazy("Made"), show="when", sort="made_at"),
    ]


def uses_of(quotation: Any) -> str:
    """The names of what is quoted, each once."""
    gap = "、" if values.is_chinese() else ", "
    return gap.join(dict.fromkeys(prices.name_of_use(use) for use in quotation.wanted))


def filters() -> list[Filter]:
    return [
        Filter(
            name="state",
            title=gettext_lazy("State"),
            lookup="shown_state",
            choices=list(STATE_WORDS.items()),
        )
    ]


@require_safe
def quotation(request: HttpRequest, id: int) -> HttpResponse:
    """The paper, to be read and printed, with what may be done with it."""
    return _page(request, id)


def _page(request: HttpRequest, id: int, problems: Any = None, reason: str = "") -> HttpResponse:
    found = queries.quotation(who=request.who, id=id)
    today = timezone.localdate()
    state = "expired" if has_expired(found, today) else found.state
    context = {
        "quotation": found,
        "bill": prices.shown_bill(found, found.wanted),
        "state": STATE_WORDS[state],
        "tone": STATE_TONES[state],
        "moves": moves_open_to(request.who, found, today),
        "problems": problems,
        "reason": reason,
        "back": _back(request, found),
    }
    status = 422 if problems else 200
    return render(request, "shared/quotation.html", context, status=status)


def _back(request: HttpRequest, found: Any) -> str:
    if request.who.belongs_to(found.organisation_id):
        return reverse("applicant:quotations")
    if request.who.belongs_to(found.facility.operator_id):
        return reverse("operator:quotations")
    return reverse("authority:quotations")


@require_safe
def quotation_pdf(request: HttpRequest, id: int) -> HttpResponse:
    """The same as a PDF."""
    found = queries.quotation(who=request.who, id=id)
    content = ports.printer().quotation(content=printed(found), language=values.language())
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{found.number}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


def printed(found: Any) -> dict[str, Any]:
    """What the paper says, in the reader's words."""
    bill = prices.shown_bill(found, found.wanted)
    return {
        "number": found.number,
        "facility": name_of(found.facility),
        "is_demo": found.is_demo,
        "facts": [(str(name), str(text)) for name, text in facts(found)],
        "groups": [
            {
                "title": use.title,
                "lines": [
                    {
                        "title": line.title,
                        "formula": line.formula,
                        "notes": line.notes,
                        "amount": values.money(line.amount),
                    }
                    for line in use.lines
                ],
            }
            for use in bill.uses
            if use.lines
        ],
        "whole": [
            (f"{line.title}{values.aside(line.formula)}", values.money(line.amount))
            for line in bill.whole
        ],
        "total": values.money(bill.total),
        "capitals": in_capitals(bill.total),
        "note": found.note,
        "digest": found.digest,
    }


def facts(found: Any) -> list[tuple[Any, Any]]:
    """The head of the paper."""
    return [
        (pgettext_lazy("paper", "Number"), found.number),
        (_("Facility"), f"{name_of(found.facility)}{values.aside(found.facility.code)}"),
        (_("Quoted for"), found.organisation.name),
        (_("Class of user"), prices.class_words(found.user_class)),
        (_("Made"), f"{timezone.localtime(found.made_at):%Y-%m-%d %H:%M}"),
        (_("Last day to accept"), found.valid_until.isoformat()),
        (_("Rulebook release"), found.release),
    ]


@require_POST
def decide(request: HttpRequest, id: int, move: str) -> HttpResponse:
    """Accept, decline or withdraw."""
    now, reason = timezone.now(), request.POST.get("reason", "")
    moves: dict[str, Callable[[], Any]] = {
        "accept": lambda: services.accept_quotation(who=request.who, quotation=id, now=now),
        "decline": lambda: services.decline_quotation(who=request.who, quotation=id, now=now),
        "withdraw": lambda: services.withdraw_quotation(
            who=request.who, quotation=id, reason=reason, now=now
        ),
    }
    if move not in moves:
        raise NotFound
    try:
        moves[move]()
    except Refused as refused:
        return _page(request, id, refused.problems, reason)
    said = {
        "accept": _("Accepted: these prices hold."),
        "decline": _("Declined."),
        "withdraw": _("Withdrawn."),
    }
    messages.success(request, said[move])
    return redirect("shared:quotation", id)
