"""Asking for a whole project: several steps in order, each with what could do it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pilotline.desks.booking import queries, services
from pilotline.desks.booking.rules.steps import StepWish
from pilotline.desks.booking.rules.wishes import MOST_WORDS
from pilotline.desks.registry import queries as registry
from pilotline.kernel.errors import Refused
from pilotline.web.applicant.bookings import add_use, agreed_match
from pilotline.web.shared.bookings import MomentField
from pilotline.web.shared.fields import Section
from pilotline.web.shared.forms import (
    ChipsField,
    LongField,
    PageForm,
    apply_problems,
    render_form,
)

STEPS = 4


class StepsForm(PageForm):
    """Up to four steps; those without a resource are left out."""

    start = MomentField(label=gettext_lazy("Not before"))
    end = MomentField(label=gettext_lazy("Done by"))
    purpose = LongField(label=gettext_lazy("Purpose"), most=MOST_WORDS, rows=2)
    match = forms.IntegerField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, bookables: list[Any], who: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(b.pk), b.resource.name) for b in bookables]
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
    """Stand in line at one facility with all steps of a project."""
    facility, match = registry.public_facility(code), agreed_match(request)
    start = timezone.localtime().replace(hour=0, minute=0) + timedelta(days=1)
    initial: dict[str, Any] = {"start": start, "end": start + timedelta(days=28)}
    if match is not None:
        words = f"{match.case.number} {match.case.title}"[:MOST_WORDS]
        initial |= {"match": match.pk, "purpose": words}
    form = StepsForm(
        request.POST or None,
        bookables=list(queries.bookables_at(facility=facility.pk)),
        who=request.who,
        initial=initial,
    )
    if form.is_valid():
        given = form.cleaned_data
        try:
            services.wait_in_steps(
                who=request.who,
                organisation=int(given["organisation"]),
                steps=tuple(form.steps()),
                start=given["start"],
                end=given["end"],
                purpose=given["purpose"],
                family=given["family"],
                case=match.case_id if match is not None else None,
                now=timezone.now(),
            )
        except Refused as refused:
            apply_problems(form, refused)
        else:
            messages.success(
                request, _("Your steps are in line. The operator plans them all together.")
            )
            return redirect("applicant:waiting")
    context = {"facility": facility, "match": match}
    return render_form(request, "applicant/steps.html", context, form)
