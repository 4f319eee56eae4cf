"""Facilities as the authority sees them: all of its region, tiers, claims, official lists."""

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

from pilotline.desks.journal.forms import lines
from pilotline.desks.journal.queries import current_rulebook, history
from pilotline.desks.registry import queries, services
from pilotline.desks.registry.rules import may_decide_tier, may_edit, quality_of
from pilotline.kernel.errors import Conflict, NotFound, Refused
from pilotline.web.shared import facility_lists, facility_view, sheets, values
from pilotline.web.shared.facility_forms import FacilityForm, initial_of
from pilotline.web.shared.forms import (
    DayField,
    LongField,
    OneOfField,
    PageForm,
    apply_problems,
    render_form,
)
from pilotline.web.shared.importing import OfficialListForm, Wizard, steps
from pilotline.web.shared.lists import Column, Empty, Filter, ListPage

WIZARD = Wizard(
    door="authority",
    start="authority:facility-import",
    plan="authority:facility-import-plan",
    apply="authority:facility-import-apply",
    marked="authority:facility-import-marked",
    done="authority:facilities",
)
CLAIM_WORDS = {
    "asked": gettext_lazy("waits for an answer"),
    "confirmed": gettext_lazy("confirmed"),
    "refused": gettext_lazy("refused"),
}
CLAIM_TONES = {"asked": "warn", "confirmed": "good", "refused": "bad"}


