"""The authority and pilot projects: how long it takes, who is late, what is followed up."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from pilotline.desks.approvals import services
from pilotline.desks.approvals.queries import projects as queries
from pilotline.desks.approvals.rules.projects import CLASSES
from pilotline.desks.registry import queries as registry
from pilotline.desks.review.queries.figures import figures, late_runs
from pilotline.kernel.errors import Conflict, NotFound, Problem, Refused
from pilotline.web.shared import book, projectlists
from pilotline.web.shared.forms import (
    DayField,
    LongField,
    NumberField,
    OneOfField,
    PageForm,
    apply_problems,
    render_form,
)
from pilotline.web.shared.lists import Empty, ListPage
from pilotline.web.shared.plans import LABELS, plan_of, substances
from pilotline.web.shared.projectlists import envelope_columns
from pilotline.web.shared.steps import body_title, step_title
from pilotline.web.shared.values import language

AT_ONCE = 60  # seconds


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Time to acceptance, time in each step, what the parallel track saved, who is late."""
    rulebook, today = book.rulebook(), timezone.localdate()
    tracks = []
    for track in rulebook.tracks if rulebook else ():
        if track.serves in ("project", "filing") and rulebook.calendar:
            found = figures(
                who=request.who, track=track.id, calendar=rulebook.calendar, today=today
            )
            if found.opened:
                tracks.append(_told(track, found))
    late = [
        {
            "run": run,
            "step": step_title(run, rulebook),
            "whose": body_title(run, rulebook),
            "days": (today - run.due).days,
        }
        for run in late_runs(who=request.who, today=today)[:10]
    ]
    conditions = list(queries.open_conditions(who=request.who)[:10])
    page = ListPage(
        name="projects",
        title=gettext_lazy("Pilot projects"),
        rows=queries.projects(who=request.who),
        columns=projectlists.columns(with_organisation=True),
        filters=projectlists.filters(),
        search=projectlists.SEARCH,
        empty=Empty(gettext_lazy("No project yet"), gettext_lazy("Applicants open them.")),
    )
    context = {"tracks": tracks, "late": late, "conditions": conditions, "today": today}
    return page.respond(request, "authority/approvals.html", context)


def _told(track: Any, found: Any) -> dict[str, Any]:
    """One track's figures as tiles, and its steps in the track's own order."""
    places = {step.id: place for place, step in enumerate(track.steps)}
    rows = sorted(found.steps, key=lambda row: places[row.step])
    quick = found.acceptance is not None and found.acceptance.total_seconds() < AT_ONCE
    tiles = [
        {"figure": found.opened, "words": _("projects handed in")},
        {"figure": found.green, "words": _("of them in the green lane")},
        {"figure": found.ended, "words": _("came to their end")},
        {
            "figure": _("at once") if quick else found.acceptance or "—",
            "words": _("from arrival to acceptance"),
        },
    ]
    if found.ended:
        tiles += [
            {"figure": f"{found.side_by_side:.1f}", "words": _("working days, side by side")},
            {
                "figure": f"{found.one_after_another:.1f}",
                "words": _("working days, one after another"),
            },
            {"figure": f"{found.saved:.1f}", "words": _("working days saved")},
        ]
    return {
        "track": track,
        "tiles": tiles,
        "rows": [(track.step(row.step).title.say(language()), row) for row in rows],
    }


class KeyForm(PageForm):
    """A line of an official list of key projects."""

    credit_code = forms.CharField(label=gettext_lazy("Credit code"), max_length=18)
    title = forms.CharField(
        label=gettext_lazy("Title of the case"),
        help_text=gettext_lazy("Empty: all cases of this organisation."),
        max_length=400,
        required=False,
    )
    listed_in = forms.CharField(label=gettext_lazy("Listed in"), max_length=200)


