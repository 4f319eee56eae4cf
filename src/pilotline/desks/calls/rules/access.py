"""Who may see and do what with calls and applications."""

from pilotline.desks.calls.models import Application, Call
from pilotline.desks.calls.rules.states import PUBLIC
from pilotline.desks.people.rules import token_opens
from pilotline.kernel.actor import Actor


def is_authority(who: Actor, call: Call, *, writes: bool = True) -> bool:
    """An authority of the region that opened the call, or of one that contains it."""
    if who.is_system:
        return True
    return who.answers_for(call.region) and token_opens(who, "authority", writes=writes)


def may_see_call(who: Actor, call: Call) -> bool:
    return call.state in PUBLIC or is_authority(who, call, writes=False)


def is_applicant(who: Actor, application: Application, *, writes: bool = True) -> bool:
    mine = who.belongs_to(application.organisation_id)
    return mine and token_opens(who, "applicant", writes=writes)


def is_partner(who: Actor, application: Application) -> bool:
    return any(who.belongs_to(p.organisation_id) for p in application.partners.all())


def may_see_application(who: Actor, application: Application) -> bool:
    """Its own people and partners; the call's authority and that of its place, once handed in."""
    if is_applicant(who, application, writes=False) or is_partner(who, application):
        return True
    handed_in = application.state not in ("draft", "joining")
    if not handed_in:
        return who.is_system
    local = who.answers_for(application.region)
    return is_authority(who, application.call, writes=False) or (
        local and token_opens(who, "authority", writes=False)
    )
