"""Filing within a line's envelope, with exact reasons why not; permits that run out."""

from datetime import date, timedelta

import pytest

from pilotline.desks.approvals import services
from pilotline.desks.approvals.models import Permit
from pilotline.desks.approvals.queries import projects as queries
from pilotline.desks.approvals.services.permits import months_on
from pilotline.desks.journal.models import Happening
from pilotline.kernel.errors import Conflict, NotAllowed, Refused
from tests.factories import NOW
from tests.factories_approvals import LIMITS, PLAN, Scene, envelope, project, scene
from tests.factories_review import open_run

pytestmark = pytest.mark.usefixtures("rulebook")
TODAY = date(2026, 11, 2)


def filed(on: Scene, **given):
    made = project(on, "filing", **given)
    for outcome in ("agree", "file"):
        run = open_run(made.proceeding)
        services.decide(who=on.city, run=run.pk, outcome=outcome, reasons="可行", now=NOW)
    made.refresh_from_db()
    return made


def test_within_the_envelope_filing_is_enough() -> None:
    on = scene()
    envelope(on)
    made = filed(on)
    assert (made.state, made.outcome, made.kind) == ("granted", "filed", "filing")


def test_experts_who_object_end_the_filing() -> None:
    on = scene()
    envelope(on)
    made = project(on, "filing")
    run = open_run(made.proceeding, "marks")
    services.decide(who=on.city, run=run.pk, outcome="object", reasons="风险增加", now=NOW)
    made.refresh_from_db()
    assert (made.state, made.outcome) == ("refused", "not_fileable")


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        ({"substances": ["硫酸镍", "二甲苯"]}, "substances", "二甲苯"),
        ({"quantity": "1200"}, "quantities", "1200"),
        ({"temperature_high": "120"}, "temperature", "120"),
        ({"pressure_high": "0.9"}, "pressure", "0.9"),
        ({"hazard_class": "3"}, "hazard_class", "3"),
        ({"emissions": PLAN["emissions"] | {"cod": "2"}}, "emissions", "2"),
        ({"emissions": {"vocs": "0.1"}}, "not-stated", ""),
        ({"temperature_low": ""}, "not-stated", ""),
    ],
)
def test_the_exact_reasons_why_not(change, code, words) -> None:
    on = scene()
    envelope(on)
    with pytest.raises(Refused) as refused:
        project(on, "filing", plan=PLAN | change)
    assert {p.code for p in refused.value.problems} == {code}
    assert words in str(refused.value.problems[0].text)
    project(on, "project", plan=PLAN | change)


def test_others_on_the_line_take_their_share() -> None:
    on = scene()
    envelope(on)
    filed(on)
    reasons = services.held_against(line=on.line, plan=PLAN | {"quantity": "300"})
    assert [p.code for p in reasons] == ["quantities"]
    assert services.held_against(line=on.line, plan=PLAN | {"quantity": "200"}) == []


def test_without_an_envelope_or_a_line_nothing_is_filed() -> None:
    on = scene()
    for line in (on.line, None):
        assert [p.code for p in services.held_against(line=line, plan=PLAN)] == ["no-envelope"]


def test_an_envelope_states_everything_and_the_last_one_holds() -> None:
    on = scene()
    with pytest.raises(Refused) as refused:
        envelope(on, pressure_high="", quantity="")
    assert {p.field for p in refused.value.problems} == {"pressure_high", "quantity"}
    first, second = envelope(on), envelope(on, quantity="10")
    assert queries.envelope_of(on.line) == second
    first.refresh_from_db()
    assert first.ended_at == NOW
    with pytest.raises(NotAllowed):
        services.record_envelope(
            who=on.operator, facility=on.facility.pk, line=on.line, document="x",
            values=LIMITS, since=TODAY, now=NOW,
        )  # fmt: skip
    assert list(queries.envelopes(who=on.operator)) == [second]


def running(on: Scene) -> Permit:
    envelope(on)
    made = filed(on, end=date(2030, 1, 1))
    return services.start_running(who=on.operator, project=made.pk, since=TODAY, now=NOW)


