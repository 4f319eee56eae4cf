"""Which lanes a try to log in takes: its known browser's, or those of everybody else."""

from collections.abc import Iterable
from hashlib import sha256

from allauth.account.internal.userkit import filter_users_by_email, get_user_by_username
from django.conf import settings
from django.http import HttpRequest

from pilotline.desks.people import rules
from pilotline.desks.people.rules import Pace
from pilotline.gateways.identity.address import client_address, neighbourhood
from pilotline.gateways.identity.browsers import known


def address_of(request: HttpRequest) -> str:
    return client_address(
        request.META.get("REMOTE_ADDR", ""),
        request.META.get("HTTP_X_FORWARDED_FOR", ""),
        settings.TRUSTED_PROXIES,
    )


def users_called(login: str) -> list[int]:
    """Numbers of the users whom this log-in name or e-mail may mean."""
    named = get_user_by_username(login)
    found = {named.pk} if named else set()
    if "@" in login:
        found |= {user.pk for user in filter_users_by_email(login, for_login=True)}
    return sorted(found)


def password_lanes(request: HttpRequest, login: str) -> dict[str, Pace]:
    """The lanes of a try with a password; a name that nobody has behaves like one that exists."""
    users = users_called(login)
    marks = known(request)
    mine = {f"browser:{pk}:{marks[str(pk)]}": rules.BROWSER for pk in users if str(pk) in marks}
    if mine:
        return mine
    unknown = f"nobody:{sha256(login.strip().casefold().encode()).hexdigest()[:40]}"
    lanes = {f"user:{pk}": rules.USER for pk in users} or {unknown: rules.USER}
    return lanes | address_lane(request)


def code_lanes(request: HttpRequest, user: int) -> dict[str, Pace]:
    """The lanes of a try with a one-time or recovery code."""
    mark = known(request).get(str(user))
    return {f"code:{user}:{mark or ''}": rules.CODE}


def mail_lanes(request: HttpRequest, users: Iterable[int]) -> dict[str, Pace]:
    """The lanes of asking for a mail that lets a browser in."""
    return {f"mail:{user}": rules.MAIL for user in users} | address_lane(request)


def address_lane(request: HttpRequest) -> dict[str, Pace]:
    return {f"address:{neighbourhood(address_of(request))}": rules.ADDRESS}