class TierForm(PageForm):
    """A decision on a tier: which, since when, by whom."""

    since = DayField(label=gettext_lazy("In force since"))
    decided_by = forms.CharField(label=gettext_lazy("Decided by"), max_length=120)
    note = LongField(
        label=gettext_lazy("Note"),
        help_text=gettext_lazy("Number of the document, remarks."),
        most=500,
        rows=2,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = values.language()
        rungs = [
            (f"{tier.id}/{step.id if step else ''}", _rung(tier, step, language))
            for tier in current_rulebook().tiers
            for step in (None, *tier.steps)
        ]
        self.fields["tier"] = OneOfField(
            label=gettext_lazy("Tier"), choices=rungs, widget=forms.RadioSelect
        )
        self.order_fields(("tier", "since", "decided_by", "note"))


def _rung(tier: Any, step: Any, language: str) -> str:
    return " · ".join(t.title.say(language) for t in (tier, step) if t)


@require_safe
def facilities(request: HttpRequest) -> HttpResponse:
    return ListPage(
        name="facilities",
        title=gettext_lazy("Facilities"),
        rows=queries.governed_facilities(request.who),
        columns=[
            Column(
                name="name",
                title=gettext_lazy("Facility"),
                value=facility_view.name_of,
                link=lambda f: reverse("authority:facility", args=[f.code]),
                sort="name",
                leading=True,
            ),
            facility_lists.status_column(),
            *facility_lists.columns(),
        ],
        filters=[*facility_lists.filters(), facility_lists.status_filter(), _kept_filter()],
        search=facility_lists.searched,
        order=("code",),
        empty=Empty(
            gettext_lazy("No facility in your region yet"),
            gettext_lazy("Import an official list, or wait until operators enter theirs."),
            reverse("authority:facility-import"),
            gettext_lazy("Import an official list"),
        ),
    ).respond(request, "authority/facilities.html")


def _kept_filter() -> Filter:
    """Whether somebody keeps the record."""
    return Filter(
        name="kept",
        title=gettext_lazy("Kept by"),
        kind="one",
        choices=[
            ("yes", gettext_lazy("an operator")),
            ("no", gettext_lazy("nobody yet (public fact)")),
        ],
        apply=lambda rows, chosen: rows.filter(operator__isnull=chosen == ["no"]),
    )


@require_safe
def facility(request: HttpRequest, code: str) -> HttpResponse:
    """One facility with its record, tier history and changes."""
    found = queries.facility(request.who, code)
    quality = quality_of(found, current_rulebook(), today=timezone.localdate())
    return render(
        request,
        "authority/facility.html",
        {
            "facility": found,
            "whole": facility_view.shown(found),
            "tier_steps": facility_view.tier_history(found),
            "state": facility_view.STATUS_WORDS[found.status],
            "tone": facility_view.STATUS_TONES[found.status],
            "quality": quality,
            "may_decide": may_decide_tier(request.who, found),
            "may_edit": may_edit(request.who, found),
            "lines": lines(history(kind="facility", id=found.pk).order_by("-id")[:20]),
        },
    )


def facility_edit(request: HttpRequest, code: str) -> HttpResponse:
    """The record of a public fact that nobody operates yet."""
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
            return redirect("authority:facility", code)
    return render_form(request, "authority/facility_edit.html", {"facility": found}, form)


def tier(request: HttpRequest, code: str) -> HttpResponse:
    """Decide a tier: a step is added to the history, none is rewritten."""
    found = queries.facility(request.who, code)
    if not may_decide_tier(request.who, found):
        raise NotFound
    form = TierForm(request.POST or None, initial={"since": timezone.localdate()})
    if form.is_valid():
        given = dict(form.cleaned_data)
        chosen, _slash, step = given.pop("tier").partition("/")
        try:
            services.decide_tier(
                who=request.who, code=code, tier=chosen, step=step, now=timezone.now(), **given
            )
        except Refused as refused:
            apply_problems(form, refused)
        else:
            messages.success(request, _("Recorded. The operator is told."))
            return redirect("authority:facility", code)
    context = {
        "facility": found,
        "name": facility_view.name_of(found),
        "tier_steps": facility_view.tier_history(found),
    }
    return render_form(request, "authority/tier.html", context, form)


@require_safe
def claims(request: HttpRequest) -> HttpResponse:
    """Who says that a facility of an official list is theirs."""
    return ListPage(
        name="claims",
        title=gettext_lazy("Claims on facilities"),
        rows=queries.claims(request.who),
        columns=[
            Column(
                name="facility",
                title=gettext_lazy("Facility"),
                value=lambda c: facility_view.name_of(c.facility),
                link=lambda c: reverse("authority:claim", args=[c.pk]),
                sort="facility__name",
                leading=True,
            ),
            Column(
                name="organisation",
                title=gettext_lazy("Organisation"),
                value="organisation.name",
                sort="organisation__name",
            ),
            Column(
                name="region", title=gettext_lazy("City"), value="facility.region", show="region"
            ),
            Column(
                name="status",
                title=gettext_lazy("State"),
                show="badge",
                words=CLAIM_WORDS,
                tones=CLAIM_TONES,
                sort="status",
            ),
            Column(name="asked_at", title=gettext_lazy("Asked"), show="when", sort="asked_at"),
        ],
        filters=[
            Filter(
                name="status",
                title=gettext_lazy("State"),
                lookup="status",
                choices=list(CLAIM_WORDS.items()),
            )
        ],
        search=("facility__name", "organisation__name"),
        order=("status", "-asked_at"),
        empty=Empty(gettext_lazy("No claims"), gettext_lazy("Nobody has claimed a facility.")),
    ).respond(request, "authority/claims.html")


def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """One claim, and the answer to it."""
    found = queries.claims(request.who).filter(pk=pk).first()
    if found is None:
        raise NotFound
    problems: Refused | None = None
    answer = request.POST.get("answer", "").strip()
    if request.method == "POST":
        try:
            services.answer_claim(
                who=request.who,
                claim=pk,
                confirmed=request.POST.get("confirmed") == "yes",
                answer=answer,
                now=timezone.now(),
            )
        except Refused as refused:
            problems = refused
        else:
            messages.success(request, _("Answered. The organisation is told."))
            return redirect("authority:claims")
    context = {
        "claim": found,
        "problems": problems,
        "answer": answer,
        "state": CLAIM_WORDS[found.status],
        "tone": CLAIM_TONES[found.status],
    }
    return render(request, "authority/claim.html", context, status=422 if problems else 200)


def facility_import(request: HttpRequest) -> HttpResponse:
    form = OfficialListForm(request.POST or None, request.FILES or None)

    def upload(name: str, content: bytes) -> services.Upload:
        return services.Upload(
            name=name,
            content=content,
            kind=services.OFFICIAL,
            source_url=form.cleaned_data["source_url"],
        )

    files = queries.import_files(request.who, services.OFFICIAL)[:10]
    return WIZARD.receive(request, form, upload, {"steps": steps(1), "files": files})


@require_safe
def facility_import_plan(request: HttpRequest, pk: int) -> HttpResponse:
    return WIZARD.show(request, pk)


@require_POST
def facility_import_apply(request: HttpRequest, pk: int) -> HttpResponse:
    return WIZARD.carry_out(request, pk)


@require_safe
def facility_import_marked(request: HttpRequest, pk: int) -> HttpResponse:
    return WIZARD.give_back(request, pk)


@require_safe
def facility_export(request: HttpRequest) -> HttpResponse:
    """The whole catalogue of the authority's region, as a workbook that import takes back."""
    found = queries.governed_facilities(request.who)
    return sheets.answer(_("Facilities"), queries.export_xlsx(found, values.language()))
