"""All users: their roles, their organisations, and whether their account is open."""

from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from pilotline.desks.journal.forms import lines
from pilotline.desks.journal.queries import current_rulebook, history
from pilotline.desks.people import queries, services
from pilotline.desks.review import services as review
from pilotline.desks.review.queries.seats import seats_of
from pilotline.kernel.errors import NotFound, Refused
from pilotline.web.shared.forms import OneOfField, PageForm, apply_problems
from pilotline.web.shared.lists import Column, Empty, Filter, ListPage
from pilotline.web.shared.states import ROLE_WORDS
from pilotline.web.shared.values import language, region

GIVEN = ("authority", "expert", "sysop")


class RoleForm(PageForm):
    """A role to give, and for an authority the region it answers for."""

    role = OneOfField(label=_("Role"), choices=[(role, ROLE_WORDS[role]) for role in GIVEN])
    region = forms.ChoiceField(label=_("Answers for (authority only)"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        book = current_rulebook()
        cities = book.cities.choices(language())
        whole = (book.region.id, book.region.title.say(language()))
        self.fields["region"].choices = [("", "—"), whole, *cities]


class SeatForm(PageForm):
    """A seat in an office, and where that office answers."""

    body = OneOfField(label=_("Office"), choices=())
    seat_region = forms.ChoiceField(label=_("Region"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="seat_%s", **kwargs)
        book = current_rulebook()
        offices = [(b.id, b.title.say(language())) for b in book.bodies if b.role == "authority"]
        self.fields["body"] = OneOfField(label=_("Office"), choices=offices)
        whole = (book.region.id, book.region.title.say(language()))
        self.fields["seat_region"].choices = [whole, *book.cities.choices(language())]


def users(request: HttpRequest) -> HttpResponse:
    """Everybody who can log in."""
    return ListPage(
        name="users",
        title=_("Users"),
        rows=queries.users(who=request.who),
        columns=[
            Column(
                name="username",
                title=_("Log-in name"),
                link=lambda row: reverse("authority:user", args=[row.pk]),
                sort="username",
                leading=True,
            ),
            Column(name="name", title=_("Full name"), sort="name"),
            Column(name="email", title=_("E-mail")),
            Column(name="roles", title=_("Roles"), value=_roles),
            Column(name="organisations", title=_("Organisations"), value=_organisations),
            Column(name="is_active", title=_("Account open"), show="flag"),
            Column(name="last_login", title=_("Last log-in"), show="when", sort="last_login"),
        ],
        filters=[
            Filter(
                name="role",
                title=_("Role"),
                choices=[(role, ROLE_WORDS[role]) for role in GIVEN],
                apply=lambda rows, chosen: rows.filter(grants__role__in=chosen).distinct(),
            )
        ],
        search=("username", "name", "email"),
        order=("username",),
        empty=Empty(_("Nobody is registered")),
    ).respond(request, "authority/users.html")


def user(request: HttpRequest, user: int) -> HttpResponse:
    return _page(request, user, RoleForm())


@require_POST
def grant(request: HttpRequest, user: int) -> HttpResponse:
    form = RoleForm(request.POST)
    if form.is_valid():
        try:
            services.grant_role(who=request.who, user=user, now=timezone.now(), **form.cleaned_data)
        except Refused as refused:
            apply_problems(form, refused)
        else:
            messages.success(request, _("The role is given."))
            return redirect("authority:user", user)
    return _page(request, user, form)


@require_POST
def revoke(request: HttpRequest, user: int) -> HttpResponse:
    return _done(
        request,
        user,
        services.revoke_role,
        role=request.POST.get("role", ""),
        region=request.POST.get("region", ""),
    )


@require_POST
def seat(request: HttpRequest, user: int) -> HttpResponse:
    """Seat an official in an office: from the first seat on it is closed to all others."""
    form = SeatForm(request.POST)
    if form.is_valid():
        given = {"body": form.cleaned_data["body"], "region": form.cleaned_data["seat_region"]}
        try:
            review.give_seat(who=request.who, user=user, now=timezone.now(), **given)
        except Refused as refused:
            moved = [
                replace(p, field=p.field.replace("region", "seat_region")) for p in refused.problems
            ]
            apply_problems(form, moved)
        else:
            messages.success(request, _("Saved."))
            return redirect("authority:user", user)
    return _page(request, user, RoleForm(), form)


@require_POST
def seat_end(request: HttpRequest, user: int, seat: int) -> HttpResponse:
    review.end_seat(who=request.who, seat=seat, now=timezone.now())
    messages.success(request, _("Saved."))
    return redirect("authority:user", user)


@require_POST
def close(request: HttpRequest, user: int) -> HttpResponse:
    return _done(request, user, services.close_account)


@require_POST
def reopen(request: HttpRequest, user: int) -> HttpResponse:
    return _done(request, user, services.open_account)


def _done(request: HttpRequest, user: int, service: Any, **given: str) -> HttpResponse:
    try:
        service(who=request.who, user=user, now=timezone.now(), **given)
    except Refused as refused:
        for problem in refused.problems:
            messages.error(request, str(problem.text))
    else:
        messages.success(request, _("Saved."))
    return redirect("authority:user", user)


def _page(
    request: HttpRequest, pk: int, form: RoleForm, seat_form: SeatForm | None = None
) -> HttpResponse:
    found = queries.users(who=request.who).filter(pk=pk).first()
    if found is None:
        raise NotFound
    shown = {
        "person": found,
        "grants": [(grant, ROLE_WORDS[grant.role]) for grant in found.grants.all()],
        "form": form,
        "seats": list(seats_of(pk)),
        "seat_form": seat_form or SeatForm(),
        "lines": lines(history(kind="user", id=pk).order_by("-id")),
    }
    wrong = form.is_bound or seat_form is not None
    return render(request, "authority/user.html", shown, status=422 if wrong else 200)


def _roles(row: Any) -> str:
    return gettext(", ").join(
        f"{ROLE_WORDS[grant.role]} {region(grant.region) if grant.region else ''}".strip()
        for grant in row.grants.all()
    )


def _organisations(row: Any) -> str:
    return gettext(", ").join(one.organisation.name for one in row.memberships.all())
