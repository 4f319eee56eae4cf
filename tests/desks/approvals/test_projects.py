"""Projects: complete on arrival, side by side, the green lane, decisions with conditions."""

from datetime import timedelta

import pytest

from pilotline.desks.approvals import services
from pilotline.desks.approvals.models import Condition, Project
from pilotline.desks.approvals.queries import projects as queries
from pilotline.desks.demand import services as demand
from pilotline.desks.journal.models import Happening
from pilotline.desks.people.models import Organisation
from pilotline.desks.review import services as review
from pilotline.desks.review.models import StepRun
from pilotline.kernel.actor import SYSTEM
from pilotline.kernel.errors import Conflict, NotAllowed, NotFound, Refused
from tests.factories import NOW, OTHER_CITY, actor
from tests.factories_approvals import BEGIN, END, PLAN, project, scene
from tests.factories_demand import accepted
from tests.factories_review import open_run, pass_all

pytestmark = pytest.mark.usefixtures("rulebook")
SOON = NOW.date() + timedelta(days=90)


def decided(on, outcome: str = "approve", **given) -> Project:
    """A project that went all the way."""
    made = project(on)
    pass_all(made.proceeding)
    run = open_run(made.proceeding, "decision")
    return services.decide(
        who=on.city, run=run.pk, outcome=outcome, reasons="符合要求", **given, now=NOW
    )


def test_what_is_complete_is_accepted_at_once_and_all_tracks_open() -> None:
    made = project(scene())
    assert made.number.startswith("ZS-2026-")
    runs = StepRun.objects.filter(proceeding=made.proceeding)
    first = runs.get(act="completeness")
    assert (first.state, first.done_at, first.done_by) == ("done", NOW, None)
    opened = runs.filter(state="open")
    assert set(opened.values_list("act", flat=True)) == {"assessment", "readiness", "review"}
    assert set(opened.values_list("opened_at", flat=True)) == {NOW}
    assert Happening.objects.filter(name="ProjectOpened").count() == 1


def test_all_that_is_missing_is_told_at_once_and_nothing_is_written() -> None:
    on = scene()
    case = accepted(on.applicant)
    with pytest.raises(Refused) as refused:
        services.open_project(
            who=on.applicant,
            case=case.pk,
            kind="project",
            begin=END,
            end=BEGIN,
            hazardous=True,
            plan={"quantity": "much", "temperature_low": "9", "temperature_high": "3"},
            papers={},
            now=NOW,
        )
    fields = {p.field for p in refused.value.problems}
    assert {"end", "substances", "quantity", "temperature_low"} <= fields
    assert {"paper_project_plan", "paper_hazard_assessment", "paper_hazop"} <= fields
    assert not Project.objects.exists()


def test_only_the_applicant_opens_and_only_once() -> None:
    on = scene()
    made = project(on)
    with pytest.raises(Conflict):
        project(on, case=made.case)
    with pytest.raises((NotAllowed, NotFound)):
        services.open_project(
            who=on.operator, case=made.case_id, kind="project", begin=BEGIN, end=END,
            hazardous=False, plan=PLAN, papers={}, now=NOW,
        )  # fmt: skip


def test_a_listed_project_takes_the_green_lane_and_says_why() -> None:
    on = scene()
    firm = Organisation.objects.get(pk=min(on.applicant.organisations))
    services.list_key_project(
        who=on.city, credit_code=firm.credit_code, listed_in="省重点项目名单", now=NOW
    )
    with pytest.raises(Conflict):
        services.list_key_project(
            who=on.city, credit_code=firm.credit_code, listed_in="省重点项目名单", now=NOW
        )
    made = project(on)
    assert made.proceeding.green_reasons == [{"rule": "key_project"}]
    listed = queries.key_projects(who=on.city).get()
    services.unlist_key_project(who=on.city, key_project=listed.pk, now=NOW)
    plain = project(on)
    assert not plain.proceeding.green
    assert open_run(made.proceeding, "review").due < open_run(plain.proceeding, "review").due


