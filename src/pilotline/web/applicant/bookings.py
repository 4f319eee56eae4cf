"""Booking from the applicant's side: find a free time, hold it, follow it, wait in line."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from pilotline.desks.booking import queries, services
from pilotline.desks.booking.rules.recurring import Repeat
from pilotline.desks.booking.rules.wishes import MOST_WORDS, Wish
from pilotline.desks.matching import queries as matching
from pilotline.desks.people import queries as people
from pilotline.desks.registry import queries as registry
from pilotline.kernel.errors import Conflict, NotFound, Refused
from pilotline.web.shared import book, bookings
from pilotline.web.shared.bookings import MOMENT, MomentField
from pilotline.web.shared.fields import Section
from pilotline.web.shared.forms import (
    ChipsField,
    LongField,
    OneOfField,
    PageForm,
    apply_problems,
    listed,
    render_form,
)
from pilotline.web.shared.lists import Column, Empty, ListPage
from pilotline.web.shared.timelines import Stretch, lines

MAX_DIGITS = 18


class HoldForm(PageForm):
    """Which resources, from when to when, what for; again and again where that is wanted."""

    resources = ChipsField(label=gettext_lazy("Resources"))
    start = MomentField(label=gettext_lazy("From"))
    end = MomentField(label=gettext_lazy("To"))
    purpose = LongField(label=gettext_lazy("Purpose"), most=MOST_WORDS, rows=2)
    every = OneOfField(
        label=gettext_lazy("Again"),
        required=False,
        choices=[
            ("", gettext_lazy("once")),
            ("day", gettext_lazy("every day")),
            ("week", gettext_lazy("every week")),
            ("month", gettext_lazy("every month")),
        ],
    )
    count = forms.IntegerField(
        label=gettext_lazy("How many times in all"), required=False, min_value=2
    )
    whole = forms.BooleanField(
        label=gettext_lazy("All of the series or none"), required=False, initial=True
    )
    match = forms.IntegerField(required=False, widget=forms.HiddenInput())

    sections = (
        Section(gettext_lazy("Time"), ("resources", "start", "end")),
        Section(gettext_lazy("Use"), ("purpose", "family", "organisation")),
        Section(gettext_lazy("Series"), ("every", "count", "whole")),
    )

    def __init__(self, *args: Any, bookables: list[Any], who: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["resources"].choices = [(str(b.pk), b.resource.name) for b in bookables]
        rulebook = book.rulebook()
        families = listed(rulebook.material_families) if rulebook else []
        self.fields["family"] = forms.ChoiceField(
            label=_("Material family"),
            help_text=_("Cleaning and set-up before the next use depend on it."),
            choices=[("", "—"), *families],
            required=False,
        )
        own = [(str(m.organisation_id), m.organisation.name) for m in people.own_organisations(who)]
        self.fields["organisation"] = OneOfField(label=_("For"), choices=own)
        if len(own) == 1:
            self.fields["organisation"].initial = own[0][0]


class WaitForm(HoldForm):
    """The same wish for a time that is taken: how long, within which window."""

    resources = OneOfField(label=gettext_lazy("Resource"), choices=())
    minutes = forms.IntegerField(label=gettext_lazy("Minutes wanted"), min_value=1)
    every = count = whole = match = None
    sections = (
        Section(
            gettext_lazy("What you wait for"),
            ("resources", "minutes", "start", "end"),
            gettext_lazy("When such a time becomes free you are asked in turn, and have it kept."),
        ),
        Section(gettext_lazy("Use"), ("purpose", "family", "organisation")),
    )


def booking_list(request: HttpRequest) -> HttpResponse:
    return ListPage(
        name="bookings",
        title=gettext_lazy("My bookings"),
        rows=queries.own_bookings(who=request.who),
        columns=bookings.columns(_address, side="applicant"),
        filters=bookings.filters(),
        search=("number", "purpose"),
        order=("-starts", "-pk"),
        empty=Empty(
            gettext_lazy("You have not booked anything yet"),
            gettext_lazy("Book from a match, or find a facility and see what is free when."),
            reverse("public:facilities"),
            gettext_lazy("Find a facility"),
        ),
    ).respond(request, "applicant/bookings.html")


def _address(booking: Any) -> str:
    return reverse("applicant:booking", args=[booking.pk])


def booking(request: HttpRequest, booking: int) -> HttpResponse:
    return bookings.booking_page(request, booking, side="applicant")


def hold(request: HttpRequest, code: str) -> HttpResponse:
    """What is free at one facility, and a form that holds it."""
    facility, match = registry.public_facility(code), _match(request)
    bookables = list(queries.bookables_at(facility=facility.pk))
    form = HoldForm(
        request.POST or None,
        bookables=bookables,
        who=request.who,
        initial=_initial(request, bookables, match),
    )
    if form.is_valid():
        try:
            address = _hold(request, form)
        except Refused as refused:
            apply_problems(form, refused)
        except Conflict as conflict:
            form.add_error(None, str(conflict.text))
        else:
            return redirect(address)
    stretch = Stretch.of(request)
    kept = {"match": str(match.pk)} if match else {}
    url = reverse("applicant:book", args=[code])
    rows = queries.calendar(
        who=request.who,
        bookables=bookables[:60],
        start=stretch.start,
        end=stretch.end,
        now=timezone.now(),
    )
    book_url = f"{url}?{urlencode(kept)}"
    context = {
        "facility": facility,
        "match": match,
        "stretch": stretch,
        "ticks": stretch.ticks(),
        "links": stretch.links(kept),
        "lines": lines(rows, stretch, book=_booker(book_url, stretch)),
        "may_book": bool(bookables),
        "book_url": book_url,
        "suggested": _suggested(request, form, bookables, book_url),
    }
    return render_form(request, "applicant/book.html", context, form)


def _match(request: HttpRequest) -> Any:
    """The agreed match that led here, if the address names one."""
    text = request.GET.get("match", "") or request.POST.get("match", "")
    if not (text.isascii() and text.isdecimal() and len(text) < MAX_DIGITS):
        return None
    found = matching.match(who=request.who, id=int(text))
    if found.state != "agreed" or not request.who.belongs_to(found.case.organisation_id):
        raise NotFound
    return found


def _booker(url: str, stretch: Stretch) -> Any:
    """The address of the form with a free stretch filled in, at most an hour or a slot of it."""

    def address(resource: int, start: datetime, end: datetime) -> str:
        given = {"resource": resource, "day": f"{stretch.start:%Y-%m-%d}", "span": stretch.span}
        given |= {"start": f"{timezone.localtime(start):{MOMENT}}"}
        return f"{url}&{urlencode(given)}#hold"

    return address


def _initial(request: HttpRequest, bookables: list[Any], match: Any) -> dict[str, Any]:
    known = {str(b.pk): b for b in bookables}
    chosen = [pk for pk in request.GET.getlist("resource") if pk in known]
    if not chosen and match is not None and str(match.line_id) in known:
        chosen = [str(match.line_id)]
    first = known[chosen[0]] if chosen else None
    start = _moment(request.GET.get("start", ""))
    end = _moment(request.GET.get("end", ""))
    if start and first:
        slot = timedelta(minutes=first.slot)
        midnight = start.replace(hour=0, minute=0)
        start = midnight - (midnight - start) // slot * slot
        end = end or start + timedelta(minutes=max(first.shortest, first.slot))
    found: dict[str, Any] = {"resources": chosen, "start": start, "end": end, "whole": True}
    if match is not None:
        found |= {
            "match": match.pk,
            "purpose": f"{match.case.number} {match.case.title}"[:MOST_WORDS],
            "organisation": str(match.case.organisation_id),
        }
    return found


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.strptime(text, MOMENT)
    except ValueError:
        return None
    return timezone.make_aware(found) if 2000 <= found.year < 2200 else None


def _hold(request: HttpRequest, form: HoldForm) -> str:
    """Hold what the form asks for; gives back where to look at it."""
    given = form.cleaned_data
    wishes = [Wish(int(pk), given["start"], given["end"]) for pk in given["resources"]]
    facts = {
        "who": request.who,
        "organisation": int(given["organisation"]),
        "wishes": wishes,
        "purpose": given["purpose"],
        "family": given["family"],
        "match": given["match"],
        "now": timezone.now(),
    }
    if not given["every"]:
        made = services.hold(**facts)
        messages.success(request, _("Kept for you. Confirm it before it runs out."))
        return _address(made)
    repeat = Repeat(given["every"], given["count"] or 0)
    _series, kept, misfits = services.hold_series(**facts, repeat=repeat, whole=given["whole"])
    told = _("%(n)d times are kept for you. Confirm each before it runs out.") % {"n": len(kept)}
    messages.success(request, told)
    for row in misfits[:10]:
        messages.warning(request, f"{row['day']}: {row['text']}")
    return reverse("applicant:bookings")


def _suggested(
    request: HttpRequest, form: HoldForm, bookables: list[Any], url: str
) -> list[dict[str, Any]]:
    """The next starts for the chosen resources together, as links into the form."""
    chosen = [int(pk) for pk in (form["resources"].value() or []) if str(pk).isdecimal()]
    known = {b.pk: b for b in bookables}
    chosen = [pk for pk in chosen if pk in known][:20]
    if not chosen:
        return []
    length = max(max(known[pk].shortest, known[pk].slot) for pk in chosen)
    now = timezone.now()
    try:
        starts = queries.next_free(
            who=request.who,
            resources=chosen,
            minutes=length,
            start=now,
            end=now + timedelta(days=30),
            most=6,
            now=now,
        )
    except Refused:
        return []
    found = []
    for start in starts:
        given = [("resource", str(pk)) for pk in chosen]
        given.append(("start", f"{timezone.localtime(start):{MOMENT}}"))
        found.append({"at": start, "url": f"{url}&{urlencode(given)}#hold"})
    return found


def waiting_list(request: HttpRequest) -> HttpResponse:
    return ListPage(
        name="waiting",
        title=gettext_lazy("Waiting list"),
        rows=queries.own_waiting(who=request.who),
        columns=[
            *waiting_columns(),
            Column(
                name="leave",
                title=gettext_lazy("Leave"),
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


def waiting_columns() -> list[Column]:
    return [
        Column(
            name="resource",
            title=gettext_lazy("Resource"),
            value="resource.name",
            leading=True,
        ),
        Column(name="facility", title=gettext_lazy("Facility"), value="resource.facility.name"),
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
