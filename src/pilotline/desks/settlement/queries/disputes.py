"""Disputes, for their sides and the authority that mediates."""

from django.db.models import QuerySet

from pilotline.desks.settlement.models import Dispute
from pilotline.desks.settlement.queries.doors import seen_from
from pilotline.desks.settlement.rules import may_read_dispute
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import NotFound

WITH = ("order__applicant", "order__operator", "order__facility", "bill")


def dispute(*, who: Actor, id: int) -> Dispute:
    """One dispute with all that was said, for those who may read it, else NotFound."""
    found = Dispute.objects.select_related(*WITH).prefetch_related("entries").filter(pk=id).first()
    if found is None or not may_read_dispute(who, found):
        raise NotFound
    return found


def disputes(*, who: Actor, door: str) -> QuerySet[Dispute]:
    """The disputes of one door, newest first."""
    return seen_from(
        Dispute.objects.select_related(*WITH),
        who,
        door,
        payer="order__applicant",
        payee="order__operator",
        regions=("order__facility__region", "order__applicant__region"),
    )