def key_projects(request: HttpRequest) -> HttpResponse:
    """The list behind the green lane."""
    form = KeyForm(request.POST or None)
    if form.is_valid():
        try:
            services.list_key_project(who=request.who, now=timezone.now(), **form.cleaned_data)
        except (Refused, Conflict) as error:
            late = [Problem("late", error.text)] if isinstance(error, Conflict) else None
            apply_problems(form, late or error)
        else:
            messages.success(request, _("Put on the list."))
            return redirect("authority:key-projects")
    rows = queries.key_projects(who=request.who)
    rulebook = book.rulebook()
    context = {"rows": rows, "rules": rulebook.green_lane if rulebook else ()}
    return render_form(request, "authority/key_projects.html", context, form)


@require_POST
def key_project_remove(request: HttpRequest, id: int) -> HttpResponse:
    services.unlist_key_project(who=request.who, key_project=id, now=timezone.now())
    messages.success(request, _("Taken off the list."))
    return redirect("authority:key-projects")


@require_safe
def permits(request: HttpRequest) -> HttpResponse:
    """Permits of the region's lines, those that end first in front."""
    return ListPage(
        name="permits",
        title=gettext_lazy("Permits of lines"),
        rows=queries.permits(who=request.who),
        columns=projectlists.permit_columns(),
        search=("number", "project__title", "line__name"),
        empty=Empty(gettext_lazy("No permit yet")),
    ).respond(request, "authority/permits.html")


class EnvelopeForm(PageForm):
    """What a line was approved for; every item must be stated."""

    line = OneOfField(label=gettext_lazy("Line"), choices=())
    document = forms.CharField(label=gettext_lazy("Paper of the approval"), max_length=200)
    since = DayField(label=gettext_lazy("Approved on"))
    substances = LongField(label=gettext_lazy("Substances"), most=4000, rows=3, required=False)

    def __init__(self, *args: Any, lines: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["line"] = OneOfField(label=gettext_lazy("Line"), choices=lines)
        for name, (label, unit) in LABELS.items():
            self.fields[name] = NumberField(label=label, unit=unit, required=False)
        self.fields["hazard_class"] = forms.ChoiceField(
            label=gettext_lazy("Highest class of reaction"),
            choices=[("", "—"), *[(str(n), str(n)) for n in CLASSES]],
            required=False,
        )
        rulebook = book.rulebook()
        for pollutant in rulebook.pollutants if rulebook else ():
            self.fields[f"emissions_{pollutant.id}"] = NumberField(
                label=pollutant.title.say(language()), unit=pollutant.unit, required=False
            )


def envelope_new(request: HttpRequest, code: str) -> HttpResponse:
    """Enter what a line of a facility was approved for."""
    facility = registry.facility(request.who, code)
    if not request.who.answers_for(facility.region):
        raise NotFound
    lines = [(str(r.pk), r.name) for r in facility.resources.all() if r.kind == "line"]
    form = EnvelopeForm(request.POST or None, lines=lines)
    if form.is_valid():
        given = form.cleaned_data
        try:
            services.record_envelope(
                who=request.who,
                facility=facility.pk,
                line=int(given["line"]),
                document=given["document"],
                since=given["since"],
                values=plan_of(given) | {"substances": substances(given["substances"])},
                now=timezone.now(),
            )
        except Refused as refused:
            apply_problems(form, refused)
        else:
            messages.success(request, _("Recorded. Filing is held against it from now on."))
            return redirect("authority:envelopes")
    return render_form(request, "authority/envelope_new.html", {"facility": facility}, form)


@require_safe
def envelopes(request: HttpRequest) -> HttpResponse:
    """What lines of the region are approved for."""
    return ListPage(
        name="envelopes",
        title=gettext_lazy("What lines are approved for"),
        rows=queries.envelopes(who=request.who),
        columns=envelope_columns(),
        search=("line__name", "line__facility__name", "document"),
        empty=Empty(
            gettext_lazy("Nothing entered yet"),
            gettext_lazy("Open a facility and choose “Approved envelope”."),
            reverse("authority:facilities"),
            gettext_lazy("Facilities"),
        ),
    ).respond(request, "authority/envelopes.html")
