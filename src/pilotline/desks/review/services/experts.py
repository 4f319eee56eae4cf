"""Who comes into the pool, what they state of themselves, and who leaves it."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.journal.services import emit, record
from pilotline.desks.people import queries as people
from pilotline.desks.people import services as people_services
from pilotline.desks.review import queries
from pilotline.desks.review.events import ExpertApplied, ExpertDecided
from pilotline.desks.review.models import Bond, Dealing, Expert
from pilotline.desks.review.rules.experts import (
    is_oneself,
    may_decide_expert,
    may_keep_pool,
    problems_of_bond,
    problems_of_profile,
)
from pilotline.desks.review.services.giving import give_away_all
from pilotline.kernel.actor import SYSTEM, Actor
from pilotline.kernel.errors import Conflict, NotAllowed, NotFound, Problem, refuse

INVITED_FOR = timedelta(days=30)
PROFILE = ("name", "title", "region", "fields", "keywords", "languages", "about")


@transaction.atomic
def invite_expert(*, who: Actor, name: str, now: datetime) -> tuple[Expert, str]:
    """Invite somebody by a one-time code, good for thirty days, told once and kept as a hash."""
    if not may_keep_pool(who):
        raise NotAllowed
    if not name.strip():
        refuse([Problem("name", _("Please give the name of the person."), "name")])
    code = secrets.token_urlsafe(18)
    expert = Expert.objects.create(
        name=name.strip(),
        state=Expert.State.INVITED,
        invitation=people.digest(code),
        invited_until=now + INVITED_FOR,
        entered_at=now,
    )
    _record(who, "invite_expert", expert, now)
    return expert, code


@transaction.atomic
def apply_as_expert(
    *,
    who: Actor,
    profile: Mapping[str, Any],
    employer: Mapping[str, Any],
    code: str = "",
    is_demo: bool = False,
    now: datetime,
) -> Expert:
    """Ask to be in the pool, or join it by an invitation's code. `profile` holds the columns of
    PROFILE, `employer` `name` and `since`. Whoever was refused or left may ask again."""
    if who.id is None or who.scopes is not None:
        raise NotAllowed(_("Please log in first."))
    bond = {"kind": Bond.Kind.EMPLOYMENT} | dict(employer)
    problems = list(problems_of_profile(profile, current_rulebook()))
    for found in problems_of_bond(bond, _today(now)):
        place = {"name": "employer", "since": "employer_since"}.get(found.field, found.field)
        problems.append(Problem(found.code, found.text, place))
    refuse(problems)
    expert = _record_of(who, code, now)
    for key in PROFILE:
        setattr(expert, key, profile.get(key) or ([] if key in LISTS else ""))
    expert.user_id, expert.entered_at, expert.is_demo = who.id, now, is_demo
    expert.invitation, expert.reason, expert.left_at = "", "", None
    expert.state = Expert.State.ACTIVE if code else Expert.State.APPLIED
    try:
        with transaction.atomic():
            expert.save()
    except IntegrityError as error:
        raise Conflict from error
    _add_bond(expert, bond, now)
    _record(who, "apply_as_expert", expert, now)
    if code:
        _admit(expert, now)
    else:
        emit(ExpertApplied(expert.pk, expert.region), now=now)
    return expert


LISTS = ("fields", "keywords", "languages")


def _record_of(who: Actor, code: str, now: datetime) -> Expert:
    """The record that is filled in: the invited one, one's own old one, or a new one."""
    own = Expert.objects.select_for_update(no_key=True).filter(user_id=who.id).first()
    if own is not None and own.state in (Expert.State.APPLIED, Expert.State.ACTIVE):
        refuse([Problem("there-already", _("You are in the pool, or wait for an answer already."))])
    if code:
        invited = queries.invitation(code=code, now=now)
        if own is None:
            return Expert.objects.select_for_update(no_key=True).get(pk=invited.pk)
        invited.state, invited.invitation = Expert.State.LEFT, ""
        invited.save(update_fields=["state", "invitation"])
    return own or Expert()


@transaction.atomic
def amend_profile(*, who: Actor, profile: Mapping[str, Any], now: datetime) -> Expert:
    """An expert changes what they say of themselves."""
    expert = _own(who)
    refuse(problems_of_profile(profile, current_rulebook()))
    before = {key: getattr(expert, key) for key in PROFILE}
    for key in PROFILE:
        setattr(expert, key, profile.get(key) or ([] if key in LISTS else ""))
    expert.save()
    after = {key: getattr(expert, key) for key in PROFILE if getattr(expert, key) != before[key]}
    _record(who, "amend_profile", expert, now, after, {key: before[key] for key in after})
    return expert


@transaction.atomic
def add_bond(*, who: Actor, bond: Mapping[str, Any], now: datetime) -> Bond:
    """State an employer, a paper or patent, a holding or another interest; see `models.Bond`."""
    expert = _own(who)
    refuse(problems_of_bond(bond, _today(now)))
    made = _add_bond(expert, bond, now)
    _record(who, "add_bond", expert, now, {"bond": made.pk, "kind": made.kind, "name": str(made)})
    return made


