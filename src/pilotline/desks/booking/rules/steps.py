"""Wishes of several steps, each with the resources that could do it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from pilotline.desks.booking.models import Bookable
from pilotline.kernel.errors import Problem
from pilotline.kernel.period import Period

MOST_STEPS, MOST_WAYS = 6, 8


@dataclass(frozen=True, slots=True)
class StepWish:
    """`minutes` on one of `ways`: each one resource, or two that run at once."""

    minutes: int
    ways: tuple[tuple[int, ...], ...]


def resources_of(steps: Sequence[StepWish]) -> set[int]:
    """All that are named."""
    return {resource for step in steps for way in step.ways for resource in way}


def is_joint(bookables: Mapping[int, Bookable]) -> bool:
    """Whether these lie with several operators: then a joint plan finds times for them."""
    return len({b.resource.facility.operator_id for b in bookables.values()}) > 1


def problems_of_shape(steps: Sequence[StepWish]) -> Iterator[Problem]:
    """What can be said without knowing the resources: all later checks rest on it."""
    if not 1 <= len(steps) <= MOST_STEPS:
        text = _("Describe one to {most} steps.").format(most=MOST_STEPS)
        yield Problem("steps", text, "steps")
    for number, step in enumerate(steps, 1):
        if not 1 <= len(step.ways) <= MOST_WAYS or len(set(step.ways)) < len(step.ways):
            text = _("Step {number}: choose one to {most} different resources for it.")
            yield Problem("ways", text.format(number=number, most=MOST_WAYS), "steps")
        for way in step.ways:
            if not 1 <= len(set(way)) == len(way) <= 2:
                text = _("Step {number}: it runs on one resource, or on two different ones.")
                yield Problem("way", text.format(number=number), "steps")


def problems_of_steps(
    steps: Sequence[StepWish], bookables: Mapping[int, Bookable], window: Period
) -> Iterator[Problem]:
    """Lengths that the resources do not take, nobody who could plan them, too short a window."""
    for number, step in enumerate(steps, 1):
        for resource in sorted({resource for way in step.ways for resource in way}):
            yield from _problems_of_length(number, step, bookables[resource])
    if is_joint(bookables):
        for one in bookables.values():
            if one.resource.facility.operator_id is None:
                text = _("{name} has no operator yet who could answer: choose another resource.")
                yield Problem("operators", text.format(name=one.resource.name), "steps")
    length = timedelta(minutes=sum(step.minutes for step in steps))
    if window.end - window.start < length:
        yield Problem("window", _("The window is shorter than all steps together."), "end")


def _problems_of_length(number: int, step: StepWish, bookable: Bookable) -> Iterator[Problem]:
    named = {"number": number, "name": bookable.resource.name}
    if not bookable.is_open or bookable.resource.status != "active":
        text = _("Step {number}: {name} cannot be booked now.")
        yield Problem("not-bookable", text.format(**named), "steps")
    elif not bookable.shortest <= step.minutes <= bookable.longest or step.minutes % bookable.slot:
        text = _("Step {number}: {name} takes {least} to {most} minutes, in steps of {slot}.")
        yield Problem(
            "length",
            text.format(
                least=bookable.shortest, most=bookable.longest, slot=bookable.slot, **named
            ),
            "steps",
        )
