"""Calls, and what is shown of them."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, When

from pilotline.desks.calls.models import Application, Ballot, Call, Objection
from pilotline.desks.calls.rules.access import is_authority, may_see_call
from pilotline.desks.calls.rules.states import LIVING, PUBLIC
from pilotline.desks.journal.queries import current_rulebook, rulebook_of
from pilotline.desks.registry import queries as registry
from pilotline.kernel.actor import Actor, covers
from pilotline.kernel.errors import NotAllowed, NotFound
from pilotline.rulebook.program import Program

YEAR_DAYS = 365
# What is going on stands before what is over.
ORDER = Case(
    When(state="open", then=0),
    When(state="draft", then=1),
    When(state="notice", then=2),
    When(state="judged", then=3),
    default=4,
    output_field=IntegerField(),
)


def program_of(call: Call) -> Program:
    """The program as it stood in the release the call was opened under."""
    return rulebook_of(call.release).programs[call.program]


def call(*, who: Actor, id: int) -> Call:
    """One call for those who may see it; NotFound for all others."""
    found = Call.objects.select_related("issuer").filter(pk=id).first()
    if found is None or not may_see_call(who, found):
        raise NotFound
    return found


def governed_call(*, who: Actor, id: int) -> Call:
    """One call for its authority; NotFound or NotAllowed for all others."""
    found = call(who=who, id=id)
    if not is_authority(who, found):
        raise NotAllowed
    return found


def calls(*, who: Actor, door: str = "public") -> QuerySet[Call]:
    """The calls of a door, what is going on first, each with how many applied.

    `public`: those that anybody may see. `authority`: all of its regions, drafts too.
    """
    counted = Count("applications", filter=Q(applications__state__in=LIVING))
    found = Call.objects.select_related("issuer").annotate(count=counted, order=ORDER)
    if door == "authority":
        regions = set(Call.objects.values_list("region", flat=True).distinct())
        mine = [r for r in regions if any(covers(m, r) for m in who.regions)]
        return found.filter(region__in=mine).order_by("order", "-closes", "-id")
    return found.filter(state__in=PUBLIC).order_by("order", "closes", "-id")


def open_programs(today: date) -> Iterable[Program]:
    """The programs that may be opened now."""
    return current_rulebook().programs.valid_on(today)


def results(*, call: Call) -> QuerySet[Application]:
    """What the public sees of a call: the list up for notice, or what was granted."""
    states = ["listed"] if call.state == Call.State.NOTICE else ["granted"]
    shown = call.state in (Call.State.NOTICE, Call.State.ENDED)
    found = call.applications.filter(state__in=states if shown else [])
    return found.select_related("organisation", "facility").order_by("rank", "id")


def published(*, action: str, kind: str = "") -> QuerySet[Application]:
    """All that was granted under programs that end in this action: showcases, lists."""
    programs = [p.id for p in current_rulebook().programs if p.action.kind == action]
    found = Application.objects.filter(state="granted", call__program__in=programs)
    if kind:
        found = found.filter(category=kind)
    return found.select_related("organisation", "call").order_by("-decided_at", "id")


def published_one(*, id: int) -> Application:
    """One showcase or listed product for anybody; NotFound for all else."""
    found = (
        Application.objects.select_related("organisation", "call")
        .filter(pk=id, state="granted")
        .first()
    )
    if found is None or program_of(found.call).action.kind not in ("publish", "enter_list"):
        raise NotFound
    return found


def candidates_of_vote(*, who: Actor, call: Call) -> QuerySet[Application]:
    """What may be voted for; `mine` marks what the voter belongs to and may not choose."""
    mine = Application.objects.filter(pk=OuterRef("pk"), organisation__in=who.organisations)
    found = call.applications.filter(state__in=["accepted", "reviewed"])
    return found.select_related("organisation").annotate(mine=Exists(mine)).order_by("number")


def ballot(*, who: Actor, call: Call) -> list[int]:
    """What this person has voted for so far."""
    if who.id is None:
        return []
    found = Ballot.objects.filter(call=call, voter=who.id).first()
    return list(found.choices) if found else []


def votes(*, call: Call) -> dict[int, int]:
    """Votes by application."""
    counted: dict[int, int] = {}
    for choices in Ballot.objects.filter(call=call).values_list("choices", flat=True):
        for chosen in choices:
            counted[chosen] = counted.get(chosen, 0) + 1
    return counted


def concerned(*, call: Call) -> list[int]:
    """The organisations that have handed something in and not taken it back, for machines.

    Of a call that was taken back, those whose application ended with it.
    """
    ended = Q(decided_at=call.ended_at) if call.state == Call.State.CANCELLED else Q(pk__in=[])
    living = call.applications.filter(Q(state__in=[*LIVING, "joining"]) | ended)
    return sorted(set(living.values_list("organisation", flat=True)))


def counted(*, call: Call) -> list[int]:
    """The applications that a call still counts."""
    return list(call.applications.filter(state__in=LIVING).values_list("pk", flat=True))


def likely_applicants(*, call: Call) -> list[int]:
    """Whom a new call concerns, for machines: who applied for the same program in the year before
    and, where it is about facilities, who operates one in its region."""
    since = call.created_at - timedelta(days=YEAR_DAYS)
    before = Application.objects.filter(
        call__program=call.program, call__region=call.region, accepted_at__gte=since
    )
    found = set(before.values_list("organisation", flat=True))
    if program_of(call).concerns == "facility":
        found |= registry.operators_in(call.region)
    return sorted(found)


def watchers(*, call: Call) -> list[int]:
    """Who objected or voted, and so waits for the results, for machines."""
    objected = call.objections.exclude(by=None).values_list("by", flat=True)
    return sorted({*objected, *call.ballots.values_list("voter", flat=True)})


def objections(*, who: Actor, call: Call) -> QuerySet[Objection]:
    """All for the authority; one's own for everybody else."""
    found = call.objections.select_related("application")
    if is_authority(who, call, writes=False):
        return found
    return found.filter(by=who.id) if who.id is not None else found.none()


def figures(*, who: Actor) -> dict[str, Any]:
    """What the authority's page counts: calls and applications by state."""
    mine = calls(who=who, door="authority")
    states = mine.order_by().values_list("state").annotate(n=Count("id", distinct=True))
    applied = (
        Application.objects.filter(call__in=mine.order_by().values("pk"))
        .values_list("state")
        .annotate(n=Count("id"))
        .order_by()
    )
    return {"calls": dict(states), "applications": dict(applied)}
