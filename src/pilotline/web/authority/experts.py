"""The pool of experts: who applies, who is in it, what ties them to whom."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from pilotline.desks.journal.forms import lines
from pilotline.desks.journal.queries import history
from pilotline.desks.review import queries, services
from pilotline.kernel.errors import Conflict, NotFound, Refused
from pilotline.web.shared import book
from pilotline.web.shared.forms import LongField, PageForm, apply_problems
from pilotline.web.shared.lists import Column, Empty, Filter, ListPage
from pilotline.web.shared.reviews import BOND_WORDS, EXPERT_TONES, EXPERT_WORDS
from pilotline.web.shared.values import language


class InviteForm(PageForm):
    """Whom to invite."""

    name = forms.CharField(label=gettext_lazy("Full name"), max_length=60)


class WhyForm(PageForm):
    """Why somebody is refused or dismissed; they read it."""

    reason = LongField(label=gettext_lazy("Reason"), most=300, rows=3)


def experts(request: HttpRequest) -> HttpResponse:
    """Everybody in the pool or on the way into it, those who wait first."""
    return ListPage(
        name="experts",
        title=gettext_lazy("Experts"),
        rows=queries.experts(who=request.who),
        columns=[
            Column(
                name="name",
                title=gettext_lazy("Name"),
                link=lambda row: reverse("authority:expert", args=[row.pk]),
                sort="name",
                leading=True,
            ),
            Column(name="title", title=gettext_lazy("Professional title")),
            Column(name="fields", title=gettext_lazy("Field"), show="titles", of="fields"),
            Column(name="region", title=gettext_lazy("City"), show="region", sort="region"),
            Column(
                name="state",
                title=gettext_lazy("State"),
                show="badge",
                words=EXPERT_WORDS,
                tones=EXPERT_TONES,
                sort="state",
            ),
            Column(name="open", title=gettext_lazy("Items open"), show="number", sort="open"),
            Column(name="done", title=gettext_lazy("Items marked"), show="number", sort="done"),
        ],
        filters=_filters(),
        search=("name", "title", "about"),
        order=("state", "name"),
        empty=Empty(
            gettext_lazy("The pool is empty"),
            gettext_lazy("Invite experts; whoever applies appears here as well."),
        ),
    ).respond(request, "authority/experts.html", {"form": InviteForm()})


def _filters() -> list[Filter]:
    """How the pool is narrowed."""
    rulebook = book.rulebook()
    return [
        Filter(
            name="state",
            title=gettext_lazy("State"),
            lookup="state",
            choices=list(EXPERT_WORDS.items()),
        ),
        Filter(
            name="field",
            title=gettext_lazy("Field"),
            lookup="fields",
            array=True,
            choices=rulebook.fields.choices(language()) if rulebook else [],
        ),
    ]


@require_POST
def invite(request: HttpRequest) -> HttpResponse:
    """Make an invitation and show its link, once."""
    form = InviteForm(request.POST)
    link = ""
    if form.is_valid():
        try:
            _expert, code = services.invite_expert(
                who=request.who, name=form.cleaned_data["name"], now=timezone.now()
            )
        except Refused as refused:
            apply_problems(form, refused)
        else:
            link = request.build_absolute_uri(f"{reverse('expert:apply')}?code={code}")
    status = 200 if link else 422
    shown = {"form": form, "link": link, "name": form.data.get("name", "")}
    return render(request, "authority/expert_invited.html", shown, status=status)


def expert(request: HttpRequest, expert: int) -> HttpResponse:
    return _page(request, expert, WhyForm())


@require_POST
def decide(request: HttpRequest, expert: int, move: str) -> HttpResponse:
    """Accept, refuse or dismiss."""
    form, given = WhyForm(request.POST), {}
    if move != "accept":
        if not form.is_valid():
            return _page(request, expert, form)
        given = form.cleaned_data
    if move not in ("accept", "refuse", "dismiss"):
        raise NotFound
    service = {
        "accept": services.accept_expert,
        "refuse": services.refuse_expert,
        "dismiss": services.leave_pool,
    }[move]
    try:
        service(who=request.who, expert=expert, now=timezone.now(), **given)
    except Refused as refused:
        apply_problems(form, refused)
        return _page(request, expert, form)
    except Conflict as conflict:
        messages.error(request, str(conflict.text))
    else:
        messages.success(request, _("Saved."))
    return redirect("authority:expert", expert)


def _page(request: HttpRequest, pk: int, form: WhyForm) -> HttpResponse:
    found = queries.expert(who=request.who, id=pk)
    shown: dict[str, Any] = {
        "expert": found,
        "state": (EXPERT_WORDS[found.state], EXPERT_TONES[found.state]),
        "bonds": [(bond, BOND_WORDS[bond.kind]) for bond in queries.bonds(expert=found)],
        "decides": queries.decides(who=request.who, expert=found),
        "form": form,
        "lines": lines(history(kind="expert", id=pk)),
    }
    return render(request, "authority/expert.html", shown, status=422 if form.is_bound else 200)
