"""The final actions: a closed set, chosen by a program and carried out once it is decided."""

from collections.abc import Callable
from datetime import date, datetime

from django.utils import timezone

from pilotline.desks.calls.models import Application, Milestone
from pilotline.desks.registry import services as registry
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import NotFound
from pilotline.rulebook.program import Program

Action = Callable[[Actor, Application, Program, datetime], None]


def carry_out(who: Actor, application: Application, program: Program, now: datetime) -> None:
    """Do what the program says for one granted application, in the caller's transaction."""
    ACTIONS[program.action.kind](who, application, program, now)


def _grant_tier(who: Actor, application: Application, program: Program, now: datetime) -> None:
    """A new dated step in the facility's tier history, by the call's authority."""
    if application.facility is None:
        raise NotFound
    registry.decide_tier(
        who=who,
        code=application.facility.code,
        tier=program.action.tier,
        step=program.action.step,
        since=timezone.localdate(now),
        decided_by=who.name,
        note=f"{application.call.number} {application.number}",
        now=now,
    )


def _start_milestones(
    who: Actor, application: Application, program: Program, now: datetime
) -> None:
    """The promised last day becomes the first milestone; the authority may add others."""
    asked, end = program.form.by_role("end"), program.form.answer(application.answers, "end")
    if asked is not None and end:
        Milestone.objects.create(
            application=application,
            title=asked.title.zh,
            due=date.fromisoformat(end),
            amount=application.granted,
        )


def _keep_as_it_is(who: Actor, application: Application, program: Program, now: datetime) -> None:
    """Being granted is all: the amount, the list or the publication stands on the row itself."""


ACTIONS: dict[str, Action] = {
    "grant_tier": _grant_tier,
    "award": _start_milestones,
    "start_plan": _start_milestones,
    "start_project": _start_milestones,
    "grant_money": _keep_as_it_is,
    "publish": _keep_as_it_is,
    "enter_list": _keep_as_it_is,
    "none": _keep_as_it_is,
}
