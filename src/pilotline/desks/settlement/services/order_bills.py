"""Bills of what an order names: its milestones, or its whole price."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pilotline.desks.settlement.models import Bill, Order
from pilotline.desks.settlement.queries import billed_parts, living_bills, version
from pilotline.desks.settlement.rules import acts_for
from pilotline.desks.settlement.services.bills import Charge, draft_bill, problems_of_tax
from pilotline.desks.settlement.services.locks import locked_order
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import NotFound, Problem, refuse
from pilotline.kernel.money import to_fen


@transaction.atomic
def draft_order_bill(
    *,
    who: Actor,
    order: int,
    milestone: int | None = None,
    tax_percent: Decimal = Decimal(0),
    now: datetime,
) -> Bill:
    """Draft the bill of one milestone of an agreed order (counted from 0), or of its whole price.

    The agreed amounts include tax, of which `tax_percent` says how much. Each milestone is billed
    once, never beside the whole price, and never beside the use that was measured for it.
    """
    found = locked_order(order)
    if not acts_for(who, found.operator_id):
        raise NotFound
    if found.state not in ("agreed", "completed"):
        refuse([Problem("not-agreed", _("Only an agreed order is billed."))])
    content = version(order=found, number=found.agreed_version).content
    milestones = content["milestones"]
    if milestone is not None and not 0 <= milestone < len(milestones):
        raise NotFound
    refuse(problems_of_tax(tax_percent))
    words = found.title if milestone is None else milestones[milestone]["title"]
    given = content["price"] if milestone is None else milestones[milestone]["payment"]
    gross = Decimal(given or 0)
    part = "whole" if milestone is None else milestone
    refuse(_problems_of_part(found, gross, part))
    net = to_fen(gross / (1 + tax_percent / 100))
    charge = Charge(
        words_zh=words,
        words_en=words,
        net=net,
        tax=gross - net,
        tax_percent=tax_percent,
        source={"order": found.number, "version": found.agreed_version, "milestone": part},
    )
    return draft_bill(
        who=who,
        facility=found.facility_id,
        payer=found.applicant_id,
        payee=found.operator_id,
        title=f"{found.number} {words}",
        charges=[charge],
        order=found.pk,
        is_demo=found.is_demo,
        now=now,
    )


def _problems_of_part(found: Order, gross: Decimal, part: int | str) -> list[Problem]:
    if not gross:
        return [Problem("no-amount", _("The order names no amount for this."))]
    billed = billed_parts(order=found)
    used = living_bills(order=found).exclude(booking=None).first()
    if used is not None:
        said = _("The use of this order is billed already, in {bill}: drop or cancel that one.")
        name = used.number or used.title
        return [Problem("billed-by-use", said.format(bill=name), data={"bill": used.pk})]
    if part in billed or "whole" in billed or (part == "whole" and billed):
        return [Problem("billed", _("This part of the order was billed already."))]
    return []
