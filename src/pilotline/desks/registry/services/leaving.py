"""An organisation may operate no more: what becomes of its facilities and claims."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pilotline.desks.journal.services import emit
from pilotline.desks.registry.events import FacilitiesLeft
from pilotline.desks.registry.models import Claim, Facility
from pilotline.desks.registry.services.facilities import save
from pilotline.desks.registry.services.tiers import close_claim
from pilotline.desks.registry.services.writing import finish, locked_facility
from pilotline.kernel.actor import SYSTEM


@transaction.atomic
def release_facilities(*, organisation: int, reason: str, now: datetime) -> list[int]:
    """Take an organisation's published facilities out of the catalogue; drafts stay hidden.

    What an official list names stays, without an operator, and can be claimed anew. Open claims
    are refused. Doing it twice is doing it once. Returns the ids of those that left.
    """
    words = str(_("The confirmation of the organisation was taken back."))
    for claim in Claim.objects.filter(organisation=organisation, status=Claim.Status.ASKED):
        close_claim(claim, locked_facility(claim.facility.code), False, words, now)
    operated = Facility.objects.filter(operator=organisation, status=Facility.Status.PUBLISHED)
    codes = operated.order_by("code").values_list("code", flat=True)
    left = [_release(locked_facility(code), reason, now) for code in codes]
    if left:
        emit(FacilitiesLeft(organisation=organisation, facilities=left, reason=reason), now=now)
    return left


def _release(facility: Facility, reason: str, now: datetime) -> int:
    before = {"status": facility.status, "operator": facility.operator_id}
    if facility.is_public_fact:
        facility.operator = None
        confirmed = Claim.objects.filter(facility=facility, status=Claim.Status.CONFIRMED)
        confirmed.update(status=Claim.Status.ENDED)
    else:
        facility.status = Facility.Status.ARCHIVED
    save(facility)
    after = {"status": facility.status, "operator": facility.operator_id, "reason": reason}
    finish(facility, who=SYSTEM, action="registry.release", before=before, after=after, now=now)
    return facility.pk
