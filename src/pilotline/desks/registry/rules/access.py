"""Who may see and change what. A rule of access answers yes or no; services turn no into words."""

from pilotline.desks.people.rules import token_opens
from pilotline.desks.registry.models import Facility
from pilotline.kernel.actor import Actor


def operates(who: Actor, organisation: int | None, *, writes: bool = True) -> bool:
    """Members of the operating organisation who have the role operator."""
    return (
        who.has("operator")
        and who.belongs_to(organisation)
        and token_opens(who, "operator", writes=writes)
    )


def governs(who: Actor, region: str, *, writes: bool = True) -> bool:
    """The authority of the region or of one that contains it."""
    return who.answers_for(region) and token_opens(who, "authority", writes=writes)


def may_create(who: Actor, *, organisation: int) -> bool:
    return who.is_system or operates(who, organisation)


def may_edit(who: Actor, facility: Facility) -> bool:
    """Its operator's people; the authority of its region while nobody operates it."""
    if who.is_system or operates(who, facility.operator_id):
        return True
    return facility.operator_id is None and governs(who, facility.region)


def may_see(who: Actor, facility: Facility) -> bool:
    """What is published is public; the rest is for its operator and the region's authority."""
    return (
        facility.status == Facility.Status.PUBLISHED
        or who.is_system
        or operates(who, facility.operator_id, writes=False)
        or governs(who, facility.region, writes=False)
    )


def may_open_paper(who: Actor, facility: Facility, is_public: bool) -> bool:
    """A certificate's file: everybody when it is shown on a published page; else its operator's
    people and the region's authority."""
    if is_public and facility.status == Facility.Status.PUBLISHED:
        return True
    return (
        who.is_system
        or operates(who, facility.operator_id, writes=False)
        or governs(who, facility.region, writes=False)
    )


def may_decide_tier(who: Actor, facility: Facility) -> bool:
    return who.is_system or governs(who, facility.region)


def may_import_official(who: Actor, region: str) -> bool:
    """An official list may name facilities of the authority's own regions only."""
    return who.is_system or governs(who, region)


def may_claim(who: Actor, *, organisation: int) -> bool:
    return operates(who, organisation)
