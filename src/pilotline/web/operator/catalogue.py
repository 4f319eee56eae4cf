"""The operator's own facilities: the list with what is missing, the record, publishing, claims."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from pilotline.desks.journal.forms import lines
from pilotline.desks.journal.queries import current_rulebook, history
from pilotline.desks.people.queries import own_organisations
from pilotline.desks.registry import queries, services
from pilotline.desks.registry.rules import quality_of
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import Conflict, Refused
from pilotline.web.operator.catalogue_forms import ClaimForm
from pilotline.web.shared import facility_lists, facility_view, values
from pilotline.web.shared.facility_forms import FacilityForm, initial_of
from pilotline.web.shared.forms import OneOfField, apply_problems, render_form
from pilotline.web.shared.lists import Column, Empty, ListPage

LAST_ENTRIES = 15


class NewFacilityForm(FacilityForm):
    """Asks for which organisation, when the person belongs to more than one."""

    def __init__(self, *args: Any, organisations: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(organisations) > 1:
            self.fields["organisation"] = OneOfField(
                label=gettext_lazy("Operating organisation"), choices=organisations
            )
            self.order_fields(("organisation",))


def operating(who: Actor) -> list[tuple[str, str]]:
    """The person's confirmed organisations that run facilities, as choices."""
    return [
        (str(m.organisation_id), m.organisation.name)
        for m in own_organisations(who)
        if m.organisation.status == "confirmed" and m.organisation.operates
    ]


@require_safe
def facilities(request: HttpRequest) -> HttpResponse:
    rulebook, today = current_rulebook(), timezone.localdate()
    return ListPage(
        name="facilities",
        title=gettext_lazy("My facilities"),
        rows=queries.my_facilities(request.who),
        columns=[
            Column(
                name="name",
                title=gettext_lazy("Facility"),
                value=facility_view.name_of,
                link=lambda f: reverse("operator:facility", args=[f.code]),
                sort="name",
                leading=True,
            ),
            facility_lists.status_column(),
            Column(
                name="quality",
                title=gettext_lazy("Completeness"),
                value=lambda f: quality_of(f, rulebook, today=today).score / 100,
                show="share",
            ),
            Column(
                name="missing",
                title=gettext_lazy("What to do next"),
                value=lambda f: advice(quality_of(f, rulebook, today=today), 1),
            ),
            Column(
                name="resources",
                title=gettext_lazy("Lines and equipment"),
                value=lambda f: len(f.active),
                show="number",
            ),
            *(c for c in facility_lists.columns() if c.name not in ("operator", "fields")),
        ],
        filters=[facility_lists.status_filter(), *facility_lists.filters()[:2]],
        search=facility_lists.searched,
        order=("status", "code"),
        empty=Empty(
            gettext_lazy("No facility yet"),
            gettext_lazy("Enter one here, or import the list you have as xlsx or CSV."),
            reverse("operator:facility-new"),
            gettext_lazy("Enter a facility"),
        ),
    ).respond(request, "operator/facilities.html")


def advice(quality: Any, most: int) -> str:
    """The heaviest losses as sentences."""
    language = values.language()
    return "；".join(part.advice.say(language) for part in quality.missing[:most])


@require_safe
def facility(request: HttpRequest, code: str) -> HttpResponse:
    """Everything of one facility, what is missing first."""
    found = queries.editable_facility(request.who, code)
    quality = quality_of(found, current_rulebook(), today=timezone.localdate())
    entries = history(kind="facility", id=found.pk).order_by("-id")[:LAST_ENTRIES]
    return render(
        request,
        "operator/facility.html",
        {
            "facility": found,
            "whole": facility_view.shown(found),
            "tier_steps": facility_view.tier_history(found),
            "state": facility_view.STATUS_WORDS[found.status],
            "tone": facility_view.STATUS_TONES[found.status],
            "quality": quality,
            "missing": [(part, _where_to(part.measure, found)) for part in quality.missing],
            "kinds": [(kind, words) for kind, words in facility_view.KIND_WORDS.items()],
            "lines": lines(entries),
        },
    )


def _where_to(measure: str, found: Any) -> str:
    """The page on which a missing part is mended."""
    kinds = {"lines": "line", "equipment": "equipment", "services": "service", "skills": "skill"}
    if measure in kinds:
        return f"{reverse('operator:resource-new', args=[found.code])}?kind={kinds[measure]}"
    if measure in ("measured_capabilities", "prices"):
        return reverse("operator:facility", args=[found.code]) + "#catalogue"
    if measure == "certificates":
        return reverse("operator:certificates", args=[found.code])
    if measure in ("operator", "tier"):
        return ""
    return reverse("operator:facility-edit", args=[found.code])


def facility_new(request: HttpRequest) -> HttpResponse:
    mine = operating(request.who)
    form = NewFacilityForm(request.POST or None, organisations=mine)
    if form.is_valid():
        given = form.values()
        chosen = given.pop("organisation", mine[0][0] if mine else "0")
        try:
            made = services.create_facility(
                who=request.who, organisation=int(chosen), values=given, now=timezone.now()
            )
        except Refused as refused:
            apply_problems(form, refused)
        else:
            messages.success(request, _("Saved as a draft. Add lines and equipment, then publish."))
            return redirect("operator:facility", made.code)
    return render_form(request, "operator/facility_edit.html", {"facility": None}, form)


def facility_edit(request: HttpRequest, code: str) -> HttpResponse:
    found = queries.editable_facility(request.who, code)
    form = FacilityForm(request.POST or None, initial=initial_of(found))
    if form.is_valid():
        try:
            services.update_facility(
                who=request.who,
                code=code,
                values=form.values(),
                seen_version=form.cleaned_data["seen_version"],
                now=timezone.now(),
            )
        except Refused as refused:
            apply_problems(form, refused)
        except Conflict as conflict:
            form.add_error(None, str(conflict))
        else:
            messages.success(request, _("Saved."))
            return redirect("operator:facility", code)
    return render_form(request, "operator/facility_edit.html", {"facility": found}, form)


@require_POST
def publish(request: HttpRequest, code: str) -> HttpResponse:
    try:
        services.publish_facility(who=request.who, code=code, now=timezone.now())
    except Refused as refused:
        for problem in refused.problems:
            label = FacilityForm().fields[problem.field].label if problem.field else ""
            messages.error(request, f"{label}: {problem.text}" if label else str(problem.text))
    else:
        messages.success(request, _("Published: it is found by everybody from now on."))
    return redirect("operator:facility", code)


@require_POST
def archive(request: HttpRequest, code: str) -> HttpResponse:
    try:
        services.archive_facility(who=request.who, code=code, now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Archived: it is no longer shown. You can publish it again."))
    return redirect("operator:facility", code)


def claim(request: HttpRequest, code: str) -> HttpResponse:
    """Ask the authority to hand over the record of a facility known from an official list."""
    found = queries.public_facility(code)
    form = ClaimForm(request.POST or None, organisations=operating(request.who))
    if form.is_valid():
        try:
            services.claim_facility(
                who=request.who,
                code=code,
                organisation=int(form.cleaned_data["organisation"]),
                reason=form.cleaned_data["reason"],
                now=timezone.now(),
            )
        except Refused as refused:
            apply_problems(form, refused)
        else:
            messages.success(request, _("Handed in. The authority of the region answers."))
            return redirect("operator:facilities")
    asked = queries.claims(request.who).filter(facility=found.pk)
    context = {"facility": found, "name": facility_view.name_of(found), "asked": asked}
    return render_form(request, "operator/facility_claim.html", context, form)
