"""Experts, fetched by those who may see them."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.people import queries as people
from pilotline.desks.review.models import Bond, Expert
from pilotline.desks.review.rules.experts import may_decide_expert, may_keep_pool
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import NotAllowed, NotFound

OPEN = Q(assignments__state__in=["offered", "accepted"])


def experts(*, who: Actor) -> QuerySet[Expert]:
    """The whole pool with the `open` and `done` assignments of each, for authorities."""
    if not may_keep_pool(who):
        raise NotAllowed
    return Expert.objects.annotate(
        open=Count("assignments", filter=OPEN),
        done=Count("assignments", filter=Q(assignments__state="submitted")),
    )


def expert(*, who: Actor, id: int) -> Expert:
    """One expert of the pool, for authorities; experts see themselves by `own_expert`."""
    found = experts(who=who).filter(pk=id).first()
    if found is None:
        raise NotFound
    return found


def decides(*, who: Actor, expert: Expert) -> bool:
    """True when this actor may accept, refuse or dismiss the expert."""
    return may_decide_expert(who, expert)


def own_expert(*, who: Actor) -> Expert | None:
    """The actor's own record, whatever became of it; None for somebody who never applied."""
    if who.id is None:
        return None
    return Expert.objects.filter(user_id=who.id).first()


def bonds(*, expert: Expert) -> QuerySet[Bond]:
    """What an expert has stated. The caller has fetched the expert through a check."""
    return Bond.objects.filter(expert=expert).select_related("organisation")


def invitation(*, code: str, now: datetime) -> Expert:
    """The open invitation this code stands for. Raises NotFound."""
    found = Expert.objects.filter(
        invitation=people.digest(code), state=Expert.State.INVITED, invited_until__gt=now
    ).first()
    if found is None:
        raise NotFound
    return found


def user_of(expert: int) -> list[int]:
    """The expert's account, for machines that tell them something; empty without one."""
    return list(
        Expert.objects.filter(pk=expert, user__is_active=True).values_list("user_id", flat=True)
    )


def users_of_experts(ids: Iterable[int]) -> list[int]:
    """The accounts of several experts."""
    found = Expert.objects.filter(pk__in=set(ids), user__is_active=True)
    return sorted(found.values_list("user_id", flat=True))


def name_of(expert: int) -> str:
    """An expert's name, for machines that tell an authority."""
    return Expert.objects.filter(pk=expert).values_list("name", flat=True).first() or ""


def home_region() -> str:
    """The region of the rulebook in force, for experts who state none."""
    return current_rulebook().region.id
