"""Booking from the applicant's side: find a free time, see its price, hold it, follow it."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

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
from pilotline.desks.booking.rules.recurring import Repeat
from pilotline.desks.booking.rules.wishes import MOST_WORDS, Wish, problems_of_shape
from pilotline.desks.booking.services import prices as pricing
from pilotline.desks.matching import queries as matching
from pilotline.desks.people import queries as people
from pilotline.desks.registry import queries as registry
from pilotline.kernel.errors import Conflict, NotFound, Refused
from pilotline.web.shared import book, bookings, prices
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
from pilotline.web.shared.lists import Empty, ListPage
from pilotline.web.shared.timelines import Stretch, lines

MAX_DIGITS = 18


class HoldForm(PageForm):
    """Which resources, from when to when, what for; again and again where that is wanted."""

    resources = ChipsField(label=gettext_lazy("Resources"))
    pieces = forms.IntegerField(
        label=gettext_lazy("How many of each"),
        help_text=gettext_lazy("Equal pieces at the same time."),
        required=False,
        initial=1,
        min_value=1,
    )
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
        Section(gettext_lazy("Time"), ("resources", "pieces", "start", "end")),
        Section(gettext_lazy("Use"), ("purpose", "family", "organisation")),
        Section(gettext_lazy("Series"), ("every", "count", "whole")),
    )

    def __init__(self, *args: Any, bookables: list[Any], who: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "resources" in self.fields:
            self.fields["resources"].choices = bookings.choices_of(bookables)
        most = max((b.pieces for b in bookables), default=1)
        if "pieces" in self.fields and most > 1:
            self.fields["pieces"].max_value = most
        else:
            self.fields.pop("pieces", None)
        add_use(self, who)

    def wishes(self) -> list[Wish]:
        """The chosen resources at the chosen time; of a form with faults what can be read."""
        given = self.cleaned_data
        if not (given.get("start") and given.get("end")):
            return []
        wishes = [Wish(int(pk), given["start"], given["end"]) for pk in given.get("resources", ())]
        return wishes * (given.get("pieces") or 1)


def add_use(form: PageForm, who: Any) -> None:
    """The fields of every booking form that depend on the book and on who asks."""
    rulebook = book.rulebook()
    families = listed(rulebook.material_families) if rulebook else []
    form.fields["family"] = forms.ChoiceField(
        label=_("Material family"),
        help_text=_("Cleaning and set-up before the next use depend on it."),
        choices=[("", "—"), *families],
        required=False,
    )
    own = [(str(m.organisation_id), m.organisation.name) for m in people.own_organisations(who)]
    form.fields["organisation"] = OneOfField(label=_("Booked for"), choices=own)
    if len(own) == 1:
        form.fields["organisation"].initial = own[0][0]


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
    facility, match = registry.public_facility(code), agreed_match(request)
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
        "together": _together(form, match),
    }
    return render_form(request, "applicant/book.html", context, form)


@require_POST
def hold_price(request: HttpRequest, code: str) -> HttpResponse:
    """The price of what is chosen, while it is chosen. Nothing is kept."""
    facility = registry.public_facility(code)
    bookables = list(queries.bookables_at(facility=facility.pk))
    return price_of_form(request, HoldForm(request.POST, bookables=bookables, who=request.who))


def price_of_form(request: HttpRequest, form: Any) -> HttpResponse:
    """What the form's wishes would cost, as far as they can be read."""
    form.full_clean()
    context: dict[str, Any] = {}
    wishes, organisation = form.wishes(), form.cleaned_data.get("organisation")
    if wishes and organisation:
        problems = list(problems_of_shape(wishes, timezone.now()))
        if problems:
            context["problems"] = problems
        else:
            listed = pricing.price_of_wishes(
                who=request.who,
                organisation=int(organisation),
                wishes=wishes,
                now=timezone.now(),
            )
            context["price"] = prices.shown_booking(listed)
    return render(request, "applicant/_hold_price.html", context)


def is_number(text: str) -> bool:
    """Whether a text of the address can be a key."""
    return text.isascii() and text.isdecimal() and len(text) < MAX_DIGITS


def agreed_match(request: HttpRequest) -> Any:
    """The agreed match that led here, if the address names one."""
    text = request.GET.get("match", "") or request.POST.get("match", "")
    if not is_number(text):
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
    start = moment_of(request.GET.get("start", ""))
    end = moment_of(request.GET.get("end", ""))
    if start and first:
        slot = timedelta(minutes=first.slot)
        midnight = start.replace(hour=0, minute=0)
        start = midnight - (midnight - start) // slot * slot
        end = end or start + timedelta(minutes=max(first.shortest, first.slot))
    found: dict[str, Any] = {"resources": chosen, "start": start, "end": end, "whole": True}
    return found | from_match(match)


def from_match(match: Any) -> dict[str, Any]:
    """What an agreed match says of a booking."""
    if match is None:
        return {}
    return {
        "match": match.pk,
        "purpose": f"{match.case.number} {match.case.title}"[:MOST_WORDS],
        "organisation": str(match.case.organisation_id),
    }


def moment_of(text: str) -> datetime | None:
    try:
        found = datetime.strptime(text, MOMENT)
    except ValueError:
        return None
    return timezone.make_aware(found) if 2000 <= found.year < 2200 else None


def _hold(request: HttpRequest, form: HoldForm) -> str:
    """Hold what the form asks for; gives back where to look at it."""
    given = form.cleaned_data
    facts = {
        "who": request.who,
        "organisation": int(given["organisation"]),
        "wishes": form.wishes(),
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


def _together(form: HoldForm, match: Any) -> str:
    """The page that books over several facilities, with what is chosen here."""
    given = [("resource", str(pk)) for pk in form["resources"].value() or []]
    given += [("match", str(match.pk))] if match else []
    return f"{reverse('applicant:book-together')}?{urlencode(given)}"


def _suggested(
    request: HttpRequest, form: HoldForm, bookables: list[Any], url: str
) -> list[dict[str, Any]]:
    """The next starts for the chosen resources together, as links into the form."""
    chosen = [int(pk) for pk in (form["resources"].value() or []) if str(pk).isdecimal()]
    known = {b.pk: b for b in bookables}
    chosen = [pk for pk in chosen if pk in known][:20]
    if not chosen:
        return []
    found = []
    for start, _end in common_times(request, [known[pk] for pk in chosen]):
        given = [("resource", str(pk)) for pk in chosen]
        given.append(("start", f"{timezone.localtime(start):{MOMENT}}"))
        found.append({"at": start, "url": f"{url}&{urlencode(given)}#hold"})
    return found


def common_times(request: HttpRequest, bookables: list[Any]) -> list[tuple[datetime, datetime]]:
    """The next times at which all of these are free together, each as short as may be."""
    length = max(max(b.shortest, b.slot) for b in bookables)
    now = timezone.now()
    try:
        starts = queries.next_free(
            who=request.who,
            resources=[b.pk for b in bookables],
            minutes=length,
            start=now,
            end=now + timedelta(days=30),
            most=6,
            now=now,
        )
    except Refused:
        return []
    return [(start, start + timedelta(minutes=length)) for start in starts]
