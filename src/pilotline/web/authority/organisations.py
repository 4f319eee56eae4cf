"""Organisations of an authority's region: those that wait for confirmation first."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from pilotline.desks.demand import queries as demand
from pilotline.desks.journal.forms import lines
from pilotline.desks.journal.queries import history
from pilotline.desks.matching import queries as matching
from pilotline.desks.people import queries, rules, services
from pilotline.desks.registry import queries as registry
from pilotline.kernel.errors import Conflict, Refused
from pilotline.web.shared import book
from pilotline.web.shared.forms import LongField, PageForm, apply_problems
from pilotline.web.shared.lists import Column, Empty, Filter, ListPage
from pilotline.web.shared.states import ORGANISATION_TONES, ORGANISATION_WORDS
from pilotline.web.shared.values import language


class RefusalForm(PageForm):
    """Why an organisation is refused; its owners read it."""

    reason = LongField(
        label=_("Reason"), help_text=_("Its owners read this and can correct it."), most=300, rows=3
    )


class RevocationForm(PageForm):
    """Why a confirmation is taken back; everybody of the organisation reads it."""

    reason = LongField(
        label=_("Reason"),
        help_text=_("Everybody of the organisation reads this."),
        most=300,
        rows=3,
    )


def organisations(request: HttpRequest) -> HttpResponse:
    """Every organisation this authority answers for, the newest first."""
    return ListPage(
        name="organisations",
        title=_("Organisations"),
        rows=queries.organisations(who=request.who),
        columns=[
            Column(
                name="name",
                title=_("Name"),
                link=lambda row: reverse("authority:organisation", args=[row.pk]),
                sort="name",
                leading=True,
            ),
            Column(name="credit_code", title=_("Credit code")),
            Column(name="kind", title=_("Kind"), show="title", of="organisation_kinds"),
            Column(name="region", title=_("City"), show="region", sort="region"),
            Column(
                name="status",
                title=_("State"),
                show="badge",
                words=ORGANISATION_WORDS,
                tones=ORGANISATION_TONES,
                sort="status",
            ),
            Column(name="operates", title=_("Runs facilities"), show="flag"),
            Column(name="created_at", title=_("Registered"), show="when", sort="created_at"),
        ],
        filters=[
            Filter(
                name="status",
                title=_("State"),
                choices=list(ORGANISATION_WORDS.items()),
                lookup="status",
            ),
            Filter(name="region", title=_("City"), choices=_cities, lookup="region"),
            Filter(name="kind", title=_("Kind"), choices=_kinds, lookup="kind"),
        ],
        search=("name", "credit_code", "contact"),
        order=("-created_at",),
        empty=Empty(
            _("No organisation yet"),
            _("What registers in your region appears here and waits for your confirmation."),
        ),
    ).respond(request, "authority/organisations.html")


def organisation(request: HttpRequest, organisation: int) -> HttpResponse:
    return _page(request, organisation)


@require_POST
def confirm(request: HttpRequest, organisation: int) -> HttpResponse:
    try:
        services.confirm_organisation(
            who=request.who, organisation=organisation, now=timezone.now()
        )
    except Conflict as conflict:
        messages.error(request, str(conflict.text))
    else:
        messages.success(request, _("Confirmed."))
    return redirect("authority:organisation", organisation)


@require_POST
def refuse(request: HttpRequest, organisation: int) -> HttpResponse:
    form = RefusalForm(request.POST)
    if form.is_valid():
        try:
            services.refuse_organisation(
                who=request.who,
                organisation=organisation,
                reason=form.cleaned_data["reason"],
                now=timezone.now(),
            )
        except Refused as refused:
            apply_problems(form, refused)
        except Conflict as conflict:
            messages.error(request, str(conflict.text))
            return redirect("authority:organisation", organisation)
        else:
            messages.success(request, _("Refused. Its owners have been told why."))
            return redirect("authority:organisation", organisation)
    return _page(request, organisation, form)


@require_POST
def revoke(request: HttpRequest, organisation: int) -> HttpResponse:
    """Take a confirmation back, with all that hangs on it."""
    form = RevocationForm(request.POST)
    if form.is_valid():
        try:
            services.revoke_organisation(
                who=request.who,
                organisation=organisation,
                reason=form.cleaned_data["reason"],
                now=timezone.now(),
            )
        except Refused as refused:
            apply_problems(form, refused)
        except Conflict as conflict:
            messages.error(request, str(conflict.text))
            return redirect("authority:organisation", organisation)
        else:
            messages.success(request, _("Taken back. Everybody of the organisation has been told."))
            return redirect("authority:organisation", organisation)
    return _page(request, organisation, form)


def _page(
    request: HttpRequest, pk: int, form: RefusalForm | RevocationForm | None = None
) -> HttpResponse:
    found = queries.organisation(who=request.who, id=pk)
    decides = rules.may_decide_organisation(request.who, found)
    deciding = RefusalForm if found.status == "pending" else RevocationForm
    if not isinstance(form, deciding):
        form = deciding() if decides and found.status in ("pending", "confirmed") else None
    return render(
        request,
        "authority/organisation.html",
        {
            "organisation": found,
            "state": ORGANISATION_WORDS[found.status],
            "tone": ORGANISATION_TONES[found.status],
            "members": queries.members(who=request.who, organisation=pk),
            "form": form if decides else None,
            "hangs": _hangs(found) if form and found.status == "confirmed" else None,
            "lines": lines(history(kind="organisation", id=pk).order_by("-id")),
        },
        status=422 if form and form.is_bound else 200,
    )


def _hangs(found: Any) -> dict[str, int]:
    """What ends when the confirmation is taken back, counted from the records."""
    return {
        "cases": demand.open_count(organisation=found.pk),
        "facilities": registry.operated_count(found.pk),
        **matching.living_count(organisation=found.pk),
    }


def _cities() -> list[tuple[str, Any]]:
    rulebook = book.rulebook()
    if rulebook is None:
        return []
    return [*rulebook.cities.choices(language()), *rulebook.elsewhere.choices(language())]


def _kinds() -> list[tuple[str, Any]]:
    rulebook = book.rulebook()
    return rulebook.organisation_kinds.choices(language()) if rulebook else []
