"""What a person has been told: the list, the way to what it is about, and marking as read."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST

from pilotline.desks.notices import queries, services
from pilotline.desks.notices.rules import sentence
from pilotline.web.shared.lists import Column, Empty, ListPage

# Where a subject is looked at, by the door its reader enters.
PLACES = {
    "case": {"applicant": "applicant:case", "authority": "authority:case"},
    "match": {
        "operator": "operator:talk",
        "applicant": "applicant:talk",
        "authority": "authority:talk",
    },
    "order": {door: f"{door}:order" for door in ("applicant", "operator", "authority")},
    "bill": {door: f"{door}:bill" for door in ("applicant", "operator", "authority")},
    "dispute": {door: f"{door}:dispute" for door in ("applicant", "operator", "authority")},
    "booking": {"operator": "operator:booking", "applicant": "applicant:booking"},
    "joint-plan": {"operator": "operator:joint-plan"},
    "waiting": {"applicant": "applicant:waiting-one"},
    "quotation": dict.fromkeys(("operator", "applicant"), "shared:quotation"),
    "organisation": {
        "authority": "authority:organisation",
        "applicant": "applicant:organisation",
    },
    "facility": {"operator": "operator:facility"},
    "claimed": {"operator": "operator:facility-claim"},
    "claim": {"authority": "authority:claim"},
    "call": {"public": "public:call", "authority": "authority:call"},
    "application": {door: f"{door}:application" for door in ("applicant", "authority")},
    "readiness": {"operator": "operator:readiness"},
    "expert": {"authority": "authority:expert"},
    "assignment": {"expert": "expert:assignment"},
    "panel": {"authority": "authority:panel"},
    "meeting": {"authority": "authority:meeting"},
    "question": {"authority": "authority:question"},
    "proceeding": dict.fromkeys(("applicant", "operator", "authority"), "shared:proceeding"),
    "delivery": {"sysop": "authority:delivery"},
}
# Who was taken out, and whose role it was, has no page of it any more.
NOWHERE = frozenset(
    {"member.removed", "expert.refused", "expert.left", "review.taken", "meeting.called"}
)
# Kinds that are written for one door only, whatever else their reader may be.
DOOR_OF = {
    **dict.fromkeys(["call.opened", "call.notice", "call.results", "objection.answered"], "public"),
    **dict.fromkeys(["call.arrived", "call.left", "milestone.reported"], "authority"),
    "objection.raised": "authority",
    "expert.applied": "authority",
    "review.offered": "expert",
    "review.due": "expert",
    "review.late": "expert",
    "review.short": "authority",
    "review.marked": "authority",
    "question.asked": "authority",
    "advice.given": "authority",
    "case.accepted": "applicant",
    "case.arrived": "authority",
    "shortlist.ready": "applicant",
    "shortlist.gap": "applicant",
    "match.asked": "operator",
    "bill.drafted": "operator",
    "bill.issued": "applicant",
    "bill.paid": "operator",
    "bill.cancelled": "applicant",
    "bill.settled": "applicant",
    "revenue.shared": "operator",
    "match.offered": "applicant",
    "match.accepted": "applicant",
    "match.declined": "applicant",
    "case.amended": "operator",
    "booking.asked": "operator",
    "booking.taken": "operator",
    "booking.moved": "operator",
    "booking.cancelled": "operator",
    "booking.confirmed": "applicant",
    "booking.declined": "applicant",
    "booking.withdrawn": "applicant",
    "booking.expired": "applicant",
    "booking.closed": "applicant",
    "booking.offered": "applicant",
    "times.proposed": "operator",
    "times.lost": "applicant",
    "times.declined": "applicant",
    "case.withdrawn": "operator",
    "quotation.offered": "applicant",
    "quotation.made": "operator",
    "quotation.accepted": "operator",
    "quotation.declined": "operator",
    "quotation.withdrawn": "applicant",
    "quotation.ending": "applicant",
    "quotation.lapsed": "applicant",
    "quotation.unused": "operator",
    "organisation.registered": "authority",
    "organisation.confirmed": "applicant",
    "organisation.refused": "applicant",
    "organisation.revoked": "applicant",
    "facilities.left": "applicant",
    "member.joined": "applicant",
    "member.left": "applicant",
}


def notice_list(request: HttpRequest) -> HttpResponse:
    """All notices of the reader, newest first."""
    return ListPage(
        name="notices",
        title=_("Notices"),
        rows=queries.notices(who=request.who),
        columns=[
            Column(
                name="text",
                title=_("Notice"),
                value=lambda n: sentence(n.kind, n.facts),
                leading=True,
                link=lambda n: reverse("shared:notice", args=[n.pk]),
            ),
            Column(name="at", title=_("When"), show="when", sort="at"),
            Column(
                name="read",
                title=_("State"),
                value=lambda n: "read" if n.read_at else "new",
                show="badge",
                words={"new": pgettext_lazy("notice", "unread"), "read": _("read")},
                tones={"new": "info", "read": "quiet"},
            ),
        ],
        empty=Empty(
            _("Nothing yet"), _("You will be told here, and by mail, when something happens.")
        ),
    ).respond(request, "shared/notices.html", {"unread": queries.unread_count(who=request.who)})


def notice(request: HttpRequest, id: int) -> HttpResponse:
    """Lead to what a notice is about. It counts as read from then on."""
    found = queries.notice(who=request.who, id=id)
    services.mark_read(who=request.who, ids=[id], now=timezone.now())
    return redirect(_place(request, found))


def _place(request: HttpRequest, found: Any) -> str:
    places = {} if found.kind in NOWHERE else PLACES.get(found.subject_kind, {})
    door = DOOR_OF.get(found.kind, "")
    if door not in places:
        door = next((d for d in places if request.who.has(d)), "")
    if not door:
        return reverse("shared:notices")
    return reverse(places[door], args=[found.subject_id])


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    services.mark_read(who=request.who, now=timezone.now())
    return redirect("shared:notices")
