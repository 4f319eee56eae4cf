"""What the authority decides: tiers, and to whom a facility of an official list belongs."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.journal.services import emit, record
from pilotline.desks.registry.events import ClaimAnswered, FacilityClaimed, TierDecided
from pilotline.desks.registry.models import Claim, Facility, TierStep
from pilotline.desks.registry.rules.access import may_claim, may_decide_tier
from pilotline.desks.registry.rules.records import problems_of_operator, problems_of_tier_step
from pilotline.desks.registry.rules.texts import problem_of_emptiness, problems_of_texts
from pilotline.desks.registry.services.writing import Says, finish, locked_facility
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import NotAllowed, NotFound, Problem, Refused, refuse


@transaction.atomic
def decide_tier(
    *,
    who: Actor,
    code: str,
    tier: str,
    since: date,
    decided_by: str,
    now: datetime,
    step: str = "",
    note: str = "",
) -> TierStep:
    """Add a dated step to a facility's tier history. Earlier steps are never rewritten."""
    facility = locked_facility(code)
    if not may_decide_tier(who, facility):
        raise NotAllowed(_("Only the authority of the facility's region decides its tier."))
    values = {"tier": tier, "step": step, "since": since, "decided_by": decided_by, "note": note}
    refuse(problems_of_tier_step(values, current_rulebook(), today=timezone.localdate(now)))
    before = {"tier": facility.tier, "tier_step": facility.tier_step}
    added = append_tier_step(facility, now=now, **values)
    emit(
        TierDecided(
            facility=facility.pk,
            code=facility.code,
            facility_name=facility.name,
            operator=facility.operator_id,
            tier=tier,
            step=step,
            since=since.isoformat(),
        ),
        now=now,
    )
    finish(
        facility,
        who=who,
        action="registry.decide-tier",
        before=before,
        after=values,
        now=now,
        says=Says.OWN,
    )
    return added


def append_tier_step(
    facility: Facility,
    *,
    tier: str,
    step: str,
    since: date,
    decided_by: str,
    note: str,
    now: datetime,
) -> TierStep:
    """Write a step and bring the facility's own columns up to its latest one."""
    try:
        with transaction.atomic():
            added = TierStep.objects.create(
                facility=facility,
                tier=tier,
                step=step,
                since=since,
                decided_by=decided_by,
                note=note,
                recorded_at=now,
            )
    except IntegrityError:
        words = _("This decision is in the history already.")
        raise Refused([Problem("twice", words, "since")]) from None
    latest = facility.tier_steps.order_by("-since", "-id")[0]
    facility.tier, facility.tier_step = latest.tier, latest.step
    facility.save(update_fields=["tier", "tier_step"])
    return added


@transaction.atomic
def claim_facility(
    *, who: Actor, code: str, organisation: int, reason: str, now: datetime
) -> Claim:
    """Say that a facility of an official list is this organisation's own."""
    facility = locked_facility(code)
    if not may_claim(who, organisation=organisation):
        raise NotAllowed(_("Only people of an operating organisation claim a facility."))
    found = problems_of_texts(Claim, {"reason": reason}) + problem_of_emptiness("reason", reason)
    if facility.operator_id is not None or facility.status != Facility.Status.PUBLISHED:
        found.append(Problem("has-operator", _("This facility has an operator already.")))
    claim = Claim(facility=facility, organisation_id=organisation)
    refuse(found + problems_of_operator(claim.organisation))
    claim, is_new = Claim.objects.get_or_create(
        facility=facility,
        organisation_id=organisation,
        status=Claim.Status.ASKED,
        defaults={"reason": reason, "asked_at": now},
    )
    if is_new:
        emit(
            FacilityClaimed(
                claim=claim.pk,
                facility=facility.pk,
                code=facility.code,
                facility_name=facility.name,
                region=facility.region,
                organisation=organisation,
            ),
            now=now,
        )
        record(
            who=who,
            action="registry.claim",
            subject=("facility", facility.pk),
            organisation=organisation,
            after={"claim": claim.pk, "reason": reason},
            now=now,
        )
    return claim


@transaction.atomic
def answer_claim(
    *, who: Actor, claim: int, confirmed: bool, now: datetime, answer: str = ""
) -> Claim:
    """Confirm a claim, which makes the organisation the operator, or refuse it with a reason.

    Confirming one refuses all others on the same facility.
    """
    asked = Claim.objects.filter(pk=claim).select_related("facility").first()
    if asked is None:
        raise NotFound
    facility = locked_facility(asked.facility.code)
    if not may_decide_tier(who, facility):
        raise NotAllowed(_("Only the authority of the facility's region answers this."))
    asked.refresh_from_db()
    found = problems_of_texts(Claim, {"answer": answer})
    if not confirmed:
        found += problem_of_emptiness("answer", answer)
    if asked.status != Claim.Status.ASKED:
        found.append(Problem("answered", _("This claim was answered already.")))
    refuse(found)
    close_claim(asked, facility, confirmed, answer, now)
    if confirmed:
        facility.operator_id = asked.organisation_id
        facility.save(update_fields=["operator"])
        words = str(_("Another organisation was confirmed as the operator."))
        for other in Claim.objects.filter(facility=facility, status=Claim.Status.ASKED):
            close_claim(other, facility, False, words, now)
    after = {"claim": asked.pk, "confirmed": confirmed, "answer": answer}
    finish(facility, who=who, action="registry.answer-claim", after=after, now=now)
    return asked


def close_claim(
    claim: Claim, facility: Facility, confirmed: bool, answer: str, now: datetime
) -> None:
    """Write the answer into the claim, and tell of it."""
    claim.status = Claim.Status.CONFIRMED if confirmed else Claim.Status.REFUSED
    claim.decided_at, claim.answer = now, answer
    claim.save(update_fields=["status", "decided_at", "answer"])
    emit(
        ClaimAnswered(
            claim=claim.pk,
            facility=facility.pk,
            code=facility.code,
            facility_name=facility.name,
            organisation=claim.organisation_id,
            confirmed=confirmed,
            answer=answer,
        ),
        now=now,
    )
