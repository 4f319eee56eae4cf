"""The forms that people see before they are in, in our words."""

from typing import Any

from allauth.account import forms as account
from allauth.account.internal.templatekit import get_entrance_context_data
from allauth.account.models import EmailAddress
from allauth.account.utils import setup_user_email
from allauth.core import context
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from pilotline.desks.people import rules, services
from pilotline.gateways.identity import tries
from pilotline.gateways.identity.adapters import enter
from pilotline.kernel.actor import NOBODY
from pilotline.kernel.errors import Refused

FIELDS = {"password": "password1"}
NEW_PASSWORD = {"password1": _("New password"), "password2": _("New password again")}


class LogInForm(account.LoginForm):
    """Log-in name or e-mail, and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name(self, login=_("Log-in name or e-mail"), password=_("Password"))
        if "remember" in self.fields:
            _name(self, remember=_("Stay logged in on this device"))
        self.fields["password"].help_text = ""


class SignUpForm(account.SignupForm):
    """A new account: log-in name, e-mail, password, name, language."""

    name = forms.CharField(max_length=60, label=_("Your name"))
    language = forms.ChoiceField(choices=settings.LANGUAGES, label=_("Language"))
    field_order = ("name", "username", "email", "password1", "password2", "language")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"language": get_language()} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        _name(
            self,
            username=_("Log-in name"),
            email=_("E-mail"),
            password1=_("Password"),
            password2=_("Password again"),
        )
        _explain(self.fields["password1"])
        self.fields["name"].widget.attrs["autocomplete"] = "name"

    def clean(self) -> Any:
        """The people desk's own rules beside allauth's, so that everything is said at once."""
        data = super().clean()
        typed = {name: data.get(name) or "" for name in ("username", "email", "name", "language")}
        for problem in rules.problems_of_user(**typed):
            if not self.has_error(problem.field):
                self.add_error(problem.field, str(problem.text))
        return data

    def try_save(self, request: HttpRequest) -> Any:
        """The user, or the form once more with all that the people desk found wrong."""
        try:
            return super().try_save(request)
        except Refused as error:
            for problem in error.problems:
                self.add_error(FIELDS.get(problem.field, problem.field), str(problem.text))
        shown = {"form": self} | get_entrance_context_data(request)
        return None, render(request, "account/signup.html", shown)

    @transaction.atomic
    def save(self, request: HttpRequest) -> Any:
        data = self.cleaned_data
        user = services.register_user(
            who=NOBODY,
            username=data["username"],
            email=data["email"],
            password=data["password1"],
            name=data["name"],
            language=data["language"],
            now=timezone.now(),
        )
        setup_user_email(request, user, [EmailAddress(email=user.email)])
        return user


class CodeForm(mfa.AuthenticateForm):
    """A one-time or recovery code, its tries slowed in the lanes of this browser."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name(self, code=_("Code"))

    def clean_code(self) -> str:
        return _slowly(self.user, super().clean_code)


class CodeAgainForm(mfa.ReauthenticateForm):
    """The same for somebody who is in and confirms who they are."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name(self, code=_("Code"))

    def clean_code(self) -> str:
        return _slowly(self.user, super().clean_code)


class PasskeyForm(webauthn.AddWebAuthnForm):
    """A passkey or security key, its name and whether it replaces the password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name(self, name=_("Name"), passwordless=_("Without a password"))
        self.fields["passwordless"].help_text = _(
            "It opens your account alone, by fingerprint, face or PIN. Otherwise it is asked for"
            " after the password."
        )
        self.fields["passwordless"].initial = True


class ChangePasswordForm(account.ChangePasswordForm):
    """The old password and the new one, twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name(self, oldpassword=_("Present password"), **NEW_PASSWORD)
        self.fields["oldpassword"].help_text = ""
        _explain(self.fields["password1"])


class SetPasswordForm(account.SetPasswordForm):
    """The first password of somebody who came by another way."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name(self, **NEW_PASSWORD)
        _explain(self.fields["password1"])


class ResetPasswordForm(account.ResetPasswordKeyForm):
    """A new password by the link in a mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name(self, **NEW_PASSWORD)
        _explain(self.fields["password1"])


class ProofForm(account.ReauthenticateForm):
    """The password once more, from somebody who is in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name(self, password=_("Password"))
        self.fields["password"].help_text = ""


class NewAddressForm(account.AddEmailForm):
    """Another e-mail address, in use once its link was opened."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name(self, email=_("New address"))


class AskResetForm(account.ResetPasswordForm):
    """Whose password is to be set anew."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name(self, email=_("E-mail"))


class AuthenticatorForm(totp.ActivateTOTPForm):
    """The first code of an authenticator app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name(self, code=_("Code"))


class LetInForm(forms.Form):
    """Who asks for a mail that lets this browser in."""

    login = forms.CharField(max_length=254, label=_("Log-in name or e-mail"))


def _slowly(user: Any, check: Any) -> str:
    taken = enter(tries.code_lanes(context.request, user.pk))
    code: str = check()
    services.leave_lanes(tries=taken)
    return code


def _explain(field: forms.Field) -> None:
    """One sentence instead of a list of what the validators want."""
    field.help_text = _("At least 8 characters, not only digits, no common word, not your name.")


def _name(form: forms.Form, **labels: Any) -> None:
    """Our labels instead of allauth's, and no placeholders that vanish while one types."""
    for name, label in labels.items():
        field = form.fields[name]
        field.label = label
        field.widget.attrs.pop("placeholder", None)
