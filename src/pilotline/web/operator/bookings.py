"""Calendars and bookings from the facility's side."""

from collections.abc import Iterable
from datetime import datetime
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
from pilotline.kernel.errors import Conflict, Refused
from pilotline.web.shared import bookings
from pilotline.web.shared.bookings import CLOSURES, MomentField
from pilotline.web.shared.facility_view import name_of
from pilotline.web.shared.forms import (
    ChipsField,
    DayField,
    OneOfField,
    PageForm,
    apply_problems,
    render_form,
)
from pilotline.web.shared.lists import Column, Empty, ListPage
from pilotline.web.shared.timelines import Stretch, lines

SHOWN_AT_ONCE = 60


class ClosureForm(PageForm):
    """Which resources are out of use, from when to when, why."""

    resources = ChipsField(label=gettext_lazy("Resources"))
    start = MomentField(label=gettext_lazy("From"))
    end = MomentField(label=gettext_lazy("To"))
    kind = OneOfField(label=gettext_lazy("Why"), choices=list(CLOSURES.items()))
    reason = forms.CharField(label=gettext_lazy("In words"), required=False, max_length=300)


class LicenceForm(PageForm):
    """Who was trained, on what, until when."""

    resource = OneOfField(label=gettext_lazy("Resource"), choices=())
    login = forms.CharField(label=gettext_lazy("Log-in name or e-mail"), max_length=254)
    until = DayField(label=gettext_lazy("Valid up to and with"))
    note = forms.CharField(label=gettext_lazy("Note"), required=False, max_length=300)


def calendar(request: HttpRequest) -> HttpResponse:
    """Day, week or month of everything that can be booked at my facilities."""
    stretch = Stretch.of(request)
    bookables = queries.own_bookables(who=request.who)
    facilities = sorted(
        {(b.resource.facility.code, name_of(b.resource.facility)) for b in bookables}
    )
    wanted = request.GET.get("facility", "")
    kept = {"facility": wanted} if wanted in dict(facilities) else {}
    shown = [b for b in bookables if not kept or b.resource.facility.code == wanted]
    rows = queries.calendar(
        who=request.who,
        bookables=shown[:SHOWN_AT_ONCE],
        start=stretch.start,
        end=stretch.end,
        now=timezone.now(),
    )
    context = {
        "stretch": stretch,
        "ticks": stretch.ticks(),
        "links": stretch.links(kept),
        "lines": lines(rows, stretch, book=_closer, look=_look),
        "may_book": True,
        "book_url": reverse("operator:closures"),
        "resource_url": "operator:bookable",
        "several": len(facilities) > 1 and not kept,
        "facilities": facilities,
        "facility": kept.get("facility", ""),
        "asked": queries.approvals(who=request.who).count(),
        "more": len(shown) - SHOWN_AT_ONCE,
    }
    return render(request, "operator/calendar.html", context)


def _closer(resource: int, start: datetime, end: datetime) -> str:
    at = f"{timezone.localtime(start):{bookings.MOMENT}}"
    return f"{reverse('operator:closures')}?resource={resource}&start={at}#hold"


def _look(row: Any) -> str:
    if row.booking_id is None:
        return reverse("operator:closures")
    return reverse("operator:booking", args=[row.booking_id])


def booking_list(request: HttpRequest) -> HttpResponse:
    return ListPage(
        name="bookings",
        title=gettext_lazy("Bookings"),
        rows=queries.facility_bookings(who=request.who),
        columns=bookings.columns(_address, side="operator"),
        filters=bookings.filters(),
        search=("number", "purpose", "organisation__name"),
        order=("-starts", "-pk"),
        empty=Empty(
            gettext_lazy("Nobody has booked yet"),
            gettext_lazy("Open your lines and equipment for booking, with their opening hours."),
            reverse("operator:bookables"),
            gettext_lazy("What can be booked"),
        ),
    ).respond(request, "operator/bookings.html")


def _address(booking: Any) -> str:
    return reverse("operator:booking", args=[booking.pk])


def booking(request: HttpRequest, booking: int) -> HttpResponse:
    return bookings.booking_page(request, booking, side="operator")


def approval_list(request: HttpRequest) -> HttpResponse:
    return ListPage(
        name="approvals",
        title=gettext_lazy("Approvals"),
        rows=queries.approvals(who=request.who),
        columns=[
            *bookings.columns(_address, side="operator"),
            Column(name="held_until", title=gettext_lazy("Answer until"), show="when"),
        ],
        search=("number", "purpose", "organisation__name"),
        order=("held_until", "pk"),
        empty=Empty(gettext_lazy("Nothing waits for your approval")),
    ).respond(request, "operator/approvals.html")


