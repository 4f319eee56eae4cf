"""Partners of a joint application: named by the lead, agreed or declined by themselves."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pilotline.desks.calls.events import PartnerAnswered, PartnerAsked
from pilotline.desks.calls.models import Application, Partner
from pilotline.desks.calls.services.applying import accept_when_agreed
from pilotline.desks.calls.services.hold import held_application, keep, locked_application, turn
from pilotline.desks.journal.services import emit
from pilotline.desks.people import queries as people
from pilotline.desks.people.rules import token_opens
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import NotFound, Problem, refuse


@transaction.atomic
def name_partners(
    *, who: Actor, application: int, partners: Sequence[dict[str, Any]], now: datetime
) -> Application:
    """Set all parties at once: {organisation, task, share}; the applicant itself leads.

    Whoever had agreed to other words is asked again.
    """
    found = held_application(who, application)
    if found.state not in (Application.State.DRAFT, Application.State.JOINING):
        refuse([Problem("handed-in", _("It is handed in and can no longer be changed."))])
    refuse(_problems(partners))
    before = {p.organisation_id: p for p in found.partners.all()}
    found.partners.exclude(organisation__in=[p["organisation"] for p in partners]).delete()
    asked = [_set(found, before.get(p["organisation"]), p, now) for p in partners]
    if found.state == Application.State.JOINING:
        turn(found, Application.State.DRAFT)
    keep(who, found, "name-partners", now, partners=[p.organisation_id for p in asked])
    return found


def _set(found: Application, old: Partner | None, given: dict[str, Any], now: datetime) -> Partner:
    leads = given["organisation"] == found.organisation_id
    task, share = given["task"].strip()[:400], Decimal(given["share"])
    if old is not None and (old.task, old.share, old.declined_at) == (task, share, None):
        return old
    row, _made = Partner.objects.update_or_create(
        application=found,
        organisation_id=given["organisation"],
        defaults={
            "task": task,
            "share": share,
            "leads": leads,
            "agreed_at": now if leads else None,
            "agreed_by_name": "",
            "declined_at": None,
        },
    )
    if not leads:
        emit(PartnerAsked(found.pk, row.organisation_id, found.organisation_id), now=now)
    return row


def _problems(partners: Sequence[dict[str, Any]]) -> list[Problem]:
    bodies = [p["organisation"] for p in partners]
    found: list[Problem] = []
    if len(bodies) != len(set(bodies)):
        found.append(Problem("twice", _("An organisation is named twice."), "partners"))
    if any(not people.is_confirmed(body) for body in set(bodies)):
        told = _("Each party must be a confirmed organisation.")
        found.append(Problem("not-confirmed", told, "partners"))
    if any(not p["task"].strip() for p in partners):
        found.append(Problem("no-task", _("Each party needs a task."), "partners"))
    if any(not 0 <= Decimal(p["share"]) <= 100 for p in partners):
        found.append(Problem("share", _("A share lies between 0 and 100 %."), "partners"))
    return found


@transaction.atomic
def answer_partnership(
    *, who: Actor, application: int, organisation: int, agree: bool, now: datetime
) -> Application:
    """A party's own word. The last yes hands the application in."""
    found = locked_application(application)
    party = found.partners.filter(organisation=organisation).first()
    if party is None or not (
        who.belongs_to(organisation) and token_opens(who, "applicant", writes=True)
    ):
        raise NotFound
    if agree and party.agreed_at is not None:
        return found
    party.agreed_at = now if agree else None
    party.declined_at = None if agree else now
    party.agreed_by_name = who.name[:120] if agree else ""
    party.save()
    if not agree and found.state == Application.State.JOINING:
        turn(found, Application.State.DRAFT)
    keep(who, found, "answer-partnership", now, agree=agree)
    emit(PartnerAnswered(found.pk, organisation, found.organisation_id, agree), now=now)
    return accept_when_agreed(application=application, now=now)
