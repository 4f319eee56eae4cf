"""Who may see and do what with orders, bills and disputes."""

from pilotline.desks.settlement.models import Bill, Dispute, Order
from pilotline.kernel.actor import Actor


def acts_for(who: Actor, organisation: int) -> bool:
    """True for those who run the facilities of this organisation."""
    return who.has("operator") and who.belongs_to(organisation)


def pays(who: Actor, organisation: int) -> bool:
    """True for the members of the paying organisation."""
    return who.has("applicant") and who.belongs_to(organisation)


def sides_of(who: Actor, order: Order) -> frozenset[str]:
    """The sides this actor may speak for: none, one, or both when a firm buys from itself."""
    sides = set()
    if pays(who, order.applicant_id):
        sides.add("applicant")
    if acts_for(who, order.operator_id):
        sides.add("operator")
    return frozenset(sides)


def may_read_order(who: Actor, order: Order) -> bool:
    """Both sides, and the authorities of the facility's or the applicant's region."""
    return (
        who.is_system
        or bool(sides_of(who, order))
        or who.answers_for(order.facility.region)
        or who.answers_for(order.applicant.region)
    )


def may_read_bill(who: Actor, bill: Bill) -> bool:
    """The payer once it is issued, the operator, and the authorities of either's region."""
    if who.is_system or acts_for(who, bill.payee_id):
        return True
    if bill.state in ("draft", "dropped"):
        return False
    return (
        pays(who, bill.payer_id)
        or who.answers_for(bill.facility.region)
        or who.answers_for(bill.payer.region)
    )


def may_mediate(who: Actor, dispute: Dispute) -> bool:
    """The authority of the facility's region, which no side of the dispute speaks for."""
    return who.answers_for(dispute.region) and not sides_of(who, dispute.order)


def may_read_dispute(who: Actor, dispute: Dispute) -> bool:
    return may_read_order(who, dispute.order)
