"""Whose step it is among officials: those seated in its body, or anybody of its authority while
nobody is seated."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.people import queries as people
from pilotline.desks.review.models import Seat, StepRun
from pilotline.desks.review.rules import proceedings as rules
from pilotline.kernel.actor import Actor
from pilotline.rulebook import Rulebook

LIVING = Q(ended_at=None, user__is_active=True)


def seats_of(user: int) -> QuerySet[Seat]:
    """A person's seats today, for callers who may see the person."""
    return Seat.objects.filter(user_id=user, ended_at=None)


def shut(who: Actor, runs: Iterable[StepRun]) -> set[int]:
    """The runs whose body has members of whom this actor is none."""
    wanted = {run.pk: (run.body, run.region) for run in runs if run.body}
    if who.is_system or not wanted:
        return set()
    rows = Seat.objects.filter(LIVING, body__in={body for body, _region in wanted.values()})
    members: dict[tuple[str, str], set[int]] = {}
    for body, region, user in rows.values_list("body", "region", "user_id"):
        members.setdefault((body, region), set()).add(user)
    return {pk for pk, pair in wanted.items() if pair in members and who.id not in members[pair]}


def may_act(who: Actor, run: StepRun) -> bool:
    """Whose the step is, its body's seats looked at."""
    return rules.may_act(who, run) and not shut(who, [run])


def not_shut(who: Actor) -> Q:
    """Runs that no body's seats keep from this actor, for lists."""
    same = Seat.objects.filter(LIVING, body=OuterRef("body"), region=OuterRef("region"))
    return ~Exists(same) | Exists(same.filter(user_id=who.id))


def members(body: str, region: str) -> list[int]:
    """The people of a body there: those seated, else all of the authority that answers."""
    rows = Seat.objects.filter(LIVING, body=body, region=region)
    return sorted(rows.values_list("user_id", flat=True)) or people.authorities_of(region)


def officials_of(run: StepRun) -> list[int]:
    """Who is told that a step is theirs: whoever took it on, or the people of its body."""
    if run.holder is not None:
        return [run.holder]
    if run.role in ("authority", "expert"):
        return members(run.body, run.region)
    return people.users_of(run.organisation_id) if run.organisation_id is not None else []


def region_of_body(body: str, region: str, rulebook: Rulebook | None = None) -> str:
    """Where a body answers for a subject of this region: there, or in the whole region."""
    book = rulebook or current_rulebook()
    found = book.bodies.get(body)
    return book.region.id if found is not None and found.level == "province" else region
