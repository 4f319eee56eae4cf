"""How wishes of several steps and plans are told to programs."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_noop as _
from ninja import Field, Schema

from pilotline.desks.booking.rules.steps import StepWish
from pilotline.web.api.booking_shapes import Family, Minutes, Moment, WaitingShape
from pilotline.web.api.booking_told import waiting_of
from pilotline.web.api.route import Given, Id

WAYS = _("Resources that could do it: each a list of one, or of two that run at once.")


class StepGiven(Given):
    """One step: its length and what could do it."""

    minutes: Minutes
    ways: list[list[Id]] = Field(max_length=8, description=WAYS, examples=[[[12], [13, 14]]])

    def wish(self) -> StepWish:
        return StepWish(self.minutes, tuple(tuple(way) for way in self.ways))


class StepsGiven(Given):
    organisation: Id
    steps: list[StepGiven] = Field(max_length=6, description=_("In order, all or none."))
    start: Moment
    end: Moment
    purpose: str = Field(max_length=2000)
    family: Family = ""
    case: Id | None = None
    match: Id | None = Field(default=None, description=_("An agreed match that led here."))


class PlanAskGiven(Given):
    organisation: Id = Field(description=_("The operating organisation."))
    widely: bool = Field(
        default=False, description=_("Like resources of the same facility may serve as well.")
    )


class ChosenGiven(Given):
    lines: list[Id] | None = Field(
        default=None, max_length=1000, description=_("Lines to offer; all where none are given.")
    )


class DeclineGiven(Given):
    reason: str = Field(max_length=2000, description=_("The applicant reads it."))


class PlannedShape(Schema):
    """One step's time, or why it has none. `step` is 0 for a wish without steps."""

    id: Id
    waiting: Id
    step: int
    state: str = Field(description=_("proposed, waits, accepted or refused."))
    resource: Id | None
    name: str
    beside: Id | None = Field(description=_("The second resource of a step that takes two."))
    start: datetime | None
    end: datetime | None
    why: str
    booking: Id | None
    refused: str


class PartShape(Schema):
    """What the caller may see of one wish in a joint plan."""

    waiting: Id
    organisation_name: str
    purpose: str
    state: str = Field(description=_("proposed, waits, accepted or refused."))
    why: str = Field(description=_("late, declined, taken, gone, or the engine's word."))
    lines: list[PlannedShape]
    elsewhere: list[int] = Field(description=_("Steps that lie with operators unseen here."))
    given: int = Field(description=_("How many operators have accepted."))
    needed: int
    until: datetime | None
    to_answer: list[Id] = Field(description=_("Your organisations whose answer is wanted."))
    declined: str


class OneWaitingShape(WaitingShape):
    """A wish, and what the newest joint plan says of it."""

    plan: PartShape | None


class PlanRow(Schema):
    id: Id
    operator: Id | None = Field(description=_("None for a joint plan."))
    state: str = Field(description=_("asked, ready or failed."))
    asked_at: datetime
    done_at: datetime | None
    until: datetime | None
    starts: datetime
    ends: datetime
    weight: float
    bound: float = Field(description=_("No plan serves more."))
    reason: str


class PlanShape(PlanRow):
    lines: list[PlannedShape]


class JointPlanShape(PlanRow):
    parts: list[PartShape]


def plan_row(plan: Any) -> dict[str, Any]:
    names = ("state", "asked_at", "done_at", "until", "starts", "ends", "weight", "bound", "reason")
    told = {name: getattr(plan, name) for name in names}
    return told | {"id": plan.pk, "operator": plan.operator_id}


def joint_row(plan: Any) -> dict[str, Any]:
    """Of a joint plan: how much it serves in all is not for each of its sides."""
    return plan_row(plan) | {"weight": 0.0, "bound": 0.0}


def line_of(line: Any) -> dict[str, Any]:
    return {
        "id": line.pk,
        "waiting": line.waiting_id,
        "step": line.step,
        "state": line.state,
        "resource": line.resource_id,
        "name": line.resource.name if line.resource else "",
        "beside": line.beside_id,
        "start": line.starts,
        "end": line.ends,
        "why": line.why,
        "booking": line.booking_id,
        "refused": line.refused,
    }


def part_of_plan(part: Any) -> dict[str, Any]:
    return {
        "waiting": part.waiting.pk,
        "organisation_name": part.waiting.organisation.name,
        "purpose": part.waiting.purpose,
        "state": part.state,
        "why": part.why,
        "lines": [line_of(line) for line in part.lines],
        "elsewhere": part.elsewhere,
        "given": part.given,
        "needed": part.needed,
        "until": part.until,
        "to_answer": [key for key, answer in part.answers.items() if answer is None]
        if part.state == "proposed"
        else [],
        "declined": part.declined,
    }


def one_waiting(row: Any, part: Any) -> dict[str, Any]:
    return waiting_of(row) | {"plan": part_of_plan(part) if part else None}