def waiting_list(request: HttpRequest) -> HttpResponse:
    return ListPage(
        name="waiting",
        title=gettext_lazy("Waiting list"),
        rows=queries.line(who=request.who),
        columns=[
            Column(
                name="resource",
                title=gettext_lazy("Resource"),
                value=lambda row: name_of(queries.own_place(who=request.who, waiting=row)),
                leading=True,
            ),
            Column(name="organisation", title=gettext_lazy("Applicant"), value="organisation.name"),
            Column(
                name="minutes",
                title=gettext_lazy("Length (minutes)"),
                show="number",
                sort="minutes",
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
            Column(
                name="in_steps",
                title=gettext_lazy("Steps"),
                value=lambda row: row.steps.all(),
                template="shared/_steps.html",
                exported=False,
            ),
            Column(name="purpose", title=gettext_lazy("Purpose")),
        ],
        order=("resource", "pk"),
        empty=Empty(gettext_lazy("Nobody stands in line")),
    ).respond(request, "operator/waiting.html")


def closure_list(request: HttpRequest) -> HttpResponse:
    """When my resources are out of use, and one more such time."""
    bookables = list(queries.own_bookables(who=request.who))
    form = ClosureForm(request.POST or None, initial=_initial(request))
    form.fields["resources"].choices = _choices(bookables)
    if form.is_valid():
        given = form.cleaned_data
        wanted = [int(pk) for pk in given.pop("resources")]
        try:
            services.close_resources(who=request.who, resources=wanted, now=timezone.now(), **given)
        except Refused as refused:
            apply_problems(form, refused)
        except Conflict as conflict:
            form.add_error(None, str(conflict.text))
        else:
            messages.success(request, _("Out of use for that time; nobody can book it."))
            return redirect("operator:closures")
    page = ListPage(
        name="closures",
        title=gettext_lazy("Out of use"),
        rows=queries.closures(who=request.who),
        columns=[
            Column(name="resources", title=gettext_lazy("Resources"), value=_names, leading=True),
            Column(name="kind", title=gettext_lazy("Why"), show="badge", words=CLOSURES),
            Column(name="from", title=gettext_lazy("From"), value="period.lower", show="when"),
            Column(name="to", title=gettext_lazy("To"), value="period.upper", show="when"),
            Column(name="reason", title=gettext_lazy("In words")),
            Column(
                name="lift",
                title=gettext_lazy("To do"),
                value=lambda row: row,
                template="operator/_lift.html",
                exported=False,
            ),
        ],
        order=("-period", "-pk"),
        empty=Empty(gettext_lazy("Nothing was ever out of use")),
    )
    if form.is_bound:
        return render_form(request, "operator/closures.html", {"list": page.bind(request)}, form)
    return page.respond(request, "operator/closures.html", {"form": form})


def _initial(request: HttpRequest) -> dict[str, Any]:
    found: dict[str, Any] = {"resources": request.GET.getlist("resource")[:SHOWN_AT_ONCE]}
    for name in ("start", "end"):
        try:
            text = request.GET.get(name, "")
            found[name] = timezone.make_aware(datetime.strptime(text, bookings.MOMENT))
        except (ValueError, OverflowError):
            continue
    return found


def _names(closure: Any) -> str:
    return ", ".join(dict.fromkeys(name_of(row.resource) for row in closure.occupations.all()))


@require_POST
def lift(request: HttpRequest, closure: int) -> HttpResponse:
    try:
        services.lift_closure(who=request.who, closure=closure, now=timezone.now())
    except Conflict as conflict:
        messages.error(request, str(conflict.text))
    else:
        messages.success(request, _("It can be booked again."))
    return redirect("operator:closures")


def _choices(bookables: Iterable[Any]) -> list[tuple[str, str]]:
    """Resources to choose from, each with its facility."""
    return [
        (str(b.pk), f"{name_of(b.resource.facility)} · {name_of(b.resource)}") for b in bookables
    ]


def licence_list(request: HttpRequest) -> HttpResponse:
    """Who is licensed for my resources, and one more."""
    form = LicenceForm(request.POST or None)
    form.fields["resource"].choices = _choices(queries.own_bookables(who=request.who))
    if form.is_valid():
        given = form.cleaned_data
        try:
            services.license_person(
                who=request.who,
                resource=int(given["resource"]),
                login=given["login"],
                until=given["until"],
                note=given["note"],
                now=timezone.now(),
            )
        except Refused as refused:
            apply_problems(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("operator:licences")
    page = ListPage(
        name="licences",
        title=gettext_lazy("Licences"),
        rows=queries.licences(who=request.who),
        columns=[
            Column(
                name="user", title=gettext_lazy("Person"), value=lambda r: str(r.user), leading=True
            ),
            Column(
                name="resource",
                title=gettext_lazy("Resource"),
                value=lambda row: name_of(row.resource),
            ),
            Column(name="until", title=gettext_lazy("Valid to"), show="day", sort="until"),
            Column(name="note", title=gettext_lazy("Note")),
            Column(
                name="end",
                title=gettext_lazy("End"),
                value=lambda row: row,
                template="operator/_end_licence.html",
                exported=False,
            ),
        ],
        search=("user__name", "resource__name"),
        order=("until", "pk"),
        empty=Empty(gettext_lazy("Nobody is licensed yet")),
    )
    if form.is_bound:
        return render_form(request, "operator/licences.html", {"list": page.bind(request)}, form)
    return page.respond(request, "operator/licences.html", {"form": form})


@require_POST
def end_licence(request: HttpRequest, licence: int) -> HttpResponse:
    services.end_licence(who=request.who, licence=licence, now=timezone.now())
    messages.success(request, _("Ended. Bookings that stand are left alone."))
    return redirect("operator:licences")
