"""A person's organisations: register one, see what became of it, keep its record."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pilotline.desks.journal.forms import lines
from pilotline.desks.journal.queries import current_rulebook, history
from pilotline.desks.people import queries, rules, services
from pilotline.kernel.errors import NotFound, Refused
from pilotline.web.shared.forms import (
    OneOfField,
    PageForm,
    Section,
    apply_problems,
    listed,
    render_form,
)
from pilotline.web.shared.states import ORGANISATION_TONES, ORGANISATION_WORDS

CHECKED = ("name", "credit_code", "kind", "region", "operates")


class OrganisationForm(PageForm):
    """What is asked of an organisation; the kinds and cities are the rulebook's."""

    sections = (
        Section(
            _("What the authority confirms"),
            CHECKED,
            _("As they stand on the business licence. The authority of the city checks them."),
        ),
        Section(_("How to reach it"), ("address", "contact", "phone")),
    )
    name = forms.CharField(label=_("Name"), max_length=120)
    credit_code = forms.CharField(
        label=_("Unified social credit code"),
        help_text=_("18 digits and capital letters; the last one is checked."),
        max_length=40,
    )
    operates = forms.BooleanField(
        label=_("It runs pilot facilities or offers services"),
        help_text=_("Then its members keep the facilities’ records and answer needs."),
        required=False,
    )
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    contact = forms.CharField(label=_("Contact person"), max_length=60, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=30, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        book = current_rulebook()
        self.fields["kind"] = OneOfField(label=_("Kind"), choices=listed(book.organisation_kinds))
        self.fields["region"] = OneOfField(
            label=_("City"),
            help_text=_("From elsewhere: your province.") if book.elsewhere.ids else "",
            choices=[*listed(book.cities), *listed(book.elsewhere)],
        )
        self.order_fields(("name", "credit_code", "kind", "region", "operates"))

    def clean_credit_code(self) -> str:
        """The code as people paste it: blanks and dashes left out, letters made capital."""
        return "".join(c for c in self.cleaned_data["credit_code"].upper() if c.isalnum())


def organisations(request: HttpRequest) -> HttpResponse:
    """All organisations of this person, refused ones too."""
    mine = [
        (own, ORGANISATION_WORDS[own.organisation.status], _tone(own.organisation))
        for own in queries.own_organisations(request.who)
    ]
    return render(request, "applicant/organisations.html", {"mine": mine})


def register(request: HttpRequest) -> HttpResponse:
    form = OrganisationForm(request.POST or None)
    if form.is_valid():
        try:
            made = services.register_organisation(
                who=request.who, now=timezone.now(), **form.cleaned_data
            )
        except Refused as refused:
            apply_problems(form, refused)
        else:
            messages.success(
                request, _("Registered. The authority of the city confirms it; you will be told.")
            )
            return redirect("applicant:organisation", made.pk)
    return render_form(request, "applicant/organisation_register.html", {}, form)


def organisation(request: HttpRequest, organisation: int) -> HttpResponse:
    """One organisation for those who may see it: record, members, open invitations, history."""
    now = timezone.now()
    found = queries.organisation(who=request.who, id=organisation)
    is_owner = rules.may_manage_members(request.who, queries.membership(request.who, found.pk))
    invited = (
        queries.invitations(who=request.who, organisation=found.pk, now=now) if is_owner else []
    )
    return render(
        request,
        "applicant/organisation.html",
        {
            "organisation": found,
            "state": ORGANISATION_WORDS[found.status],
            "tone": _tone(found),
            "members": queries.members(who=request.who, organisation=found.pk),
            "invitations": invited,
            "is_owner": is_owner,
            "lines": lines(history(kind="organisation", id=found.pk).order_by("-id")),
        },
    )


def amend(request: HttpRequest, organisation: int) -> HttpResponse:
    """Its owners correct the record; what the authority confirmed is closed."""
    found = queries.organisation(who=request.who, id=organisation)
    if not rules.may_manage_members(request.who, queries.membership(request.who, found.pk)):
        raise NotFound
    before = {name: getattr(found, name) for name in OrganisationForm.base_fields}
    before |= {"kind": found.kind, "region": found.region}
    form = OrganisationForm(request.POST or None, initial=before)
    closed = CHECKED if found.status == "confirmed" else ("credit_code",)
    for name in closed:
        form.fields[name].disabled = True
    if form.is_valid():
        try:
            services.amend_organisation(
                who=request.who, organisation=found.pk, now=timezone.now(), **form.cleaned_data
            )
        except Refused as refused:
            apply_problems(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("applicant:organisation", found.pk)
    return render_form(request, "applicant/organisation_amend.html", {"organisation": found}, form)


def _tone(organisation: Any) -> str:
    return ORGANISATION_TONES[organisation.status]
