"""What is wrong with a wish of several steps, asked of the tables."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from pilotline.desks.booking.models import Bookable
from pilotline.desks.booking.queries.asking import is_owner, licensed_until
from pilotline.desks.booking.queries.diaries import with_hours
from pilotline.desks.booking.queries.rulebook import booking_rules
from pilotline.desks.booking.queries.waiting import problems_of_waiting
from pilotline.desks.booking.rules.steps import StepWish, is_joint, problems_of_steps
from pilotline.desks.booking.rules.wishes import show_time
from pilotline.desks.registry import queries as registry
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import NotFound, Problem
from pilotline.kernel.period import Period


def bookables_for(*, who: Actor, resources: Iterable[int]) -> dict[int, Bookable]:
    """Those resources by number. NotFound for one the actor may not see or that is not booked."""
    wanted = set(resources)
    found = {b.pk: b for b in with_hours(Bookable.objects.filter(pk__in=wanted))}
    for facility in {b.resource.facility_id for b in found.values()}:
        registry.resource(
            who=who, id=min(b.pk for b in found.values() if b.resource.facility_id == facility)
        )
    if len(found) < len(wanted):
        raise NotFound
    return found


def problems_of_project(
    who: Actor,
    bookables: Mapping[int, Bookable],
    organisation: int,
    steps: Sequence[StepWish],
    given: Mapping[str, Any],
) -> list[Problem]:
    """Everything that is wrong, each sentence once."""
    first = bookables[steps[0].ways[0][0]]
    alone = {**given, "minutes": steps[0].minutes}
    found = problems_of_waiting(who, first, organisation, alone, given["now"])
    if given["start"] < given["end"]:
        found += problems_of_steps(steps, bookables, Period(given["start"], given["end"]))
        found += _too_soon_for_all(steps, bookables, given)
    found += _unlicensed(who, bookables)
    once = {(problem.code, str(problem.text)): problem for problem in found}
    return list(once.values())


def _too_soon_for_all(
    steps: Sequence[StepWish], bookables: Mapping[int, Bookable], given: Mapping[str, Any]
) -> Iterator[Problem]:
    """A window that ends before several operators could have answered."""
    hours = booking_rules().joint_answer_hours if is_joint(bookables) else 0
    soonest = given["now"] + timedelta(hours=hours)
    soonest += timedelta(minutes=sum(step.minutes for step in steps))
    if hours and given["end"] < soonest:
        text = _(
            "Several operators must accept, and each has at least {hours} hours for it: the window "
            "must reach beyond {time}."
        )
        said = text.format(hours=hours, time=show_time(soonest))
        yield Problem("too-soon", said, "end")


def _unlicensed(who: Actor, bookables: Mapping[int, Bookable]) -> Iterator[Problem]:
    licensed = licensed_until(bookables, who)
    for number, bookable in sorted(bookables.items()):
        if bookable.licence and number not in licensed and not is_owner(who, bookable):
            text = _("{name} needs training or a licence that you do not have: ask its operator.")
            yield Problem("no-licence", text.format(name=bookable.resource.name))
