"""What would it cost: a price tried at once, a quotation asked for, and the list of them."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from pilotline.desks.booking.queries import quotations as queries
from pilotline.desks.booking.queries import tariffs
from pilotline.desks.booking.rules.tariffs import Meter, Wanted, kept
from pilotline.desks.booking.services import prices as pricing
from pilotline.desks.booking.services import quotations as services
from pilotline.desks.people import queries as people
from pilotline.desks.registry import queries as registry
from pilotline.kernel.errors import Refused
from pilotline.web.shared import facility_view, prices, quotations
from pilotline.web.shared.forms import (
    DayField,
    LongField,
    NumberField,
    OneOfField,
    PageForm,
    Section,
    apply_problems,
    render_form,
)
from pilotline.web.shared.lists import Empty, ListPage

USED = ("line", "equipment", "site", "service")
LARGEST = 18


@require_safe
def quotation_list(request: HttpRequest) -> HttpResponse:
    return ListPage(
        name="quotations",
        title=gettext_lazy("My quotations"),
        rows=queries.my_quotations(who=request.who, today=timezone.localdate()),
        columns=quotations.columns(other="facility"),
        filters=quotations.filters(),
        search=quotations.SEARCH,
        order=("-id",),
        empty=Empty(
            gettext_lazy("No quotation yet"),
            gettext_lazy("Look at a facility's prices and ask what your pilot would cost."),
            reverse("public:facilities"),
            gettext_lazy("Facilities"),
        ),
    ).respond(request, "applicant/quotations.html")


class AskForm(PageForm):
    """What is to be used, and how much of each entry of the tariffs that hold for it."""

    day = DayField(label=gettext_lazy("Planned day"))
    urgent = forms.BooleanField(label=gettext_lazy("It is urgent"), required=False)
    note = LongField(label=gettext_lazy("Note"), most=500, rows=2, required=False)

    def __init__(
        self,
        *args: Any,
        rows: list[Any],
        organisations: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.entries: dict[str, tuple[str, str, str]] = {}
        for entry in _entries(rows):
            name = f"q{len(self.entries)}"
            self.entries[name] = (entry["kind"], entry["unit"], entry.get("what", ""))
            shown = prices.shown_entry(entry)
            self.fields[name] = NumberField(
                label=shown.title,
                unit=prices.unit(entry["unit"]),
                help_text="; ".join([shown.price, *shown.rules]),
                required=False,
                min_value=0,
                max_digits=12,
            )
        self.offers_urgent = any(row.content.get("urgent") for row in rows)
        if not self.offers_urgent:
            del self.fields["urgent"]
        if len(organisations) > 1:
            self.fields["organisation"] = OneOfField(label=_("Quoted for"), choices=organisations)

    @property
    def sections(self) -> tuple[Section, ...]:
        return (
            Section(_("How much"), tuple(self.entries)),
            Section(_("When, and for whom"), ("day", "urgent", "organisation", "note")),
        )

    def wanted(self, resource: int | None) -> list[Wanted]:
        given = self.cleaned_data
        meters = tuple(
            Meter(kind, unit, given[name], what)
            for name, (kind, unit, what) in self.entries.items()
            if given.get(name)
        )
        urgent = bool(given.get("urgent"))
        return [Wanted(resource, given["day"], meters, urgent)] if meters else []


def _entries(rows: list[Any]) -> list[Any]:
    """Entries to be filled in: the resource's own go before the facility's of the same thing."""
    found: dict[tuple[str, str, str], Any] = {}
    for row in sorted(rows, key=lambda r: r.resource_id is None):
        own = {(e["kind"], e.get("what", "")) for e in row.content["entries"]}
        stands = row.resource_id is None
        taken = {key[::2] for key in found} if stands else set()
        for entry in row.content["entries"]:
            key = (entry["kind"], entry["unit"], entry.get("what", ""))
            if not entry.get("each_use") and key[::2] not in taken & own:
                found.setdefault(key, entry)
    return list(found.values())


def price_ask(request: HttpRequest, code: str) -> HttpResponse:
    """Choose what to use, say how much, see the price, ask for a quotation."""
    found, item, form = _asked(request, code)
    if form.is_bound and form.is_valid():
        try:
            made = services.quote(
                who=request.who,
                code=code,
                organisation=_organisation(request, form),
                wanted=form.wanted(item.resource.pk if item else None),
                note=form.cleaned_data["note"],
                now=timezone.now(),
            )
        except Refused as refused:
            apply_problems(form, refused)
        else:
            messages.success(request, _("Here is your quotation."))
            return redirect("shared:quotation", made.pk)
    context = {
        "facility": found,
        "name": facility_view.name_of(found),
        "item": item,
        "items": [i for i in facility_view.items_of(found) if i.resource.kind in USED],
        "is_priced": bool(form.entries),
    }
    return render_form(request, "applicant/price_ask.html", context, form)


@require_POST
def price_try(request: HttpRequest, code: str) -> HttpResponse:
    """The price of what is typed, while it is typed. Nothing is kept."""
    _found, item, form = _asked(request, code)
    context: dict[str, Any] = {}
    if form.is_valid() and (wanted := form.wanted(item.resource.pk if item else None)):
        try:
            bill = pricing.priced(
                who=request.who,
                code=code,
                organisation=_organisation(request, form),
                wanted=wanted,
                now=timezone.now(),
            )
        except Refused as refused:
            context["problems"] = refused.problems
        else:
            things = [item.resource] if item else []
            context["bill"] = prices.shown_bill(bill, kept(wanted, things))
    return render(request, "applicant/_price.html", context)


def _asked(request: HttpRequest, code: str) -> tuple[Any, Any, AskForm]:
    """The facility, the resource of the address (None: none was chosen), and the form."""
    found = registry.public_facility(code)
    text = request.GET.get("resource", "")
    pk = int(text) if text.isascii() and text.isdigit() and len(text) < LARGEST else 0
    items = [i for i in facility_view.items_of(found) if i.resource.kind in USED]
    item = next((i for i in items if i.resource.pk == pk), None)
    today = timezone.localdate()
    rows = tariffs.tariffs_for(found.pk, [item.resource.pk] if item else [], today)
    data = request.POST if request.method == "POST" else None
    mine = people.own_organisations(request.who).exclude(organisation__status="refused")
    choices = [(str(m.organisation_id), m.organisation.name) for m in mine]
    form = AskForm(data, rows=rows, organisations=choices, initial={"day": today})
    return found, item, form


def _organisation(request: HttpRequest, form: AskForm) -> int:
    """The organisation asked for: the chosen one, or the only one there is."""
    chosen = form.cleaned_data.get("organisation")
    if chosen:
        return int(chosen)
    return min(request.who.organisations, default=0)


def booking_price(request: HttpRequest, booking: int) -> HttpResponse:
    """What a booking costs at each of its facilities; a quotation asked for one of them."""
    now = timezone.now()
    listed = pricing.price_of(who=request.who, booking=booking, now=now)
    problems: Any = None
    if request.method == "POST":
        try:
            made = services.quote_booking(
                who=request.who, booking=booking, code=request.POST.get("facility", ""), now=now
            )
        except Refused as refused:
            problems = refused.problems
        else:
            messages.success(request, _("Here is your quotation."))
            return redirect("shared:quotation", made.pk)
    context = prices.shown_booking(listed) | {"booking": booking, "problems": problems}
    status = 422 if problems else 200
    return render(request, "applicant/booking_price.html", context, status=status)
