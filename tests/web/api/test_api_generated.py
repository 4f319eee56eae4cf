"""Requests generated from the API's own schema: no 5xx, and every answer is as it was declared."""

import warnings
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    allow_header_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from pilotline.desks.approvals import services as approvals
from pilotline.desks.approvals.models import Condition
from pilotline.desks.booking import services as booking
from pilotline.desks.booking.rules.wishes import Wish
from pilotline.desks.calls import services as call_services
from pilotline.desks.matching import services as matching
from pilotline.desks.notices.models import Notice
from pilotline.desks.people.queries import own_organisations
from pilotline.desks.review import services as review
from pilotline.kernel.actor import SYSTEM
from tests import factories_calls as calls
from tests import factories_experts
from tests.factories import NOW, organisation
from tests.factories_approvals import PLAN, Scene, envelope, project
from tests.factories_demand import RELEASED, accepted, attached, draft
from tests.factories_matching import operated, with_reactor
from tests.factories_registry import capability, facility, resource
from tests.factories_review import open_run
from tests.factories_settlement import Stage

pytestmark = pytest.mark.slow
CHECKS = [
    not_a_server_error,
    allow_header_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
]
BOUNDED = settings(
    max_examples=4,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def app() -> Iterator[Any]:
    """The whole application in this process. Like Django's own client it leaves the connection
    open between requests, for the test's transaction lives in it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield get_wsgi_application()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def world(program) -> dict[str, Any]:
    """A little of everything, so that generated requests meet records."""
    applicant, operator, authority = (program(r) for r in ("applicant", "operator", "authority"))
    (membership,) = own_organisations(operator.who)
    place = facility(owner=membership.organisation)
    line = resource(place)
    stated = capability(place, "volume", "500~1000升", of=line)
    case = accepted(applicant.who, **RELEASED)
    begun = draft(applicant.who, title="草稿")
    file = attached(applicant.who, begun)
    now = timezone.now()
    matching.propose(case=case.pk, now=now)
    talk = matching.ask_facility(
        who=applicant.who, case=case.pk, facility=place.pk, line=line.pk, now=now
    )
    booked = held(applicant.who, line, operator.who)
    stage = Stage(applicant=applicant.who, operator=operator.who, authority=authority.who)
    order = stage.agreed()
    bill = stage.issued(order=order)
    step, filed, asked, expert = followed(program, authority)
    waiting = organisation(confirmed=False)
    called = open_call(applicant.who, "short")
    won, objection, milestone = awarded(applicant.who)
    for user in (applicant.user, operator.user, authority.user):
        Notice.objects.create(user=user, kind="case.accepted", key="k", at=now)
    return {
        "programs": {
            "anyone": program(None),
            "applicant": applicant,
            "operator": operator,
            "authority": authority,
            "expert": expert,
        },
        "places": {
            "/steps/{id}": {"id": step.pk},
            "/urges/{id}": {"id": step.urges.all()[0].pk},
            "/proceedings/{id}": {"id": step.proceeding_id},
            "/projects/{id}": {"id": step.proceeding.subject},
            "/my/projects/{id}": {"id": filed.project_id},
            "/conditions/{id}": {"id": filed.project.conditions.all()[0].pk},
            "/permits/{id}": {"id": filed.pk},
            "/authority/tracks/{track}": {"track": step.proceeding.track},
            "/my/cases/{id}/projects": {"id": case.pk},
            "/expert/assignments/{id}": {"id": asked.pk},
            "/authority/panels/{id}": {"id": asked.item.panel_id},
            "/calls/{id}": {"id": won.call_id},
            "/my/applications/{id}": {"id": called.pk},
            "/my/milestones/{id}": {"id": milestone.pk},
            "/authority/calls/{id}": {"id": called.call_id},
            "/authority/applications/{id}": {"id": won.pk},
            "/authority/objections/{id}": {"id": objection.pk},
            "/authority/milestones/{id}": {"id": milestone.pk},
            "/my/orders/{id}": {"id": order.pk},
            "/operator/orders/{id}": {"id": order.pk},
            "/my/bills/{id}": {"id": bill.pk},
            "/operator/bills/{id}": {"id": bill.pk},
            "/my/bookings/{id}": {"id": booked.pk},
            "/operator/bookings/{id}": {"id": booked.pk},
            "/operator/bookables/{id}": {"id": line.pk},
            "/my/organisations/{id}": {"id": min(applicant.who.organisations)},
            "/authority/organisations/{id}": {"id": waiting.pk},
            "/my/cases/{id}/attachments/{attachment}": {"id": begun.pk, "attachment": file.pk},
            "/cases/{id}/attachments/{attachment}": {"id": begun.pk, "attachment": file.pk},
            "/my/cases/{id}/submit": {"id": begun.pk},
            "/my/cases/{id}": {"id": case.pk},
            "/cases/{id}": {"id": case.pk},
            "/my/talks/{id}": {"id": talk.pk},
            "/operator/talks/{id}": {"id": talk.pk},
            "/authority/talks/{id}": {"id": talk.pk},
            "/operator/facilities/{code}/resources/{id}": {"code": place.code, "id": line.pk},
            "/operator/facilities/{code}/capabilities/{id}": {"code": place.code, "id": stated.pk},
            "/operator/facilities/{code}": {"code": place.code},
            "/authority/facilities/{code}": {"code": place.code},
            "/facilities/{code}": {"code": place.code},
            "/needs/{number}": {"number": case.number},
            "/rulebook/lists/{kind}": {"kind": "fields"},
            "/rulebook/forms/{kind}": {"kind": "need"},
        },
    }


def open_call(who: Any, program: str) -> Any:
    """A draft application in a call that is open today."""
    today, now = timezone.localdate(), timezone.now()
    call = calls.opened(program, opens=today, closes=today + timedelta(days=20))
    begun = call_services.start_application(
        who=who, call=call.pk, organisation=min(who.organisations), now=now
    )
    answers = calls.answers(call)
    return call_services.save_application(who=who, application=begun.pk, answers=answers, now=now)


def awarded(who: Any) -> Any:
    """A bid that was granted after an objection, and its milestone, which is reported."""
    call = calls.opened("challenge")
    _who, won = calls.applied(call, who=who)
    calls.marked(call, {won: 90})
    call_services.make_list(who=SYSTEM, call=call.pk, now=calls.LATER)
    call_services.open_notice(who=SYSTEM, call=call.pk, now=calls.LATER)
    objection = call_services.raise_objection(
        who=who, call=call.pk, text="指标与公开论文不一致，请核实。", now=calls.LATER
    )
    answer = {"upheld": False, "answer": "已请专家复核，指标无误。"}
    after = calls.LATER + timedelta(days=20)
    call_services.answer_objection(who=SYSTEM, objection=objection.pk, now=after, **answer)
    call_services.publish_results(who=SYSTEM, call=call.pk, now=after)
    milestone = won.milestones.get()
    call_services.report_milestone(who=who, milestone=milestone.pk, report="完成", now=after)
    return won, objection, milestone


def held(who: Any, line: Any, operator: Any) -> Any:
    """Tomorrow and the day after on the line, and somebody who waits for that very time."""
    now = timezone.now()
    start = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    wish = Wish(line.pk, start + timedelta(days=1), start + timedelta(days=3))
    openings = [(day, 0, 1440) for day in range(7)]
    values = {"days": "every", "scale": "pilot"}
    booking.set_bookable(who=operator, resource=line.pk, values=values, openings=openings, now=now)
    one = {"who": who, "organisation": min(who.organisations), "purpose": "中试", "now": now}
    made = booking.hold(wishes=[wish], **one)
    booking.wait_for(resource=line.pk, minutes=60, start=wish.start, end=wish.end, **one)
    return made


def followed(program: Any, authority: Any) -> tuple[Any, Any, Any, Any]:
    """A step that was urged, a permit with a condition beside it, an expert's open assignment."""
    operator, facility = operated(name="海岱共沉淀中试平台")
    line = with_reactor(operator, facility)
    on = Scene(program("applicant").who, operator, authority.who, facility, line)
    envelope(on)
    run = open_run(project(on).proceeding, step="safety")
    review.urge_step(who=authority.who, run=run.pk, kind="urge", now=NOW)
    made = project(on, "filing", plan=PLAN | {"quantity": "1"})
    for outcome in ("agree", "file"):
        step = open_run(made.proceeding)
        approvals.decide(who=SYSTEM, run=step.pk, outcome=outcome, reasons="可行", now=NOW)
    Condition.objects.create(project=made, text="补充协议", due=NOW.date())
    permit = approvals.start_running(who=SYSTEM, project=made.pk, since=NOW.date(), now=NOW)
    for _each in range(3):
        factories_experts.expert()
    asked = factories_experts.asked(factories_experts.panel())[0]
    return run, permit, asked, program(asked.expert.user)


def operations(role: str, app: Any) -> Iterator[Any]:
    """What this role may open; what everybody may open is asked for by nobody only."""
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    wanted = {role, "known"} if role == "applicant" else {role}
    for found in schema.get_all_operations():
        operation = found.ok()
        if wanted & set(operation.definition.raw["x-roles"]):
            yield operation


def existing(world: dict[str, Any], path: str) -> dict[str, Any]:
    """Path parameters that lead to a record, where there is one."""
    short = path.removeprefix("/api/v1")
    return next((p for start, p in world["places"].items() if short.startswith(start)), {})


@pytest.mark.parametrize("role", ["anyone", "applicant", "operator", "authority", "expert"])
def test_generated_requests(world, app, role):
    headers = world["programs"][role].headers
    asked = 0
    for operation in operations(role, app):
        for mode, real in ((GenerationMode.POSITIVE, True), (GenerationMode.NEGATIVE, False)):
            known = existing(world, operation.path) if real else {}
            with transaction.atomic():
                asked += _run(operation, mode, known, headers)
                transaction.set_rollback(True)
    assert asked > (15 if role == "expert" else 40)


def _run(operation: Any, mode: Any, known: dict[str, Any], headers: dict[str, str]) -> int:
    """Calls one operation some times, checks every answer, tells how often."""
    asked = 0

    @BOUNDED
    @given(case=operation.as_strategy(generation_mode=mode))
    def call(case: Any) -> None:
        nonlocal asked
        case.path_parameters = {**(case.path_parameters or {}), **known}
        response = case.call(headers=headers)
        case.validate_response(response, checks=CHECKS)
        asked += 1

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)
            call()
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE
    return asked
