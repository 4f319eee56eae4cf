"""Roles that are given to a person: expert, authority of a region, operator of the system."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.journal.services import emit, record
from pilotline.desks.people import rules
from pilotline.desks.people.events import RoleTurned
from pilotline.desks.people.models import Grant, User
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import NotAllowed, NotFound, Problem, refuse


@transaction.atomic
def grant_role(*, who: Actor, user: int, role: str, now: datetime, region: str = "") -> None:
    """Give a role. `region` (a city of the rulebook, or its region) belongs to `authority` only.

    Giving it twice is giving it once. Raises Refused for a role or region that does not exist.
    """
    _checked(who, user)
    refuse(_problems(role, region))
    grant, is_new = Grant.objects.get_or_create(
        user_id=user, role=role, region=region, defaults={"granted_at": now}
    )
    if is_new:
        emit(RoleTurned(user, role, region, given=True, grant=grant.pk), now=now)
        _record(who, "grant_role", user, role, region, now)


@transaction.atomic
def revoke_role(*, who: Actor, user: int, role: str, now: datetime, region: str = "") -> None:
    """Take a role back. The last operator of the system keeps theirs."""
    _checked(who, user)
    if role == Grant.Role.SYSOP:
        holders = set(
            Grant.objects.select_for_update(no_key=True)
            .filter(role=role, user__is_active=True)
            .order_by("pk")
            .values_list("user_id", flat=True)
        )
        if holders == {user}:
            told = _("The last operator of the system cannot be shut out.")
            refuse([Problem("last-sysop", told)])
    held = Grant.objects.filter(user=user, role=role, region=region).first()
    if held is not None:
        emit(RoleTurned(user, role, region, given=False, grant=held.pk), now=now)
        held.delete()
        _record(who, "revoke_role", user, role, region, now)


def _checked(who: Actor, user: int) -> None:
    if not rules.may_grant(who):
        raise NotAllowed(_("Only the operator of the system gives and takes roles."))
    if not User.objects.select_for_update(no_key=True).filter(pk=user).exists():
        raise NotFound


def _problems(role: str, region: str) -> list[Problem]:
    if role not in Grant.Role.values:
        return [Problem("role", _("Please choose one of the roles."), "role")]
    if role != Grant.Role.AUTHORITY:
        told = _("Only an authority answers for a region.")
        return [Problem("region", told, "region")] if region else []
    book = current_rulebook()
    if region != book.region.id and region not in book.cities:
        return [Problem("region", _("Please choose the region it answers for."), "region")]
    return []


def _record(who: Actor, verb: str, user: int, role: str, region: str, now: datetime) -> None:
    record(
        who=who,
        action=f"people.{verb}",
        subject=("user", user),
        after={"role": role, "region": region},
        now=now,
    )
