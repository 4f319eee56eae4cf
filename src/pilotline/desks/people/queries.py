"""What people answers: who somebody is, and organisations fetched by those who may see them."""

from pilotline.desks.people.models import User
from pilotline.kernel.actor import NOBODY, Actor


def actor_for(user: User | None) -> Actor:
    """The actor of a logged-in user (two queries), or NOBODY."""
    if user is None or not user.is_authenticated or not user.is_active:
        return NOBODY
    grants = list(user.grants.values_list("role", "region"))
    memberships = list(
        user.memberships.filter(organisation__status__in=["pending", "confirmed"]).values_list(
            "organisation_id", "is_owner"
        )
    )
    roles = {role for role, _ in grants} | ({"applicant"} if memberships else set())
    return Actor(
        id=user.pk,
        name=str(user),
        roles=frozenset(roles),
        organisations=frozenset(pk for pk, _ in memberships),
        owned=frozenset(pk for pk, owner in memberships if owner),
        regions=frozenset(region for role, region in grants if role == "authority"),
    )
