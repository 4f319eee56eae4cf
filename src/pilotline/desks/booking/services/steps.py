"""Standing in line with a whole project: several steps, one after another."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext_lazy as _

from pilotline.desks.booking.models import Bookable, Waiting, WaitingPlace, WaitingStep
from pilotline.desks.booking.queries.steps import bookables_for, problems_of_project
from pilotline.desks.booking.rules.access import may_book
from pilotline.desks.booking.rules.steps import (
    StepWish,
    is_joint,
    problems_of_shape,
    resources_of,
)
from pilotline.desks.booking.services.waiting import note_line
from pilotline.desks.demand import queries as demand
from pilotline.desks.matching import queries as matching
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import NotAllowed, refuse


@transaction.atomic
def wait_in_steps(
    *,
    who: Actor,
    organisation: int,
    steps: Sequence[StepWish],
    start: datetime,
    end: datetime,
    purpose: str,
    family: str = "",
    case: int | None = None,
    match: int | None = None,
    is_demo: bool = False,
    now: datetime,
) -> Waiting:
    """Stand in line for all steps, in order, some time in [start, end); all or none of them.

    The operator's next plan finds the times; where they lie with several operators, a joint one
    that each of them accepts for its part. Raises NotFound for resources that cannot be seen,
    Refused with everything that is wrong.
    """
    if not may_book(who, organisation):
        raise NotAllowed(_("You can book for your own organisations only."))
    case = _case_of(who, organisation, case, match)
    refuse(problems_of_shape(steps))
    bookables = bookables_for(who=who, resources=resources_of(steps))
    given = {"start": start, "end": end, "purpose": purpose, "family": family, "now": now}
    refuse(problems_of_project(who, bookables, organisation, steps, given))
    made = Waiting.objects.create(
        resource_id=steps[0].ways[0][0],
        organisation_id=organisation,
        person_id=who.id,
        case_id=case,
        match_id=match,
        purpose=purpose.strip(),
        family=family,
        minutes=sum(step.minutes for step in steps),
        window=DateTimeTZRange(start, end),
        in_steps=True,
        joint=is_joint(bookables),
        made_at=now,
        is_demo=is_demo,
    )
    _write_steps(made, steps, bookables)
    note_line(made, "wait", who, now)
    return made


def _case_of(who: Actor, organisation: int, case: int | None, match: int | None) -> int | None:
    """What it is for. Raises NotAllowed for other people's matches and cases."""
    if match is not None:
        agreed = matching.match(who=who, id=match)
        if agreed.case.organisation_id != organisation:
            raise NotAllowed(_("This match belongs to another organisation."))
        return int(agreed.case_id)
    if case is not None and demand.case(who=who, id=case).organisation_id != organisation:
        raise NotAllowed(_("This case belongs to another organisation."))
    return case


def _write_steps(
    made: Waiting, steps: Sequence[StepWish], bookables: Mapping[int, Bookable]
) -> None:
    """Its steps in order; of a joint one also where they lie."""
    WaitingStep.objects.bulk_create(
        WaitingStep(waiting=made, number=number, minutes=step.minutes, ways=step.ways)
        for number, step in enumerate(steps, 1)
    )
    first: dict[int, int] = {}
    for resource in (r for step in steps for way in step.ways for r in way):
        first.setdefault(bookables[resource].resource.facility_id, resource)
    WaitingPlace.objects.bulk_create(
        WaitingPlace(waiting=made, facility_id=facility, resource_id=resource)
        for facility, resource in first.items()
        if made.joint
    )
