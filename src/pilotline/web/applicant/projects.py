"""An applicant's pilot projects: the list, and opening one from a case."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from pilotline.desks.approvals import services
from pilotline.desks.approvals.queries import projects as queries
from pilotline.desks.approvals.rules.projects import CLASSES, KIND_TITLES
from pilotline.desks.demand import queries as demand
from pilotline.desks.matching import queries as matching
from pilotline.kernel.errors import Conflict, Problem, Refused
from pilotline.web.shared import book, projectlists
from pilotline.web.shared.facility_view import name_of
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
from pilotline.web.shared.plans import LABELS, plan_of, substances
from pilotline.web.shared.values import language


@require_safe
def project_list(request: HttpRequest) -> HttpResponse:
    """All projects of my organisations, and those on my lines."""
    return ListPage(
        name="projects",
        title=gettext_lazy("Pilot projects"),
        rows=queries.projects(who=request.who),
        columns=projectlists.columns(with_organisation=False),
        filters=projectlists.filters(),
        search=projectlists.SEARCH,
        empty=Empty(
            gettext_lazy("No project yet"),
            gettext_lazy("Open one from an accepted case: “Open a pilot project” on its page."),
            reverse("applicant:cases"),
            gettext_lazy("My cases"),
        ),
    ).respond(request, "applicant/projects.html")


class PaperField(forms.TypedChoiceField):
    """One of the files of the case. Shown as required where it is, but the desk tells which are
    missing, together with all else."""

    def validate(self, value: Any) -> None:
        if value:
            super().validate(value)


class AskedDayField(DayField):
    """A day that is always needed; the desk says that it is missing, together with all else."""

    def validate(self, value: Any) -> None:
        if value:
            super().validate(value)


class ProjectForm(PageForm):
    """What a project will do, where and when, and its papers."""

    kind = OneOfField(label=gettext_lazy("Way"), choices=list(KIND_TITLES.items()))
    place = forms.ChoiceField(label=gettext_lazy("Facility and line"), required=False)
    begin = AskedDayField(label=gettext_lazy("Begins on"))
    end = AskedDayField(label=gettext_lazy("Ends"))
    hazardous = forms.BooleanField(
        label=gettext_lazy("Hazardous chemicals or processes are part of it"), required=False
    )
    substances = LongField(
        label=gettext_lazy("Substances"),
        help_text=gettext_lazy("One a line, or with commas."),
        most=4000,
        rows=3,
        required=False,
    )

    def __init__(self, *args: Any, case: Any, who: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rulebook = book.rulebook()
        self.fields["place"].choices = [("", _("Not decided yet")), *_places(who, case)]
        names = []
        for name, (label, unit) in LABELS.items():
            self.fields[name] = NumberField(label=label, unit=unit, required=False)
            names.append(name)
        self.fields["hazard_class"] = forms.ChoiceField(
            label=gettext_lazy("Class of reaction (GB/T 42300)"),
            choices=[("", "—"), *[(str(n), str(n)) for n in CLASSES]],
            required=False,
        )
        emissions, papers = [], []
        for pollutant in rulebook.pollutants if rulebook else ():
            name = f"emissions_{pollutant.id}"
            self.fields[name] = NumberField(
                label=pollutant.title.say(language()), unit=pollutant.unit, required=False
            )
            emissions.append(name)
        files = [(a.pk, a.name) for a in demand.attachments(who=who, case=case)]
        for item in rulebook.review_items if rulebook else ():
            name = f"paper_{item.id}"
            self.fields[name] = PaperField(
                label=item.title.say(language()),
                choices=[("", "—"), *files],
                coerce=int,
                empty_value=0,
                required=item.needed == "always",
            )
            papers.append(name)
        self.sections = (
            Section(gettext_lazy("Way and time"), ("kind", "place", "begin", "end", "hazardous")),
            Section(gettext_lazy("What it does"), ("substances", *names, "hazard_class")),
            Section(gettext_lazy("Emissions a year"), tuple(emissions)),
            Section(
                gettext_lazy("Papers"),
                tuple(papers),
                gettext_lazy("Files of the case; add missing ones on its page first."),
            ),
        )


def _places(who: Any, case: Any) -> list[tuple[str, str]]:
    """The facilities with which the case talks, the matched one first."""
    found = matching.case_matches(who=who, case=case.pk)
    named = {
        f"{m.facility_id}/{m.line_id or ''}": " · ".join(
            [name_of(m.facility), *([name_of(m.line)] if m.line else [])]
        )
        for m in found
        if m.state in ("agreed", "open")
    }
    return list(named.items())


def project_new(request: HttpRequest, case: int) -> HttpResponse:
    """Open a project from a case; what is missing is told at once, and so is why filing is not
    enough."""
    found = demand.own_case(who=request.who, id=case)
    places = _places(request.who, found)
    initial = {"kind": "project", "place": places[0][0] if places else ""}
    form = ProjectForm(request.POST or None, case=found, who=request.who, initial=initial)
    if request.method == "POST":
        form.is_valid()
        try:
            made = _open(request, found.pk, form)
        except (Refused, Conflict) as error:
            late = [Problem("late", error.text)] if isinstance(error, Conflict) else None
            apply_problems(form, late or error)
        else:
            messages.success(request, _("Accepted. Everything that runs side by side is open."))
            return redirect("shared:proceeding", made.proceeding_id)
    return render_form(request, "applicant/project_new.html", {"case": found}, form)


def _open(request: HttpRequest, case: int, form: ProjectForm) -> Any:
    given = form.cleaned_data
    facility, _slash, line = (given.get("place") or "").partition("/")
    return services.open_project(
        who=request.who,
        case=case,
        kind=given.get("kind") or "",
        facility=int(facility) if facility else None,
        line=int(line) if line else None,
        begin=given.get("begin"),
        end=given.get("end"),
        hazardous=bool(given.get("hazardous")),
        plan=plan_of(given) | {"substances": substances(given.get("substances") or "")},
        papers={
            name.removeprefix("paper_"): value
            for name, value in given.items()
            if name.startswith("paper_") and value
        },
        now=timezone.now(),
    )
