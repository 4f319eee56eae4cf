"""A pilot project through the services and the news between them, told once in each language.

Side by side with a correction across the Spring Festival, the green lane beside it, a decision on
terms that are followed up, a permit that runs out and is closed; a filing that is allowed and one
that is refused with the exact reasons.
"""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone, translation

from pilotline.desks.approvals import services
from pilotline.desks.approvals.queries import projects as queries
from pilotline.desks.journal.queries import case_history, verify
from pilotline.desks.notices import queries as notices
from pilotline.desks.people.queries import organisation
from pilotline.desks.review import services as review
from pilotline.desks.review.models import StepRun
from pilotline.desks.review.queries.figures import figures
from pilotline.desks.review.queries.inbox import inbox
from pilotline.kernel.actor import SYSTEM
from pilotline.kernel.errors import Refused
from tests.factories_approvals import LIMITS, PLAN, Scene, envelope, project, scene
from tests.factories_review import open_run

pytestmark = pytest.mark.django_db(transaction=True)
# The Thursday before the Spring Festival of 2026: off from 15 to 23 February, at work on both
# Saturdays, the 14th and the 28th.
EVE = datetime(2026, 2, 12, 10, tzinfo=timezone.get_fixed_timezone(480))
DATES = {"begin": date(2026, 5, 1), "end": date(2026, 10, 1)}
SAID = {
    "zh-hans": {
        "question": "请补充溶剂回收率的依据。",
        "answer": "已补充物料衡算。",
        "substances": "不在已批物料之内：丙烯腈。",
        "pressure": "压力 0～2 MPa 超出已批的 0～0.3 MPa。",
        "heard": "退回补正",
    },
    "en": {
        "question": "Please show how the solvent recovery was worked out.",
        "answer": "The mass balance is attached.",
        "substances": "Not among the approved substances: 丙烯腈.",
        "pressure": "Pressure 0 to 2 MPa leaves the approved 0 to 0.3 MPa.",
        "heard": "was returned to you",
    },
}


@pytest.fixture(params=sorted(SAID))
def said(request: pytest.FixtureRequest) -> Any:
    with translation.override(request.param):
        yield SAID[request.param]


@pytest.fixture
def on(rulebook: Any) -> Scene:
    return scene()


def at(days: int) -> datetime:
    return EVE + timedelta(days=days)


def decided(on: Scene, made: Any, outcome: str, now: datetime, **given: Any) -> None:
    """Everything that is open comes to this outcome."""
    for run in list(made.proceeding.runs.filter(state="open")):
        services.decide(who=on.city, run=run.pk, outcome=outcome, reasons="同意", now=now, **given)


def test_side_by_side_and_in_the_green_lane(on: Scene, said: Any, rulebook: Any) -> None:
    made = project(on, now=EVE, **DATES)
    due = dict(made.proceeding.runs.filter(state="open").values_list("step", "due"))
    assert len(due) == 8
    # Ten working days: 13, 14, 24–28 February, 2–4 March.
    assert due["technical"] == date(2026, 3, 4)

    firm = organisation(who=SYSTEM, id=made.organisation_id)
    services.list_key_project(who=on.city, credit_code=firm.credit_code, listed_in="清单", now=EVE)
    green = project(on, now=at(1), **DATES)
    assert [one["rule"] for one in green.proceeding.green_reasons] == ["key_project"]
    rows = list(inbox(who=on.city, today=at(1).date()))
    assert {run.proceeding_id for run in rows[:8]} == {green.proceeding_id}
    assert (
        open_run(green.proceeding, step="safety").days
        < open_run(made.proceeding, step="safety").days
    )

    run = open_run(made.proceeding, step="environment")
    services.decide(who=on.city, run=run.pk, outcome="correct", reasons=said["question"], now=at(1))
    run.refresh_from_db()
    assert (run.state, run.due) == ("waiting", None)
    told = [n.kind for n in notices.notices(who=on.applicant)]
    assert "step.asked" in told
    review.answer_step(who=on.applicant, run=run.pk, answer=said["answer"], now=at(20))
    run.refresh_from_db()
    assert run.due > due["environment"]

    decided(on, green, "pass", at(20))
    decided(on, green, "approve", at(21))
    decided(on, made, "pass", at(22))
    terms = [("补充危险废物处置协议", at(60).date())]
    decided(on, made, "approve_on_terms", at(25), conditions=terms)
    made.refresh_from_db()
    green.refresh_from_db()
    assert (made.state, green.state) == ("granted", "granted")
    (condition,) = queries.conditions(made)
    services.report_condition(who=on.applicant, condition=condition.pk, report="已签", now=at(30))
    services.answer_condition(who=on.city, condition=condition.pk, met=True, now=at(31))

    permit = services.start_running(
        who=on.applicant, project=made.pk, since=at(80).date(), now=at(80)
    )
    assert permit.ends - permit.since == made.end - made.begin
    ends = (permit.ends - EVE.date()).days
    assert services.remind_permits(now=at(ends - 7)) == 1
    services.close_permit(
        who=on.applicant, permit=permit.pk, closing="sealed", on=permit.ends, report="物料清空",
        now=at(ends),
    )  # fmt: skip
    heard = {n.kind for n in notices.notices(who=on.applicant)}
    assert heard >= {"project.opened", "project.decided", "condition.met", "permit.ending"}
    assert "permit.closed" in {n.kind for n in notices.notices(who=on.city)}

    took = figures(
        who=on.city, track=made.proceeding.track, calendar=rulebook.calendar, today=at(ends).date()
    )
    assert (took.opened, took.ended, took.green) == (2, 2, 1)
    assert took.side_by_side < took.one_after_another
    told = [e.action for e in case_history(case=made.case_id)]
    assert told.count("approvals.open") == 1
    assert {"approvals.settle", "approvals.start", "approvals.close_permit"} <= set(told)
    assert list(verify()) == []


def test_a_filing_that_is_enough_and_one_that_is_not(on: Scene, said: Any) -> None:
    envelope(on)
    strange = PLAN | {"substances": [*LIMITS["substances"], "丙烯腈"], "pressure_high": "2"}
    with pytest.raises(Refused) as refused:
        project(on, "filing", plan=strange)
    assert [str(p.text) for p in refused.value.problems] == [said["substances"], said["pressure"]]
    assert not StepRun.objects.exists()

    made = project(on, "filing")
    done = made.proceeding.runs.filter(state="done").values_list("step", flat=True)
    assert list(done) == ["completeness", "envelope"]
    decided(on, made, "agree", EVE + timedelta(days=300))
    decided(on, made, "file", EVE + timedelta(days=300))
    made.refresh_from_db()
    assert (made.state, made.outcome) == ("granted", "filed")
