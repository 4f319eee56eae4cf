"""Wishes of several steps, an operator's plans, and plans over several operators."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from ninja import Router

from pilotline.desks.booking import queries, services
from pilotline.kernel.errors import NotFound
from pilotline.web.api.booking_shapes import WaitingShape
from pilotline.web.api.booking_told import waiting_of
from pilotline.web.api.doors import Bearer
from pilotline.web.api.plan_shapes import (
    ChosenGiven,
    DeclineGiven,
    JointPlanShape,
    OneWaitingShape,
    PlanAskGiven,
    PlanRow,
    PlanShape,
    StepsGiven,
    joint_row,
    line_of,
    one_waiting,
    part_of_plan,
    plan_row,
)
from pilotline.web.api.route import Id, Limit, Listed, Offset, get, made, part_of, post

router = Router(tags=[_("Plans for those who wait")])
MINE, OPERATOR = Bearer("applicant"), Bearer("operator")
BOTH = Bearer("operator", "authority")
STEPS = _(
    "A plan finds times for all steps or for none. Where they lie with several operators, each "
    "accepts its own part first."
)
ASKED = _("The worker makes it; ask for it again until its state is ready or failed.")


@post(
    router, "/my/waiting/steps", "my-waiting-steps", _("Stand in line with a whole project"),
    WaitingShape, status=201, creates=True, about=STEPS, auth=MINE,
)  # fmt: skip
def wait_in_steps(request: HttpRequest, given: StepsGiven) -> Any:
    found = services.wait_in_steps(
        who=request.who,
        steps=[step.wish() for step in given.steps],
        now=timezone.now(),
        **given.model_dump(exclude={"steps"}),
    )
    return made(waiting_of(queries.own_waiting(who=request.who).get(pk=found.pk)))


@get(
    router, "/my/waiting/{id}", "my-waiting-one", _("One wish, with its steps and joint plan"),
    OneWaitingShape, auth=MINE,
)  # fmt: skip
def waiting_one(request: HttpRequest, id: Id) -> Any:
    found = queries.own_waiting(who=request.who).filter(pk=id).first()
    if found is None:
        raise NotFound
    part = queries.latest_part(who=request.who, waiting=found) if found.joint else None
    return one_waiting(found, part)


@get(
    router, "/operator/schedules", "operator-schedules", _("Plans of my facilities"),
    Listed[PlanRow], auth=OPERATOR,
)  # fmt: skip
def plans(request: HttpRequest, limit: Limit = 50, offset: Offset = 0) -> dict[str, Any]:
    return part_of(queries.proposals(who=request.who), limit, offset, plan_row)


@post(
    router, "/operator/schedules", "operator-schedules", _("Ask for a plan"), PlanShape,
    status=201, creates=True, about=ASKED, auth=OPERATOR,
)  # fmt: skip
def propose(request: HttpRequest, given: PlanAskGiven) -> Any:
    found = services.propose_plan(
        who=request.who,
        operator=given.organisation,
        widely=given.widely,
        now=timezone.now(),
    )
    return made(_plan(request, found.pk))


@get(
    router, "/operator/schedules/{id}", "operator-schedule", _("One plan"), PlanShape,
    auth=OPERATOR,
)  # fmt: skip
def plan(request: HttpRequest, id: Id) -> Any:
    return _plan(request, id)


@post(
    router, "/operator/schedules/{id}/accept", "operator-schedule-accept",
    _("Offer its times, all or some"), PlanShape, auth=OPERATOR,
)  # fmt: skip
def accept(request: HttpRequest, id: Id, given: ChosenGiven) -> Any:
    services.accept_plan(who=request.who, proposal=id, lines=given.lines, now=timezone.now())
    return _plan(request, id)


@get(
    router, "/joint-plans", "joint-plans", _("Plans over several operators"), Listed[PlanRow],
    auth=BOTH,
)  # fmt: skip
def joint_plans(request: HttpRequest, limit: Limit = 50, offset: Offset = 0) -> dict[str, Any]:
    rows = queries.joint_plans(who=request.who).order_by("-pk")
    return part_of(rows, limit, offset, joint_row)


@post(
    router, "/joint-plans", "joint-plans", _("Ask for a joint plan"), PlanRow, status=201,
    creates=True, about=ASKED, auth=BOTH,
)  # fmt: skip
def propose_joint(request: HttpRequest) -> Any:
    return made(joint_row(services.propose_joint_plan(who=request.who, now=timezone.now())))


@get(
    router, "/joint-plans/{id}", "joint-plan", _("One of them, as far as it is yours to see"),
    JointPlanShape, auth=BOTH,
)  # fmt: skip
def joint_plan(request: HttpRequest, id: Id) -> Any:
    return _joint(request, id)


@post(
    router, "/joint-plans/{id}/parts/{waiting}/accept", "joint-plan-accept",
    _("Accept my part of a project"), JointPlanShape, auth=OPERATOR,
)  # fmt: skip
def accept_part(request: HttpRequest, id: Id, waiting: Id) -> Any:
    return _answer(request, id, waiting, accept=True)


@post(
    router, "/joint-plans/{id}/parts/{waiting}/decline", "joint-plan-decline",
    _("Decline it, and say why"), JointPlanShape, auth=OPERATOR,
)  # fmt: skip
def decline_part(request: HttpRequest, id: Id, waiting: Id, given: DeclineGiven) -> Any:
    return _answer(request, id, waiting, accept=False, reason=given.reason)


def _answer(request: HttpRequest, id: int, waiting: int, **given: Any) -> Any:
    services.answer_part(who=request.who, proposal=id, waiting=waiting, now=timezone.now(), **given)
    return _joint(request, id)


def _plan(request: HttpRequest, id: int) -> dict[str, Any]:
    found = queries.proposal(who=request.who, id=id)
    lines = queries.plan_lines(proposal=found)
    return plan_row(found) | {"lines": [line_of(line) for line in lines]}


def _joint(request: HttpRequest, id: int) -> dict[str, Any]:
    found = queries.joint_plan(who=request.who, id=id)
    parts = queries.parts(who=request.who, proposal=found)
    return joint_row(found) | {"parts": [part_of_plan(part) for part in parts]}