@transaction.atomic
def end_bond(*, who: Actor, bond: int, until: Any, now: datetime) -> Bond:
    """Say when an employment, a holding or an interest ended. It counts on for its years."""
    expert = _own(who)
    found = Bond.objects.filter(pk=bond, expert=expert).exclude(kind=Bond.Kind.WORK).first()
    if found is None:
        raise NotFound
    facts = {"kind": found.kind, "name": found.name, "title": found.title, "share": found.share}
    if until is None or until > _today(now):
        refuse([Problem("until", _("Give a day that has come."), "until")])
    refuse(problems_of_bond(facts | {"since": found.since, "until": until}, _today(now)))
    found.until = until
    found.save(update_fields=["until"])
    _record(who, "end_bond", expert, now, {"bond": bond, "until": str(until)})
    return found


@transaction.atomic
def accept_expert(*, who: Actor, expert: int, now: datetime) -> Expert:
    """Take an applicant into the pool; they get the role and its door."""
    found = _decided(who, expert)
    found.state = Expert.State.ACTIVE
    found.save(update_fields=["state"])
    _record(who, "accept_expert", found, now)
    _admit(found, now)
    return found


@transaction.atomic
def refuse_expert(*, who: Actor, expert: int, reason: str, now: datetime) -> Expert:
    """Refuse an applicant, with a reason they read."""
    found = _decided(who, expert)
    if not reason.strip():
        refuse([Problem("reason", _("Give a reason: the applicant reads it."), "reason")])
    found.state, found.reason, found.decided_at = Expert.State.REFUSED, reason.strip(), now
    found.save()
    _record(who, "refuse_expert", found, now, {"reason": found.reason})
    emit(ExpertDecided(found.pk, found.state, found.reason), now=now)
    return found


@transaction.atomic
def leave_pool(*, who: Actor, expert: int, reason: str = "", now: datetime) -> Expert:
    """An expert goes, or is dismissed with a reason. Open assignments are given to others, marks
    that were handed in stay."""
    found = Expert.objects.select_for_update(no_key=True).filter(pk=expert).first()
    if found is None or not (is_oneself(who, found) or may_decide_expert(who, found)):
        raise NotFound
    if found.state != Expert.State.ACTIVE:
        raise Conflict
    if not is_oneself(who, found) and not reason.strip():
        refuse([Problem("reason", _("Give a reason: the expert reads it."), "reason")])
    found.state, found.left_at, found.reason = Expert.State.LEFT, now, reason.strip()
    found.save()
    people_services.revoke_role(who=SYSTEM, user=found.user_id, role="expert", now=now)
    _record(who, "leave_pool", found, now, {"reason": found.reason})
    give_away_all(who=who, expert=found, reason="left-pool", now=now)
    emit(ExpertDecided(found.pk, found.state, found.reason), now=now)
    return found


@transaction.atomic
def note_dealing(
    *, supplier: int, client: int, on: Any, record_of: tuple[str, int], now: datetime
) -> None:
    """Two organisations did business. Telling it twice tells it once."""
    if supplier == client:
        return
    row, is_new = Dealing.objects.select_for_update().get_or_create(
        supplier_id=supplier,
        client_id=client,
        defaults={"last_on": on, "record": list(record_of)},
    )
    if not is_new and row.record != list(record_of):
        row.count += 1
        if on >= row.last_on:
            row.last_on, row.record = on, list(record_of)
        row.save()
    elif not is_new:
        return
    record(
        who=SYSTEM,
        action="review.note_dealing",
        subject=("dealing", row.pk),
        organisation=supplier,
        after={"client": client, "on": str(on), "record": list(record_of)},
        now=now,
    )


def _add_bond(expert: Expert, bond: Mapping[str, Any], now: datetime) -> Bond:
    name = str(bond.get("name") or "").strip()
    kind = bond["kind"]
    return Bond.objects.create(
        expert=expert,
        kind=kind,
        organisation_id=people.organisation_called(name) if kind != Bond.Kind.WORK else None,
        name=name,
        title=str(bond.get("title") or "").strip(),
        names=[n.strip() for n in bond.get("names") or [] if n.strip()],
        share=bond.get("share"),
        since=bond.get("since"),
        until=bond.get("until"),
        added_at=now,
    )


def _own(who: Actor) -> Expert:
    """The actor's own record, locked."""
    if who.id is None:
        raise NotAllowed
    found = (
        Expert.objects.select_for_update(no_key=True)
        .filter(user_id=who.id, state__in=[Expert.State.APPLIED, Expert.State.ACTIVE])
        .first()
    )
    if found is None:
        raise NotFound
    return found


def _decided(who: Actor, pk: int) -> Expert:
    found = Expert.objects.select_for_update(no_key=True).filter(pk=pk).first()
    if found is None or not may_decide_expert(who, found):
        raise NotFound
    if found.state != Expert.State.APPLIED:
        raise Conflict
    return found


def _admit(expert: Expert, now: datetime) -> None:
    expert.decided_at = now
    expert.save(update_fields=["decided_at"])
    people_services.grant_role(who=SYSTEM, user=expert.user_id, role="expert", now=now)
    emit(ExpertDecided(expert.pk, expert.state), now=now)


def _today(now: datetime) -> Any:
    return timezone.localdate(now)


def _record(
    who: Actor,
    verb: str,
    expert: Expert,
    now: datetime,
    after: Mapping[str, Any] | None = None,
    before: Mapping[str, Any] | None = None,
) -> None:
    record(
        who=who,
        action=f"review.{verb}",
        subject=("expert", expert.pk),
        before=before,
        after={"name": expert.name, "state": expert.state} | dict(after or {}),
        now=now,
    )
