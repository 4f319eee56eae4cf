"""The parties of a joint application as its form sends them: a line each."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from pilotline.desks.people import queries as people
from pilotline.kernel.errors import Problem

LINES = 8


def party_rows(request: HttpRequest, found: Any) -> list[dict[str, Any]]:
    """The parties with what each has said, and whose word is still wanted here."""
    return [
        {
            "party": party,
            "code": party.organisation.credit_code,
            "waits": party.agreed_at is None and party.declined_at is None,
            "is_me": request.who.belongs_to(party.organisation_id) and not party.leads,
        }
        for party in found.partners.all()
    ]


def sent_parties(request: HttpRequest) -> tuple[list[dict[str, Any]], list[Problem]]:
    """Lines of code, task and share; empty lines are passed over, faulty ones are told."""
    codes = request.POST.getlist("code")[:LINES]
    tasks, shares = request.POST.getlist("task"), request.POST.getlist("share")
    parties: list[dict[str, Any]] = []
    problems: list[Problem] = []
    for code, task, share in zip(codes, tasks, shares, strict=False):
        if not (code.strip() or task.strip() or share.strip()):
            continue
        body = people.by_credit_code(code)
        percent = _percent(share)
        if body is None:
            told = _("No confirmed organisation has the code “%(code)s”.") % {"code": code[:40]}
            problems.append(Problem("no-such", told, "partners"))
        if percent is None:
            told = _("“%(share)s” is no share between 0 and 100.") % {"share": share[:20]}
            problems.append(Problem("share", told, "partners"))
        if body is not None and percent is not None:
            parties.append({"organisation": body, "task": task, "share": percent})
    return parties, problems


def _percent(text: str) -> Decimal | None:
    try:
        value = Decimal(text.strip().rstrip("%％"))
    except InvalidOperation:
        return None
    fits = value.is_finite() and 0 <= value <= 100
    return value.quantize(Decimal("0.01")) if fits else None
