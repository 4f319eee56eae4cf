"""One's own data and one's keys for programs."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from pilotline.desks.people import queries, rules, services
from pilotline.kernel.errors import Refused
from pilotline.web.shared.forms import (
    ChipsField,
    OneOfField,
    PageForm,
    apply_problems,
    render_form,
)

SCOPES = (
    ("read", _("read everything I may see")),
    ("write", _("change everything I may change")),
    ("applicant:read", _("read as an applicant")),
    ("applicant:write", _("change as an applicant")),
    ("operator:read", _("read as an operator of facilities")),
    ("operator:write", _("change as an operator of facilities")),
    ("authority:read", _("read as an authority")),
    ("authority:write", _("change as an authority")),
    ("expert:read", _("read as an expert")),
    ("expert:write", _("change as an expert")),
)
# Each language by its own name, which a screen reader is to say in that language.
LANGUAGES = [
    (code, format_html('<span lang="{}">{}</span>', code, name))
    for code, name in settings.LANGUAGES
]
LASTS = (("30", _("30 days")), ("90", _("90 days")), ("365", _("a year")))


class ProfileForm(PageForm):
    """A person's own data; the e-mail address has a page of its own."""

    name = forms.CharField(label=_("Full name"), max_length=60)
    phone = forms.CharField(label=_("Telephone"), max_length=30, required=False)
    language = OneOfField(label=_("Language"), choices=LANGUAGES)


class TokenForm(PageForm):
    """What a new token may do and for how long; `offered` are the scopes of its person's roles."""

    name = forms.CharField(
        label=_("Name"), help_text=_("What will use it, for example “ERP”."), max_length=60
    )
    scopes = ChipsField(label=_("What it may do"), choices=SCOPES)
    days = OneOfField(label=_("Good for"), choices=LASTS, initial="90")

    def __init__(self, *args: Any, offered: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["scopes"].choices = [pair for pair in SCOPES if pair[0] in offered]


def profile(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    before = {"name": user.name, "phone": user.phone, "language": user.language}
    form = ProfileForm(request.POST or None, initial=before)
    if form.is_valid():
        try:
            changed = services.change_profile(
                who=request.who, now=timezone.now(), **form.cleaned_data
            )
        except Refused as refused:
            apply_problems(form, refused)
        else:
            messages.success(request, _("Saved."))
            response = redirect("applicant:profile")
            response.set_cookie(settings.LANGUAGE_COOKIE_NAME, changed.language)
            return response
    return render_form(request, "applicant/profile.html", {}, form)


def tokens(request: HttpRequest) -> HttpResponse:
    """One's own tokens that were not revoked."""
    words, now = dict(SCOPES), timezone.now()
    rows = [
        {
            "token": token,
            "may": gettext("; ").join(str(words.get(scope, scope)) for scope in token.scopes),
            "has_ended": token.expires_at <= now,
        }
        for token in queries.tokens(request.who)
    ]
    return render(request, "applicant/tokens.html", {"rows": rows})


def make_token(request: HttpRequest) -> HttpResponse:
    """Make a token and show it, this once."""
    form = TokenForm(request.POST or None, offered=rules.scopes_of(request.who))
    now = timezone.now()
    if form.is_valid():
        data = form.cleaned_data
        expires = now + timedelta(days=int(data["days"]))
        try:
            token, plain = services.make_token(
                who=request.who, name=data["name"], scopes=data["scopes"], expires=expires, now=now
            )
        except Refused as refused:
            apply_problems(form, refused)
        else:
            return render(request, "applicant/token.html", {"token": token, "plain": plain})
    return render_form(request, "applicant/token_make.html", {}, form)


@require_POST
def revoke_token(request: HttpRequest, token: int) -> HttpResponse:
    services.revoke_token(who=request.who, token=token, now=timezone.now())
    messages.success(request, _("The token no longer opens anything."))
    return redirect("applicant:tokens")
