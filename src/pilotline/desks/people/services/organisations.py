"""Organisations: registering, amending, confirming, refusing, taking back a confirmation."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.journal.services import emit, record
from pilotline.desks.people import queries, rules
from pilotline.desks.people.events import (
    OrganisationConfirmed,
    OrganisationRefused,
    OrganisationRegistered,
    OrganisationRevoked,
)
from pilotline.desks.people.models import Membership, Organisation
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import Conflict, NotAllowed, NotFound, Problem, Refused, refuse

KEPT = ("name", "credit_code", "kind", "region", "operates", "address", "contact", "phone")
CHECKED = ("name", "kind", "region", "operates")


@transaction.atomic
def register_organisation(
    *,
    who: Actor,
    name: str,
    credit_code: str,
    kind: str,
    region: str,
    now: datetime,
    operates: bool = False,
    address: str = "",
    contact: str = "",
    phone: str = "",
    is_demo: bool = False,
) -> Organisation:
    """Register an organisation; who does it becomes its owner, its region's authority confirms.

    `kind` is one of the rulebook's organisation kinds and `region` one of its cities; `operates`
    says that it runs pilot facilities. Raises Refused with all problems; a credit code that is
    registered already is one of them, and who holds it is not told.
    """
    if not rules.may_register_organisation(who):
        raise NotAllowed(_("Please log in first."))
    organisation = Organisation(
        name=name.strip(),
        credit_code=credit_code.strip().upper(),
        kind=kind,
        region=region,
        operates=operates,
        address=address.strip(),
        contact=contact.strip(),
        phone=phone.strip(),
        created_at=now,
        is_demo=is_demo,
    )
    problems = _problems(organisation, now)
    if Organisation.objects.filter(credit_code=organisation.credit_code).exists():
        problems.append(_known_already())
    refuse(problems)
    _insert(organisation, owner=who.id, now=now)
    emit(
        OrganisationRegistered(
            organisation=organisation.pk, region=organisation.region, user=who.id or 0
        ),
        now=now,
    )
    _record(who, "register", organisation, now, after=_shown(organisation))
    return organisation


@transaction.atomic
def amend_organisation(*, who: Actor, organisation: int, now: datetime, **changes: Any) -> None:
    """An owner corrects the record: any of the fields of `register_organisation` but the code.

    Name, kind, region and what it operates are what the authority confirmed, so they are closed
    once it did; after a refusal or a revocation, amending puts the organisation back in line.
    """
    found = _locked(organisation)
    if not rules.may_manage_members(who, queries.membership(who, organisation)):
        raise NotFound
    before, status = _shown(found), found.status
    for field in set(changes) & set(KEPT) - {"credit_code"}:
        value = changes[field]
        setattr(found, field, value.strip() if isinstance(value, str) else value)
    after = _shown(found)
    problems = _problems(found, now)
    if status == Organisation.Status.CONFIRMED:
        told = _("This was confirmed by the authority. Ask it when it has changed.")
        problems += [Problem("confirmed", told, f) for f in CHECKED if before[f] != after[f]]
    refuse(problems)
    if status in (Organisation.Status.REFUSED, Organisation.Status.REVOKED):
        found.status, found.status_reason, found.decided_at = "pending", "", None
        event = OrganisationRegistered(organisation=found.pk, region=found.region, user=who.id or 0)
        emit(event, now=now)
    elif before == after:
        return
    found.save()
    _record(who, "amend", found, now, before=before, after=_shown(found))


@transaction.atomic
def confirm_organisation(*, who: Actor, organisation: int, now: datetime) -> Organisation:
    """The authority of its region confirms it. Doing it twice is doing it once.

    Raises Conflict when somebody else refused it meanwhile.
    """
    found = _to_decide(who, organisation)
    if found.status == Organisation.Status.CONFIRMED:
        return found
    _decide(found, Organisation.Status.CONFIRMED, "", now)
    emit(OrganisationConfirmed(organisation=found.pk), now=now)
    _record(who, "confirm", found, now, after={"status": found.status})
    return found


@transaction.atomic
def refuse_organisation(
    *, who: Actor, organisation: int, reason: str, now: datetime
) -> Organisation:
    """The authority of its region refuses it, with a reason for its owners.

    Raises Conflict when somebody else confirmed it meanwhile.
    """
    found = _to_decide(who, organisation)
    reason = reason.strip()
    refuse(rules.problems_of_text("reason", reason, longest=300))
    if found.status == Organisation.Status.REFUSED and found.status_reason == reason:
        return found
    _decide(found, Organisation.Status.REFUSED, reason, now)
    emit(OrganisationRefused(organisation=found.pk, reason=reason), now=now)
    _record(who, "refuse", found, now, after={"status": found.status, "reason": reason})
    return found


@transaction.atomic
def revoke_organisation(
    *, who: Actor, organisation: int, reason: str, now: datetime
) -> Organisation:
    """The authority of its region takes back its confirmation, with a reason for its members.

    They are neither applicants nor operators through it any more. Its open cases are withdrawn,
    its facilities leave the catalogue and its talks end: the desks above see to that. Raises
    Conflict for an organisation that is not confirmed.
    """
    found = _to_decide(who, organisation)
    reason = reason.strip()
    refuse(rules.problems_of_text("reason", reason, longest=300))
    if found.status == Organisation.Status.REVOKED:
        return found
    if found.status != Organisation.Status.CONFIRMED:
        raise Conflict(_("This organisation is not confirmed: there is nothing to take back."))
    _set(found, Organisation.Status.REVOKED, reason, now)
    emit(OrganisationRevoked(organisation=found.pk, reason=reason), now=now)
    _record(who, "revoke", found, now, after={"status": found.status, "reason": reason})
    return found


def _to_decide(who: Actor, pk: int) -> Organisation:
    found = _locked(pk)
    if not rules.may_decide_organisation(who, found):
        if rules.may_see_organisation(who, found, queries.membership(who, pk)):
            raise NotAllowed(_("Only the authority of its city or the province decides this."))
        raise NotFound
    return found


def _decide(found: Organisation, status: str, reason: str, now: datetime) -> None:
    if found.status != Organisation.Status.PENDING:
        raise Conflict(_("Somebody else decided on this organisation meanwhile."))
    _set(found, status, reason, now)


def _set(found: Organisation, status: str, reason: str, now: datetime) -> None:
    found.status, found.status_reason, found.decided_at = status, reason, now
    found.save(update_fields=["status", "status_reason", "decided_at"])


def _insert(organisation: Organisation, *, owner: int | None, now: datetime) -> None:
    """Write the new row and its owner; a faster twin of the same code is told as known."""
    try:
        with transaction.atomic():
            organisation.save()
    except IntegrityError:
        raise Refused([_known_already()]) from None
    if owner is not None:
        Membership.objects.create(
            user_id=owner, organisation=organisation, is_owner=True, since=now
        )


def _locked(pk: int) -> Organisation:
    found = Organisation.objects.select_for_update(no_key=True).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def _problems(organisation: Organisation, now: datetime) -> list[Problem]:
    values = {field: getattr(organisation, field) for field in KEPT}
    return rules.problems_of_organisation(book=current_rulebook(), now=now, **values)


def _known_already() -> Problem:
    told = _(
        "This credit code is registered already. Ask a colleague to invite you,"
        " or ask the authority of your city who registered it."
    )
    return Problem("registered", told, "credit_code")


def _shown(organisation: Organisation) -> dict[str, Any]:
    return {field: getattr(organisation, field) for field in KEPT} | {"status": organisation.status}


def _record(
    who: Actor,
    verb: str,
    organisation: Organisation,
    now: datetime,
    *,
    after: dict[str, Any],
    before: dict[str, Any] | None = None,
) -> None:
    record(
        who=who,
        action=f"people.{verb}_organisation",
        subject=("organisation", organisation.pk),
        organisation=organisation.pk,
        before=before,
        after=after,
        now=now,
    )
