"""Asking for a whole project: several steps in order, each with what could do it."""

from collections.abc import Iterator
from datetime import timedelta
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

from pilotline.desks.booking import queries, services
from pilotline.desks.booking.rules.steps import StepWish
from pilotline.desks.booking.rules.wishes import MOST_WORDS
from pilotline.desks.registry import queries as registry
from pilotline.desks.settlement import queries as settlement
from pilotline.kernel.errors import Refused
from pilotline.web.applicant.bookings import add_use, agreed_match, is_number
from pilotline.web.shared.bookings import MomentField, choices_of
from pilotline.web.shared.fields import Section
from pilotline.web.shared.forms import (
    ChipsField,
    LongField,
    PageForm,
    apply_problems,
    render_form,
)

STEPS = 4
MOST_ALSO, MOST_HITS = 12, 12


class StepsForm(PageForm):
    """Up to four steps; those without a resource are left out."""

    start = MomentField(label=gettext_lazy("Not before"))
    end = MomentField(label=gettext_lazy("Done by"))
    purpose = LongField(label=gettext_lazy("Purpose"), most=MOST_WORDS, rows=2)
    match = forms.IntegerField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, bookables: list[Any], who: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = bookables[0].resource.facility_id if bookables else None
        choices = choices_of(bookables, here)
        parts = []
        for number in range(1, STEPS + 1):
            names = (f"ways{number}", f"beside{number}", f"minutes{number}")
            self.fields[names[0]] = ChipsField(
                label=_("On one of these"), choices=choices, required=False
            )
            self.fields[names[1]] = forms.ChoiceField(
                label=_("Together with"), choices=[("", "—"), *choices], required=False
            )
            self.fields[names[2]] = forms.IntegerField(
                label=_("Length (minutes)"), min_value=1, required=False
            )
            about = _("Leave empty the steps that you do not need.") if number == 1 else ""
            parts.append(Section(_("Step %(number)d") % {"number": number}, names, about))
        add_use(self, who)
        self.sections = (
            *parts,
            Section(gettext_lazy("Time"), ("start", "end")),
            Section(gettext_lazy("Use"), ("purpose", "family", "organisation")),
        )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        for number in range(1, STEPS + 1):
            if given.get(f"ways{number}") and not given.get(f"minutes{number}"):
                self.add_error(f"minutes{number}", _("Say how long this step lasts."))
        return given

    def steps(self) -> Iterator[StepWish]:
        """Those that were filled in, in order."""
        given = self.cleaned_data
        for number in range(1, STEPS + 1):
            beside = given[f"beside{number}"]
            second = (int(beside),) if beside else ()
            ways = tuple((int(pk), *second) for pk in given[f"ways{number}"] if pk != beside)
            if ways or beside:
                yield StepWish(given[f"minutes{number}"] or 0, ways)


def project(request: HttpRequest, code: str) -> HttpResponse:
    """Stand in line with all steps of a project, at one facility or at several."""
    facility, match = registry.public_facility(code), agreed_match(request)
    start = timezone.localtime().replace(hour=0, minute=0) + timedelta(days=1)
    initial: dict[str, Any] = {"start": start, "end": start + timedelta(days=28)}
    if match is not None:
        words = _purpose(request, match)[:MOST_WORDS]
        initial |= {
            "match": match.pk,
            "purpose": words,
            "organisation": str(match.case.organisation_id),
        }
        if match.line_id:
            initial["ways1"] = [str(match.line_id)]
    bookables = list(queries.bookables_at(facility=facility.pk))
    also = _also(request, {b.pk for b in bookables})
    form = StepsForm(
        request.POST or None,
        bookables=[*bookables, *also],
        who=request.who,
        initial=initial,
    )
    if form.is_valid():
        given = form.cleaned_data
        try:
            made = services.wait_in_steps(
                who=request.who,
                organisation=int(given["organisation"]),
                steps=tuple(form.steps()),
                start=given["start"],
                end=given["end"],
                purpose=given["purpose"],
                family=given["family"],
                match=match.pk if match is not None else None,
                now=timezone.now(),
            )
        except Refused as refused:
            apply_problems(form, refused)
        else:
            messages.success(request, _told(made))
            return redirect("applicant:waiting-one", made.pk)
    rules = queries.booking_rules()
    context = {
        "facility": facility,
        "match": match,
        "rules": rules,
        **_elsewhere(request, facility, also, match),
    }
    return render_form(request, "applicant/steps.html", context, form)


def _purpose(request: HttpRequest, match: Any) -> str:
    """The order's number and title when the applicant comes from it, else the case's."""
    text = request.GET.get("order", "")
    if is_number(text):
        order = settlement.order(who=request.who, id=int(text))
        if order.match_id == match.pk:
            return f"{order.number} {order.title}"
    return f"{match.case.number} {match.case.title}"


def _told(made: Any) -> str:
    if made.joint:
        return _("Your steps are in line. A joint plan is made, and each operator is asked.")
    return _("Your steps are in line. The operator plans them all together.")


def _also(request: HttpRequest, here: set[int]) -> list[Any]:
    """Resources of other facilities that the address adds, in its order."""
    texts = request.GET.getlist("also")[:MOST_ALSO]
    keys = [int(pk) for pk in texts if is_number(pk)]
    wanted = list(dict.fromkeys(pk for pk in keys if pk not in here))
    known = {b.pk: b for b in queries.visible(request.who, wanted)} if wanted else {}
    return [known[pk] for pk in wanted]


def _elsewhere(request: HttpRequest, facility: Any, also: list[Any], match: Any) -> dict[str, Any]:
    """What was added of other facilities, and what is found by the words of the search."""
    words = request.GET.get("q", "").strip()[:80]
    kept = [("match", str(match.pk))] if match else []
    kept += [("also", str(b.pk)) for b in also]
    shown = {b.pk for b in also}
    hits = [
        b
        for b in (queries.bookables_found(words, most=MOST_HITS) if words else [])
        if b.resource.facility_id != facility.pk and b.pk not in shown
    ]
    url = reverse("applicant:wait-in-steps", args=[facility.code])
    return {
        "words": words,
        "kept": kept,
        "also": [
            {
                "bookable": b,
                "drop": f"{url}?{urlencode([p for p in kept if p != ('also', str(b.pk))])}",
            }
            for b in also
        ],
        "hits": [
            {"bookable": b, "add": f"{url}?{urlencode([*kept, ('also', str(b.pk))])}"} for b in hits
        ]
        if len(also) < MOST_ALSO
        else [],
    }
