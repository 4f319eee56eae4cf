"""Who belongs to an organisation: one-time codes invite, owners remove and name owners."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pilotline.desks.journal.services import emit, record
from pilotline.desks.people import queries, rules
from pilotline.desks.people.events import MemberJoined, MemberLeft
from pilotline.desks.people.models import Invitation, Membership, Organisation, User
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import NotAllowed, NotFound, Problem, refuse

INVITED_FOR = timedelta(days=7)
MOST_OPEN = 50


@transaction.atomic
def invite_member(
    *, who: Actor, organisation: int, now: datetime, is_owner: bool = False
) -> tuple[Invitation, str]:
    """Make a one-time code, good for seven days, that an owner hands to a colleague.

    The code is told once and kept only as a hash. No account is looked up, so nobody learns
    from it who is registered.
    """
    _managed(who, organisation)
    if queries.invitations(who=who, organisation=organisation, now=now).count() >= MOST_OPEN:
        told = _("Too many invitations are open. Withdraw some first.")
        refuse([Problem("too-many", told)])
    code = secrets.token_urlsafe(18)
    invitation = Invitation.objects.create(
        organisation_id=organisation,
        digest=queries.digest(code),
        is_owner=is_owner,
        created_at=now,
        expires_at=now + INVITED_FOR,
    )
    _record(who, "invite", organisation, now, {"invitation": invitation.pk, "is_owner": is_owner})
    return invitation, code


@transaction.atomic
def withdraw_invitation(*, who: Actor, organisation: int, invitation: int, now: datetime) -> None:
    """Make an open code worthless."""
    _managed(who, organisation)
    changed = Invitation.objects.filter(
        pk=invitation, organisation=organisation, used_at=None, withdrawn_at=None
    ).update(withdrawn_at=now)
    if changed:
        _record(who, "withdraw_invitation", organisation, now, {"invitation": invitation})


@transaction.atomic
def accept_invitation(*, who: Actor, code: str, now: datetime) -> Membership:
    """Join an organisation by a code. Whoever belongs to it already stays as they are.

    Raises NotFound for a code that was used, withdrawn or has ended.
    """
    if who.id is None or who.scopes is not None:
        raise NotAllowed(_("Please log in first."))
    found = queries.invitation(code=code, now=now)
    _locked(found.organisation_id)
    invitation = queries.invitation(code=code, now=now)
    membership, is_new = Membership.objects.get_or_create(
        user_id=who.id,
        organisation_id=invitation.organisation_id,
        defaults={"is_owner": invitation.is_owner, "since": now},
    )
    if is_new:
        invitation.used_at = now
        invitation.save(update_fields=["used_at"])
        joined = MemberJoined(
            organisation=invitation.organisation_id, user=who.id, entered=membership.pk
        )
        emit(joined, now=now)
        after = {"user": who.id, "is_owner": membership.is_owner, "invitation": invitation.pk}
        _record(who, "join", invitation.organisation_id, now, after)
    return membership


@transaction.atomic
def remove_member(*, who: Actor, organisation: int, user: int, now: datetime) -> None:
    """An owner removes somebody, or somebody leaves. The last owner cannot go."""
    if who.id == user and who.scopes is None:
        _locked(organisation)
    else:
        _managed(who, organisation)
    member = _member(organisation, user)
    if member.is_owner:
        refuse(_problems_of_last_owner(organisation))
    left = MemberLeft(
        organisation=organisation, user=user, entered=member.pk, removed=who.id != user
    )
    member.delete()
    emit(left, now=now)
    _record(who, "remove_member", organisation, now, {"user": user})


@transaction.atomic
def set_owner(*, who: Actor, organisation: int, user: int, is_owner: bool, now: datetime) -> None:
    """An owner makes a member an owner, or an owner a plain member. One owner always stays."""
    _managed(who, organisation)
    member = _member(organisation, user)
    if member.is_owner == is_owner:
        return
    if not is_owner:
        refuse(_problems_of_last_owner(organisation))
    member.is_owner = is_owner
    member.save(update_fields=["is_owner"])
    _record(who, "set_owner", organisation, now, {"user": user, "is_owner": is_owner})


def _managed(who: Actor, pk: int) -> None:
    """Lock the organisation and check that this actor manages it."""
    _locked(pk)
    if not rules.may_manage_members(who, queries.membership(who, pk)):
        raise NotFound


def _locked(pk: int) -> Organisation:
    found = Organisation.objects.select_for_update(no_key=True).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def _member(organisation: int, user: int) -> Membership:
    member = Membership.objects.filter(organisation=organisation, user=user).first()
    if member is None:
        raise NotFound(_("This person does not belong to the organisation any more."))
    return member


def _problems_of_last_owner(organisation: int) -> list[Problem]:
    if Membership.objects.filter(organisation=organisation, is_owner=True).count() > 1:
        return []
    return [Problem("last-owner", _("An organisation needs an owner. Name another one first."))]


def _record(
    who: Actor, verb: str, organisation: int, now: datetime, after: dict[str, object]
) -> None:
    if "user" in after:
        named = User.objects.get(pk=after["user"])
        after = after | {"name": str(named)}
    record(
        who=who,
        action=f"people.{verb}",
        subject=("organisation", organisation),
        organisation=organisation,
        after=after,
        now=now,
    )
