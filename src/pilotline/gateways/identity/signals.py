"""What changed about somebody's log-in is written into the journal."""

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from allauth.socialaccount import signals as social
from django.dispatch import receiver
from django.utils import timezone

from pilotline.desks.people.queries import actor_for
from pilotline.desks.people.services import note_security


@receiver([account.password_changed, account.password_set, account.password_reset])
def password(user: Any, **_rest: Any) -> None:
    _note(user, "change_password")


@receiver(account.email_changed)
def email(user: Any, **_rest: Any) -> None:
    _note(user, "change_email")


@receiver(account.email_confirmed)
def email_confirmed(email_address: Any, **_rest: Any) -> None:
    _note(email_address.user, "confirm_email")


@receiver([mfa.authenticator_added, mfa.authenticator_reset])
def authenticator_added(user: Any, authenticator: Authenticator, **_rest: Any) -> None:
    _note(user, f"add_{authenticator.type}")


@receiver(mfa.authenticator_removed)
def authenticator_removed(user: Any, authenticator: Authenticator, **_rest: Any) -> None:
    _note(user, f"remove_{authenticator.type}")


@receiver([social.social_account_added])
def account_added(sociallogin: Any, **_rest: Any) -> None:
    _note(sociallogin.user, "connect_account")


@receiver(social.social_account_removed)
def account_removed(socialaccount: Any, **_rest: Any) -> None:
    _note(socialaccount.user, "disconnect_account")


def _note(user: Any, what: str) -> None:
    note_security(who=actor_for(user), what=what, now=timezone.now())
