"""People: registering, changing one's own data, closing and opening accounts."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from pilotline.desks.journal.services import record
from pilotline.desks.people import rules
from pilotline.desks.people.models import Grant, User
from pilotline.desks.people.queries import actor_for
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import NotAllowed, NotFound, Problem, Refused, refuse


@transaction.atomic
def register_user(
    *,
    who: Actor,
    username: str,
    email: str,
    password: str | None,
    name: str,
    now: datetime,
    language: str = "zh-hans",
    phone: str = "",
    is_demo: bool = False,
) -> User:
    """Make an account. `password=None` makes one that opens only by OIDC or a passkey.

    Raises Refused with everything that is wrong, a taken log-in name or e-mail included.
    """
    data = {"username": username.strip(), "email": email.strip().lower(), "name": name.strip()}
    data |= {"phone": phone.strip(), "language": language}
    user = User(**data, is_demo=is_demo, date_joined=now)
    found = rules.problems_of_user(**data)
    if password is not None:
        found += rules.problems_of_password(password, user)
    refuse(found + _taken(user))
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError:  # somebody took the name between the look and the leap
        raise Refused(_taken(user)) from None
    record(
        who=who if who.is_known else actor_for(user),
        action="people.register",
        subject=("user", user.pk),
        after=_shown(user),
        now=now,
    )
    return user


@transaction.atomic
def change_profile(*, who: Actor, name: str, phone: str, language: str, now: datetime) -> User:
    """Change one's own name, phone and language."""
    user = _locked(who.id)
    before = _shown(user)
    user.name, user.phone, user.language = name.strip(), phone.strip(), language
    refuse(
        rules.problems_of_user(
            username=user.username,
            email=user.email,
            name=user.name,
            phone=user.phone,
            language=language,
        )
    )
    if _shown(user) != before:
        user.save(update_fields=["name", "phone", "language"])
        record(
            who=who,
            action="people.change_profile",
            subject=("user", user.pk),
            before=before,
            after=_shown(user),
            now=now,
        )
    return user


@transaction.atomic
def close_account(*, who: Actor, user: int, now: datetime) -> None:
    """Let a user in no longer; what they did stays. The last operator of the system stays too."""
    _set_active(who, user, active=False, now=now)


@transaction.atomic
def open_account(*, who: Actor, user: int, now: datetime) -> None:
    """Let a user in again."""
    _set_active(who, user, active=True, now=now)


@transaction.atomic
def note_security(*, who: Actor, what: str, now: datetime) -> None:
    """Write down that somebody changed how they log in: `password`, `passkey-added`, …

    The change itself is made by the log-in gateway in the same transaction or just before.
    """
    record(who=who, action=f"people.{what}", subject=("user", who.id or 0), now=now)


def _set_active(who: Actor, pk: int, *, active: bool, now: datetime) -> None:
    if not rules.may_grant(who):
        raise NotAllowed
    # Closing two operators of the system at once must not leave none: all take the same rows.
    sysops = set(
        Grant.objects.select_for_update(no_key=True)
        .filter(role="sysop", user__is_active=True)
        .order_by("pk")
        .values_list("user_id", flat=True)
    )
    user = _locked(pk)
    if user.is_active == active:
        return
    if not active and sysops == {pk}:
        told = _("The last operator of the system cannot be shut out.")
        refuse([Problem("last-sysop", told)])
    user.is_active = active
    user.save(update_fields=["is_active"])
    action = "people.open_account" if active else "people.close_account"
    record(who=who, action=action, subject=("user", pk), now=now)


def _locked(pk: int | None) -> User:
    user = User.objects.select_for_update(no_key=True).filter(pk=pk).first()
    if user is None:
        raise NotFound
    return user


def _taken(user: User) -> list[Problem]:
    found = []
    if User.objects.filter(username__iexact=user.username).exists():
        found.append(Problem("taken", _("This log-in name is taken."), "username"))
    if user.email and User.objects.filter(email__iexact=user.email).exists():
        found.append(Problem("taken", _("This e-mail address is registered already."), "email"))
    return found


def _shown(user: User) -> dict[str, Any]:
    """What the journal keeps of a user: never anything about the password."""
    return {
        "username": user.username,
        "email": user.email,
        "name": user.name,
        "phone": user.phone,
        "language": user.language,
    }
