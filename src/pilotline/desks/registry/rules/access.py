"""Who may see and change what. A rule of access answers yes or no; services turn no into words."""

from pilotline.desks.registry.models import Facility
from pilotline.kernel.actor import Actor


def may_create(who: Actor, *, organisation: int) -> bool:
    """Members of the operating organisation who have the role operator."""
    return who.is_system or (who.has("operator") and who.belongs_to(organisation))


def may_edit(who: Actor, facility: Facility) -> bool:
    """Its operator's people, or the authority of its region: officials correct public facts."""
    if who.is_system:
        return True
    if who.has("operator") and who.belongs_to(facility.operator_id):
        return True
    return facility.operator_id is None and who.answers_for(facility.region)


def may_see(who: Actor, facility: Facility) -> bool:
    """What is published is public; the rest is for its operator and the region's authority."""
    if facility.status == Facility.Status.PUBLISHED:
        return True
    return (
        who.is_system
        or (who.has("operator") and who.belongs_to(facility.operator_id))
        or who.answers_for(facility.region)
    )


def may_decide_tier(who: Actor, facility: Facility) -> bool:
    return who.is_system or who.answers_for(facility.region)


def may_import_official(who: Actor, region: str) -> bool:
    """An official list may name facilities of the authority's own region only."""
    return who.is_system or who.answers_for(region)


def may_claim(who: Actor, *, organisation: int) -> bool:
    return who.has("operator") and who.belongs_to(organisation)
