"""The quotation that an order rests on: found, and held to."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from pilotline.desks.booking.queries.quotations import my_quotations, operator_quotations
from pilotline.desks.settlement.forms import Terms
from pilotline.desks.settlement.models import Order
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import Problem


def accepted_quotation(order: Order, *, who: Actor, side: str, day: date) -> Any:
    """The newest accepted quotation for the order's case at its facility; None without one."""
    return _accepted(order, who, side, day).filter(case=order.case_id).first()


def problems_of_quotation(
    order: Order, terms: Terms, *, who: Actor, side: str, day: date
) -> list[Problem]:
    """An order that names a quotation names an accepted one between its two sides, at its price."""
    if not terms.quotation:
        return []
    found = _accepted(order, who, side, day).filter(number=terms.quotation).first()
    if found is None:
        said = _("There is no accepted quotation of this number between both sides.")
        return [Problem("quotation", said, field="quotation")]
    if terms.price != found.total:
        said = _("The quotation comes to {total} yuan: the price must be the same.")
        return [Problem("price", said.format(total=found.total), field="price")]
    return []


def _accepted(order: Order, who: Actor, side: str, day: date) -> Any:
    rows = operator_quotations if side == "operator" else my_quotations
    return rows(who=who, today=day).filter(
        state="accepted", facility=order.facility_id, organisation=order.applicant_id
    )
