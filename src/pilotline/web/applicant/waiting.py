"""Standing in line: for a time that is taken, at one facility; the list of what is waited for."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from pilotline.desks.booking import queries, services
from pilotline.desks.registry import queries as registry
from pilotline.kernel.errors import Conflict, NotFound, Refused
from pilotline.web.applicant.bookings import HoldForm
from pilotline.web.shared import bookings, joint
from pilotline.web.shared.facility_view import name_of
from pilotline.web.shared.fields import Section
from pilotline.web.shared.forms import OneOfField, apply_problems, render_form
from pilotline.web.shared.lists import Column, Empty, ListPage


class WaitForm(HoldForm):
    """The same wish for a time that is taken: how long, within which window."""

    resources = OneOfField(label=gettext_lazy("Resource"), choices=())
    minutes = forms.IntegerField(label=gettext_lazy("Minutes wanted"), min_value=1)
    every = count = whole = match = pieces = None
    sections = (
        Section(
            gettext_lazy("What you wait for"),
            ("resources", "minutes", "start", "end"),
            gettext_lazy("When such a time becomes free you are asked in turn, and have it kept."),
        ),
        Section(gettext_lazy("Use"), ("purpose", "family", "organisation")),
    )


def waiting_list(request: HttpRequest) -> HttpResponse:
    return ListPage(
        name="waiting",
        title=gettext_lazy("Waiting list"),
        rows=queries.own_waiting(who=request.who),
        columns=[
            *waiting_columns(),
            Column(
                name="in_steps",
                title=gettext_lazy("Steps"),
                value=lambda row: row.steps.all(),
                template="shared/_steps.html",
                exported=False,
            ),
            Column(
                name="leave",
                title=gettext_lazy("Change"),
                value=lambda row: row,
                template="applicant/_leave.html",
                exported=False,
            ),
        ],
        order=("-pk",),
        empty=Empty(
            gettext_lazy("You wait for nothing"),
            gettext_lazy("When a time you want is taken, stand in line from the facility's page."),
        ),
    ).respond(request, "applicant/waiting.html")


def waiting_one(request: HttpRequest, waiting: int) -> HttpResponse:
    """One wish: its steps, what could do them, and what the newest joint plan says of it."""
    wish = queries.own_waiting(who=request.who).filter(pk=waiting).first()
    if wish is None:
        raise NotFound
    part = queries.latest_part(who=request.who, waiting=wish) if wish.joint else None
    context = {
        "wish": wish,
        "state": (
            bookings.WAITING_STATES[wish.state],
            bookings.WAITING_TONES.get(wish.state, "quiet"),
        ),
        "steps": _steps(wish),
        "one": joint.shown_parts([part])[0] if part else None,
    }
    return render(request, "applicant/waiting_one.html", context)


def _steps(wish: Any) -> list[dict[str, Any]]:
    things = queries.wish_resources(wish)
    places = {pk: f"{name_of(one)} · {name_of(one.facility)}" for pk, one in things.items()}
    return [
        {
            "number": step.number,
            "minutes": step.minutes,
            "ways": " / ".join(
                " + ".join(places.get(one, "?") for one in way) for way in step.ways
            ),
        }
        for step in wish.steps.all()
    ]


def waiting_columns() -> list[Column]:
    return [
        Column(
            name="resource",
            title=gettext_lazy("Resource"),
            value=lambda row: name_of(row.resource),
            leading=True,
            link=lambda row: reverse("applicant:waiting-one", args=[row.pk]),
        ),
        Column(
            name="facility",
            title=gettext_lazy("Facility"),
            value=lambda row: name_of(row.resource.facility),
        ),
        Column(
            name="minutes", title=gettext_lazy("Length (minutes)"), show="number", sort="minutes"
        ),
        Column(name="from", title=gettext_lazy("From"), value="window.lower", show="when"),
        Column(name="to", title=gettext_lazy("To"), value="window.upper", show="when"),
        Column(
            name="state",
            title=gettext_lazy("State"),
            show="badge",
            words=bookings.WAITING_STATES,
            tones=bookings.WAITING_TONES,
            sort="state",
        ),
    ]


def wait(request: HttpRequest, code: str) -> HttpResponse:
    """Stand in line at one facility."""
    facility = registry.public_facility(code)
    bookables = list(queries.bookables_at(facility=facility.pk))
    start = timezone.localtime().replace(hour=0, minute=0) + timedelta(days=1)
    initial = {"start": start, "end": start + timedelta(days=14), "minutes": 120}
    asked = request.GET.get("resource", "")
    form = WaitForm(
        request.POST or None,
        bookables=bookables,
        who=request.who,
        initial=initial | {"resources": asked},
    )
    if form.is_valid():
        given = form.cleaned_data
        try:
            services.wait_for(
                who=request.who,
                organisation=int(given["organisation"]),
                resource=int(given["resources"]),
                minutes=given["minutes"],
                start=given["start"],
                end=given["end"],
                purpose=given["purpose"],
                family=given["family"],
                now=timezone.now(),
            )
        except Refused as refused:
            apply_problems(form, refused)
        else:
            messages.success(request, _("You stand in line. You are told when it is your turn."))
            return redirect("applicant:waiting")
    return render_form(request, "applicant/wait.html", {"facility": facility}, form)


@require_POST
def leave(request: HttpRequest, waiting: int) -> HttpResponse:
    try:
        services.leave_line(who=request.who, waiting=waiting, now=timezone.now())
    except Conflict as conflict:
        messages.error(request, str(conflict.text))
    else:
        messages.success(request, _("You have left the line."))
    return redirect("applicant:waiting")
