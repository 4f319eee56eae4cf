"""Plans that were proposed, and the calendars beside them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from pilotline.desks.booking.models import (
    Bookable,
    Occupation,
    PlanLine,
    PlanProposal,
    Waiting,
    WaitingStep,
)
from pilotline.desks.booking.queries.diaries import living
from pilotline.desks.booking.queries.settings import own_bookables
from pilotline.desks.people.rules import token_opens
from pilotline.desks.registry import queries as registry
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class Track:
    """One resource in a picture of a plan: what stands already, what is proposed."""

    bookable: Bookable
    standing: list[Occupation]
    proposed: list[PlanLine]


def proposals(*, who: Actor) -> QuerySet[PlanProposal]:
    """Plans of the actor's organisations, newest first, with how many are served and wait."""
    if not (who.has("operator") and token_opens(who, "operator", writes=False)):
        return PlanProposal.objects.none()
    found = PlanProposal.objects.filter(operator__in=who.organisations)
    waits = Q(lines__state=PlanLine.State.WAITS)
    return found.annotate(
        served=Count("lines__waiting", filter=~waits & Q(lines__isnull=False), distinct=True),
        waits=Count("lines__waiting", filter=waits, distinct=True),
    )


def proposal(*, who: Actor, id: int) -> PlanProposal:
    """One of them. Raises NotFound for those of others."""
    found = proposals(who=who).filter(pk=id).first()
    if found is None:
        raise NotFound
    return found


def plan_lines(*, proposal: PlanProposal) -> list[PlanLine]:
    """All lines of a plan, those with a time first; it was fetched through a check."""
    rows = proposal.lines.select_related(
        "resource__facility",
        "beside",
        "earliest_at__facility",
        "waiting__resource__facility",
        "waiting__organisation",
        "booking",
    ).prefetch_related("waiting__steps")
    return sorted(
        rows,
        key=lambda r: (
            r.state == PlanLine.State.WAITS,
            r.starts or r.earliest or proposal.ends,
            r.pk,
        ),
    )


def way_resources(lines: Iterable[PlanLine]) -> dict[int, Any]:
    """All resources that the steps of these lines' wishes could take (one query)."""
    steps = [step for line in lines for step in line.waiting.steps.all()]
    return _resources_of(steps)


def wish_resources(waiting: Waiting) -> dict[int, Any]:
    """All that the steps of one wish could take, with their facilities (one query)."""
    return _resources_of(waiting.steps.all())


def _resources_of(steps: Iterable[WaitingStep]) -> dict[int, Any]:
    wanted = {resource for step in steps for way in step.ways for resource in way}
    rows = Bookable.objects.filter(pk__in=wanted).select_related("resource__facility")
    return {row.pk: row.resource for row in rows}


def plan_calendar(*, who: Actor, proposal: PlanProposal, now: datetime) -> list[Track]:
    """Each resource that the plan uses or somebody waits for, with what stands there now."""
    lines = plan_lines(proposal=proposal)
    wanted = {line.resource_id for line in lines} | {line.waiting.resource_id for line in lines}
    wanted |= {line.beside_id for line in lines}
    bookables = list(own_bookables(who=who).filter(pk__in=[r for r in wanted if r]))
    rows = living(now).filter(
        resource__in=[b.pk for b in bookables], use__overlap=(proposal.starts, proposal.ends)
    )
    standing: dict[int, list[Occupation]] = {}
    for row in rows.select_related("booking__organisation", "closure").order_by("use"):
        standing.setdefault(row.resource_id, []).append(row)
    proposed: dict[int, list[PlanLine]] = {}
    for line in lines:
        for resource in (line.resource_id, line.beside_id):
            if resource and line.state == PlanLine.State.PROPOSED:
                proposed.setdefault(resource, []).append(line)
    return [Track(b, standing.get(b.pk, []), proposed.get(b.pk, [])) for b in bookables]


def waits_at_own(*, who: Actor, now: datetime) -> QuerySet[Waiting]:
    """Who waits at the actor's resources, for a time that is still to come, in order."""
    return Waiting.objects.filter(
        resource__in=registry.own_resources(who=who),
        joint=False,
        state=Waiting.State.WAITING,
        window__endswith__gt=now,
    ).order_by("pk")
