"""Disputes at the doors of both sides and of the authority that mediates."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from pilotline.desks.settlement import queries, services
from pilotline.desks.settlement.rules import may_mediate, sides_of
from pilotline.kernel.errors import Problem, Refused
from pilotline.web.shared.bills import typed
from pilotline.web.shared.cells import Column
from pilotline.web.shared.facility_view import name_of
from pilotline.web.shared.filters import Filter
from pilotline.web.shared.lists import Empty, ListPage

STATES = {
    "open": pgettext_lazy("dispute", "open"),
    "settled": pgettext_lazy("dispute", "settled"),
    "withdrawn": pgettext_lazy("dispute", "withdrawn"),
}
TONES = {"open": "warn", "settled": "good", "withdrawn": "quiet"}
SAID = {
    "opening": gettext_lazy("opened the dispute"),
    "statement": gettext_lazy("stated"),
    "mediation": gettext_lazy("mediated"),
    "settlement": gettext_lazy("wrote down the settlement"),
    "withdrawal": gettext_lazy("withdrew the dispute"),
}
WHO = {
    "applicant": gettext_lazy("the applicant"),
    "operator": gettext_lazy("the facility"),
    "authority": gettext_lazy("the authority"),
}


def dispute_list(request: HttpRequest, door: str) -> HttpResponse:
    """The disputes of a door, open ones first."""

    def link(row: Any) -> str:
        return reverse(f"{door}:dispute", args=[row.pk])

    return ListPage(
        name="disputes",
        title=gettext_lazy("Disputes"),
        rows=queries.disputes(who=request.who, door=door),
        columns=[
            Column(name="number", title=pgettext_lazy("paper", "Number"), link=link, sort="number"),
            Column(
                name="subject",
                title=gettext_lazy("Subject"),
                leading=True,
                link=link,
                sort="subject",
            ),
            Column(name="order", title=gettext_lazy("Order"), value="order.number"),
            Column(name="applicant", title=gettext_lazy("Applicant"), value="order.applicant.name"),
            Column(
                name="facility",
                title=gettext_lazy("Facility"),
                value=lambda row: name_of(row.order.facility),
            ),
            Column(
                name="state",
                title=gettext_lazy("State"),
                show="badge",
                words=STATES,
                tones=TONES,
                sort="state",
            ),
            Column(name="last_at", title=gettext_lazy("Last word"), show="when", sort="last_at"),
        ],
        filters=[
            Filter(
                name="state", title=gettext_lazy("State"), lookup="state", choices=STATES.items()
            )
        ],
        search=("number", "subject", "order__number", "order__applicant__name"),
        order=("state", "-last_at"),
        empty=Empty(
            gettext_lazy("No dispute"),
            gettext_lazy("Either side of an agreed order can ask the authority to mediate."),
        ),
    ).respond(request, "shared/plain_list.html", {"heading": _("Disputes")})


def dispute_page(request: HttpRequest, id: int, door: str) -> HttpResponse:
    """Read a dispute and write in it, settle it or withdraw it."""
    found = queries.dispute(who=request.who, id=id)
    problems: list[Problem] = []
    if request.method == "POST":
        try:
            _do(request, id, door)
        except Refused as refused:
            problems = list(refused.problems)
        else:
            messages.success(request, _("Written down."))
            return redirect(f"{door}:dispute", id)
        found = queries.dispute(who=request.who, id=id)
    sides = sides_of(request.who, found.order)
    mediates = door == "authority" and may_mediate(request.who, found)
    context = {
        "dispute": found,
        "order": found.order,
        "door": door,
        "entries": [
            {"entry": e, "words": SAID[e.kind], "side": WHO[e.side]} for e in found.entries.all()
        ],
        "state": (STATES[found.state], TONES[found.state]),
        "may_write": found.state == "open" and (door in sides or mediates),
        "may_settle": found.state == "open" and mediates,
        "may_withdraw": found.state == "open" and door == found.side and door in sides,
        "problems": problems,
        "sent": request.POST,
        "back": reverse(f"{door}:disputes"),
        "order_url": reverse(f"{door}:order", args=[found.order_id]),
    }
    return render(request, "shared/dispute.html", context, status=422 if problems else 200)


def _do(request: HttpRequest, id: int, door: str) -> None:
    text, now = typed(request, "text"), timezone.now()
    act = request.POST.get("do", "")
    if act == "settle":
        ends = "ends" in request.POST
        services.settle_dispute(who=request.who, dispute=id, outcome=text, ends_order=ends, now=now)
    elif act == "withdraw":
        services.withdraw_dispute(who=request.who, dispute=id, text=text, now=now)
    else:
        services.write_in_dispute(who=request.who, dispute=id, side=door, text=text, now=now)
