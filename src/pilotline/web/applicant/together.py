"""One booking over several resources and several facilities: all of its times, or none."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from pilotline.desks.booking import queries, services
from pilotline.desks.booking.rules.wishes import MOST_WISHES, Wish
from pilotline.kernel.errors import Conflict, Refused
from pilotline.web.applicant.bookings import (
    HoldForm,
    agreed_match,
    common_times,
    from_match,
    is_number,
    moment_of,
    price_of_form,
)
from pilotline.web.shared.bookings import MOMENT, MomentField
from pilotline.web.shared.facility_view import name_of
from pilotline.web.shared.fields import Section
from pilotline.web.shared.forms import apply_problems, render_form
from pilotline.web.shared.timelines import Stretch, lines

MOST_HITS = 12


class TogetherForm(HoldForm):
    """From when to when each of the chosen resources is wanted, and what for."""

    resources = start = end = every = count = whole = pieces = None

    def __init__(self, *args: Any, bookables: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, bookables=bookables, **kwargs)
        self.chosen = bookables
        for number, bookable in enumerate(bookables):
            for end, words in (("start", _("from")), ("end", _("to"))):
                self.fields[f"{end}_{number}"] = MomentField(
                    label=f"{name_of(bookable.resource)} · {words}"
                )

    @property
    def sections(self) -> tuple[Section, ...]:
        numbers = range(len(self.chosen))
        times = tuple(f"{end}_{n}" for n in numbers for end in ("start", "end"))
        return (
            Section(_("Times"), times, _("Each in its own time, or all at once.")),
            Section(gettext_lazy("Use"), ("purpose", "family", "organisation")),
        )

    def wishes(self) -> list[Wish]:
        """As far as the times can be read; a price of half of it would mislead."""
        given = self.cleaned_data
        found = [
            Wish(bookable.pk, given[f"start_{n}"], given[f"end_{n}"])
            for n, bookable in enumerate(self.chosen)
            if given.get(f"start_{n}") and given.get(f"end_{n}")
        ]
        return found if len(found) == len(self.chosen) else []


def together(request: HttpRequest) -> HttpResponse:
    """Choose resources anywhere, see when all are free, hold all times or none."""
    chosen, match = _chosen(request), agreed_match(request)
    form = TogetherForm(
        request.POST or None,
        bookables=chosen,
        who=request.who,
        initial=_initial(request.GET, len(chosen)) | from_match(match),
    )
    if chosen and form.is_valid():
        given = form.cleaned_data
        try:
            made = services.hold(
                who=request.who,
                organisation=int(given["organisation"]),
                wishes=form.wishes(),
                purpose=given["purpose"],
                family=given["family"],
                match=given["match"],
                now=timezone.now(),
            )
        except Refused as refused:
            apply_problems(form, refused)
        except Conflict as conflict:
            form.add_error(None, str(conflict.text))
        else:
            messages.success(request, _("Kept for you. Confirm it before it runs out."))
            return redirect("applicant:booking", made.pk)
    return render_form(request, "applicant/together.html", _context(request, chosen, match), form)


@require_POST
def together_price(request: HttpRequest) -> HttpResponse:
    """The price of all of it, while it is chosen. Nothing is kept."""
    form = TogetherForm(request.POST, bookables=_chosen(request), who=request.who)
    return price_of_form(request, form)


def _chosen(request: HttpRequest) -> list[Any]:
    """The resources of the address in its order; equal pieces may stand there several times."""
    keys = [int(pk) for pk in request.GET.getlist("resource") if is_number(pk)][:MOST_WISHES]
    if not keys:
        return []
    known = {b.pk: b for b in queries.visible(request.who, keys)}
    return [known[pk] for pk in keys]


def _initial(given: QueryDict, number: int) -> dict[str, datetime | None]:
    """Times of the address: one for each resource, or one for all."""
    return {
        f"{end}_{n}": moment_of(given.get(f"{end}_{n}", "") or given.get(end, ""))
        for n in range(number)
        for end in ("start", "end")
    }


def _context(request: HttpRequest, chosen: list[Any], match: Any) -> dict[str, Any]:
    stretch, words = Stretch.of(request), request.GET.get("q", "").strip()[:80]
    once = list({b.pk: b for b in chosen}.values())
    base = [("resource", str(b.pk)) for b in chosen]
    base += [("match", str(match.pk))] if match else []
    rows = queries.calendar(
        who=request.who, bookables=once, start=stretch.start, end=stretch.end, now=timezone.now()
    )
    hits = queries.bookables_found(words, most=MOST_HITS) if words or not chosen else []
    return {
        "match": match,
        "words": words,
        "kept": base,
        "chosen": [
            {
                "bookable": b,
                "number": n,
                "drop": _address([p for i, p in enumerate(base) if i != n]),
            }
            for n, b in enumerate(chosen)
        ],
        "hits": [
            {"bookable": b, "add": _address([*base, ("resource", str(b.pk))])}
            for b in hits
            if sum(c.pk == b.pk for c in chosen) < b.pieces
        ],
        "is_full": len(chosen) >= MOST_WISHES,
        "suggested": [
            {"at": start, "url": _address([*base, *_at(start, end)]) + "#hold"}
            for start, end in (common_times(request, once) if once else ())
        ],
        "stretch": stretch,
        "ticks": stretch.ticks(),
        "links": stretch.links(base),
        "several": True,
        "lines": lines(rows, stretch),
        "price_url": f"{reverse('applicant:book-together-price')}?{urlencode(base)}",
    }


def _at(start: datetime, end: datetime) -> list[tuple[str, str]]:
    return [
        (name, f"{timezone.localtime(at):{MOMENT}}")
        for name, at in (("start", start), ("end", end))
    ]


def _address(given: list[tuple[str, str]]) -> str:
    return f"{reverse('applicant:book-together')}?{urlencode(given)}"
