"""One predicate per sentence of permission."""

from dataclasses import replace

from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.people.models import Membership, Organisation
from pilotline.kernel.actor import Actor

DOORS = ("applicant", "operator", "authority", "expert")
SCOPES = ("read", "write", *(f"{door}:{verb}" for door in DOORS for verb in ("read", "write")))


def may_register_organisation(who: Actor) -> bool:
    """Anyone who is logged in may register an organisation, and the machine itself."""
    return who.is_known


def may_see_organisation(who: Actor, organisation: Organisation, member: Membership | None) -> bool:
    """Its members, the authority of its region and the operator of the system see its record."""
    return (
        member is not None or _answers_for(who, organisation) or who.has("sysop") or who.is_system
    )


def may_decide_organisation(who: Actor, organisation: Organisation) -> bool:
    """The authority of its city, or of the province above it, confirms or refuses it; one from
    elsewhere that of the whole region."""
    return _answers_for(who, organisation) or who.is_system


def _answers_for(who: Actor, organisation: Organisation) -> bool:
    if who.answers_for(organisation.region):
        return True
    return bool(who.regions) and who.answers_for(current_rulebook().answering(organisation.region))


def may_manage_members(who: Actor, member: Membership | None) -> bool:
    """Its owners amend an organisation, invite, remove and name other owners."""
    return (member is not None and member.is_owner) or who.is_system


def may_grant(who: Actor) -> bool:
    """Only the operator of the system gives and takes roles and closes accounts."""
    return who.has("sysop") or who.is_system


def may_see_users(who: Actor) -> bool:
    """The list of all users is open to the operator of the system."""
    return may_grant(who)


def may_have_tokens(who: Actor) -> bool:
    """A person makes tokens in a session; a token cannot make or end tokens."""
    return who.id is not None and who.scopes is None


def scopes_of(who: Actor) -> tuple[str, ...]:
    """What a token of this person could open: all they may, or the doors of their own roles."""
    return tuple(s for s in SCOPES if ":" not in s or who.has(s.partition(":")[0]))


def narrowed(who: Actor, scopes: frozenset[str]) -> Actor:
    """The actor as a token of these scopes: only the roles whose doors the scopes open.

    The operator of the system never acts through a token.
    """
    whole = bool(scopes & {"read", "write"})
    roles = {role for role in who.roles if whole or any(s.startswith(f"{role}:") for s in scopes)}
    return replace(who, roles=frozenset(roles - {"sysop"}), scopes=scopes)


def token_opens(who: Actor, door: str, *, writes: bool) -> bool:
    """True when the actor is no token, or one whose scopes open the door for this verb.

    `door` is one of DOORS or `public`; everybody may read what is public.
    """
    if who.scopes is None or (door == "public" and not writes):
        return True
    verbs = ("write",) if writes else ("read", "write")
    return any(verb in who.scopes or f"{door}:{verb}" in who.scopes for verb in verbs)