def test_a_permit_lasts_as_long_as_the_project_said() -> None:
    on = scene()
    envelope(on)
    made = filed(on)
    permit = services.start_running(who=on.operator, project=made.pk, since=TODAY, now=NOW)
    assert permit.ends - permit.since == made.end - made.begin


def test_an_approval_on_an_approved_line_keeps_why_it_was_not_filed() -> None:
    on = scene()
    envelope(on)
    hot = project(on, plan=PLAN | {"temperature_high": "120"})
    assert [(one["code"], one["field"]) for one in hot.held] == [
        ("temperature", "temperature_high")
    ]
    assert "120" in hot.held[0]["zh"]
    assert "120" in hot.held[0]["en"]
    assert hot.held[0]["zh"] != hot.held[0]["en"]
    services.withdraw_project(who=on.applicant, project=hot.pk, now=NOW)
    assert project(on).held == []


def test_a_permit_runs_out_with_reminders_and_is_extended_once() -> None:
    on = scene()
    permit = running(on)
    assert permit.ends == date(2028, 11, 1)
    assert services.start_running(who=on.operator, project=permit.project_id, since=TODAY, now=NOW) == permit  # fmt: skip  # noqa: E501
    assert services.remind_permits(now=NOW) == 0
    soon = NOW + timedelta(days=700)
    assert services.remind_permits(now=soon) == 1
    assert services.remind_permits(now=soon) == 0
    with pytest.raises(Refused):
        services.ask_extension(
            who=on.operator, permit=permit.pk, until=date(2030, 1, 1), reasons="未完", now=soon
        )
    services.ask_extension(
        who=on.operator, permit=permit.pk, until=date(2029, 11, 1), reasons="未完", now=soon
    )
    services.answer_extension(who=on.city, permit=permit.pk, grants=True, answer="同意", now=soon)
    with pytest.raises(Conflict):
        services.answer_extension(
            who=on.city, permit=permit.pk, grants=True, answer="同意", now=soon
        )
    with pytest.raises(Refused) as refused:
        services.ask_extension(
            who=on.operator, permit=permit.pk, until=date(2030, 5, 1), reasons="再延", now=soon
        )
    assert [p.code for p in refused.value.problems] == ["no-more"]
    permit.refresh_from_db()
    assert (permit.ends, permit.extensions) == (date(2029, 11, 1), 1)


def test_closing_and_report() -> None:
    on = scene()
    permit = running(on)
    late = NOW + timedelta(days=731)
    assert services.remind_permits(now=late) == 1
    assert Happening.objects.filter(name="PermitEnding").count() == 1
    with pytest.raises(Refused) as refused:
        services.close_permit(
            who=on.operator, permit=permit.pk, closing="blown_up", on=date(2030, 1, 1),
            report="", now=late,
        )  # fmt: skip
    assert {p.field for p in refused.value.problems} == {"report", "closing", "on"}
    closed = services.close_permit(
        who=on.operator, permit=permit.pk, closing="sealed", on=date(2028, 10, 30),
        report="已封存,物料清空", now=late,
    )  # fmt: skip
    assert closed.closing == "sealed"
    assert services.remind_permits(now=late) == 0
    with pytest.raises(Conflict):
        services.ask_extension(
            who=on.operator, permit=permit.pk, until=date(2029, 1, 1), reasons="x", now=late
        )


def test_nothing_starts_that_was_not_granted() -> None:
    on = scene()
    made = project(on)
    with pytest.raises(Refused) as refused:
        services.start_running(who=on.operator, project=made.pk, since=TODAY, now=NOW)
    assert [p.code for p in refused.value.problems] == ["wrong-state"]


@pytest.mark.parametrize(
    ("day", "months", "end"),
    [
        (date(2026, 11, 2), 24, date(2028, 11, 1)),
        (date(2026, 1, 31), 1, date(2026, 2, 27)),
        (date(2024, 2, 29), 12, date(2025, 2, 27)),
        (date(2026, 1, 1), 12, date(2026, 12, 31)),
    ],
)
def test_months_are_counted_by_the_calendar(day, months, end) -> None:
    assert months_on(day, months) == end