def test_a_decision_with_conditions_that_are_followed_up() -> None:
    on = scene()
    made = decided(on, "approve_on_terms", conditions=[("安装尾气监测", SOON)])
    assert (made.state, made.outcome) == ("granted", "approved")
    condition = Condition.objects.get(project=made)
    assert services.remind_conditions(now=NOW) == 0
    due = NOW + timedelta(days=85)
    assert services.remind_conditions(now=due) == 1
    assert services.remind_conditions(now=due) == 0
    services.report_condition(who=on.applicant, condition=condition.pk, report="已安装", now=due)
    services.answer_condition(
        who=on.city, condition=condition.pk, met=False, answer="缺比对报告", now=due
    )
    assert list(queries.open_conditions(who=on.applicant)) == [condition]
    services.report_condition(who=on.applicant, condition=condition.pk, report="已补", now=due)
    services.answer_condition(who=on.city, condition=condition.pk, met=True, now=due)
    assert not queries.open_conditions(who=on.city).exists()
    with pytest.raises(Conflict):
        services.answer_condition(who=on.city, condition=condition.pk, met=True, now=due)


def test_conditions_where_they_belong() -> None:
    on = scene()
    for outcome, conditions, code in (
        ("approve_on_terms", [], "no-conditions"),
        ("approve", [("安装", SOON)], "no-room"),
        ("approve_on_terms", [("安装", NOW.date())], "past-date"),
    ):
        with pytest.raises(Refused) as refused:
            decided(on, outcome, conditions=conditions)
        assert [p.code for p in refused.value.problems] == [code]


def test_two_officials_decide_once() -> None:
    on = scene()
    made = project(on)
    pass_all(made.proceeding)
    run = open_run(made.proceeding, "decision").pk
    services.decide(who=on.city, run=run, outcome="approve", reasons="符合", now=NOW)
    with pytest.raises(Conflict):
        services.decide(who=actor("authority"), run=run, outcome="refuse", reasons="不符", now=NOW)
    made.refresh_from_db()
    assert made.state == "granted"
    assert Happening.objects.filter(name="ProjectDecided").count() == 1


def test_a_hearing_comes_before_the_decision() -> None:
    on = scene()
    made = project(on)
    pass_all(made.proceeding)
    run = open_run(made.proceeding, "decision").pk
    services.decide(who=on.city, run=run, outcome="hearing", reasons="群众关注", now=NOW)
    hearing = open_run(made.proceeding, "hearing")
    services.decide(who=on.city, run=hearing.pk, outcome="held", reasons="已听取", now=NOW)
    services.decide(who=on.city, run=run, outcome="refuse", reasons="风险过大", now=NOW)
    made.refresh_from_db()
    assert (made.state, made.outcome) == ("refused", "refused")


def test_an_applicant_leaves_in_the_middle_also_with_the_case() -> None:
    on = scene()
    made = services.withdraw_project(who=on.applicant, project=project(on).pk, now=NOW)
    assert made.state == "withdrawn"
    again = project(on, case=made.case)
    with pytest.raises(NotAllowed):
        services.withdraw_project(who=on.city, project=again.pk, now=NOW)
    demand.withdraw(who=on.applicant, case=made.case_id, reason="转产", now=NOW)
    again = services.withdraw_project(who=SYSTEM, project=again.pk, now=NOW)
    assert again.state == "withdrawn"


def test_strangers_see_nothing() -> None:
    on = scene()
    made = project(on)
    for stranger in (actor(), actor("operator"), actor("authority", region=OTHER_CITY)):
        with pytest.raises(NotFound):
            queries.project(who=stranger, id=made.pk)
        assert not queries.projects(who=stranger).exists()
    for friend in (on.applicant, on.operator, on.city):
        assert queries.project(who=friend, id=made.pk) == made


def test_readiness_is_kept_with_its_scale() -> None:
    on = scene()
    made = project(on)
    run = open_run(made.proceeding, "readiness")
    found = {"scale": "new_material", "level": "6"}
    services.decide(who=on.city, run=run.pk, outcome="pass", readiness=found, now=NOW)
    made.refresh_from_db()
    assert made.readiness == found


def test_what_was_decided_past_the_desk_is_taken_over() -> None:
    on = scene()
    made = project(on)
    pass_all(made.proceeding)
    run = open_run(made.proceeding, "decision")
    review.finish_step(who=on.city, run=run.pk, outcome="approve", reasons="符合", now=NOW)
    assert services.settle(project=made.pk, now=NOW).state == "granted"
    assert services.settle(project=made.pk, now=NOW).state == "granted"


@pytest.mark.parametrize("count", [1, 3])
def test_lists_ask_the_database_once(count, django_assert_num_queries) -> None:
    on = scene()
    for _ in range(count):
        project(on)
    with django_assert_num_queries(1):
        assert len(list(queries.projects(who=on.city))) == count
