"""A call from its draft to its results, and what may go wrong with it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import connections

from pilotline.desks.calls import queries, services
from pilotline.desks.calls.models import Application
from pilotline.desks.review.models import StepRun
from pilotline.kernel.actor import NOBODY, SYSTEM
from pilotline.kernel.errors import Conflict, NotAllowed, NotFound, Refused
from tests.factories import CITY, NOW, actor
from tests.factories_calls import LATER, applied, begun, draft, marked, opened, through

pytestmark = pytest.mark.usefixtures("rulebook")


def codes(refused):
    return {problem.code for problem in refused.value.problems}


def test_a_draft_is_seen_by_its_authority_alone():
    call = draft()
    assert queries.call(who=actor("authority"), id=call.pk) == call
    with pytest.raises(NotFound):
        queries.call(who=NOBODY, id=call.pk)
    services.open_call(who=SYSTEM, call=call.pk, now=NOW)
    assert queries.call(who=NOBODY, id=call.pk).number


def test_a_city_opens_nothing_for_the_province():
    with pytest.raises(NotAllowed):
        draft(who=actor("authority", region=CITY))


def test_opening_twice_is_opening_once():
    call = draft()
    first = services.open_call(who=SYSTEM, call=call.pk, now=NOW).number
    assert services.open_call(who=SYSTEM, call=call.pk, now=NOW).number == first


def test_everything_wrong_with_a_call_is_said_at_once():
    with pytest.raises(Refused) as refused:
        draft("challenge", title="", closes=date(2026, 10, 1), goals=[], prize=None, issuer=1)
    assert {"missing", "closes-early", "past", "few-goals", "no-prize"} <= codes(refused)
    with pytest.raises(Refused) as refused:
        draft("challenge", goals=[{"title": "收率", "at": "高", "unit": "%"}])
    assert codes(refused) == {"strange-goal"}


def test_an_application_is_accepted_at_once_or_told_all_it_lacks():
    call = opened()
    who, made = begun(call, consent=False, title="")
    with pytest.raises(Refused) as refused:
        services.submit_application(who=who, application=made.pk, now=NOW)
    assert {p.field for p in refused.value.problems} == {"title", "consent"}
    who, made = applied(call)
    assert made.state == "accepted"
    assert made.number
    assert made.facts["organisation_confirmed"] is True
    again = services.submit_application(who=who, application=made.pk, now=NOW)
    assert again.number == made.number


def test_who_is_not_eligible_reads_why(rulebook):
    call = opened("tier")
    who, made = begun(call, who=actor("operator"))
    with pytest.raises(Refused) as refused:
        services.submit_application(who=who, application=made.pk, now=NOW)
    facts = {p.data.get("fact") for p in refused.value.problems}
    assert {"facility_published", "facility_lines"} <= facts


def test_nobody_applies_outside_the_window():
    call = opened()
    _who, made = begun(call)
    with pytest.raises(Refused) as refused:
        services.submit_application(who=_who, application=made.pk, now=LATER)
    assert "too-late" in codes(refused)


def test_another_organisation_sees_nothing_of_an_application():
    _who, made = applied(opened())
    with pytest.raises(NotFound):
        queries.application(who=actor("applicant"), id=made.pk)
    assert queries.application(who=actor("authority"), id=made.pk) == made


def test_whoever_is_related_may_not_bid():
    issuer = actor("applicant")
    call = opened("challenge", issuer=next(iter(issuer.organisations)))
    with pytest.raises(Refused) as refused:
        applied(call, who=issuer)
    assert "related" in codes(refused)
    assert applied(call)[1].state == "accepted"


def test_parties_agree_before_a_joint_application_counts():
    lead, partner = actor("applicant"), actor("applicant")
    ours, theirs = next(iter(lead.organisations)), next(iter(partner.organisations))
    _lead, made = begun(opened("joint"), who=lead)
    named = [
        {"organisation": ours, "task": "牵头放大", "share": "60"},
        {"organisation": theirs, "task": "检测", "share": "30"},
    ]
    services.name_partners(who=lead, application=made.pk, partners=named, now=NOW)
    with pytest.raises(Refused) as refused:
        services.submit_application(who=lead, application=made.pk, now=NOW)
    assert codes(refused) == {"shares"}
    named[1]["share"] = "40"
    services.name_partners(who=lead, application=made.pk, partners=named, now=NOW)
    waiting = services.submit_application(who=lead, application=made.pk, now=NOW)
    assert (waiting.state, waiting.number) == ("joining", None)
    done = services.answer_partnership(
        who=partner, application=made.pk, organisation=theirs, agree=True, now=NOW
    )
    assert done.state == "accepted"
    assert done.number


def test_the_last_seat_is_given_once_and_passed_on():
    call = opened("event")
    first, one = applied(call, seats="2")
    _second, two = applied(call, seats="1")
    _third, three = applied(call, seats="1")
    assert [a.state for a in (one, two, three)] == ["seated", "seated", "waiting"]
    services.withdraw_application(who=first, application=one.pk, reason="", now=NOW)
    three.refresh_from_db()
    assert three.state == "seated"
    came = services.check_in(who=actor("authority"), application=three.pk, now=LATER)
    assert came.checked_in_at == LATER


def test_from_marks_to_the_list_to_the_decision():
    call = opened()
    made = {applied(call)[1]: total for total in (92, 64, 81)}
    call = marked(call, made)
    services.make_list(who=SYSTEM, call=call.pk, now=LATER)
    rows = queries.applications(who=actor("authority"), door="authority", call=call.pk)
    assert [(a.rank, a.state, a.why) for a in rows] == [
        (1, "listed", "in"),
        (2, "listed", "in"),
        (3, "not_listed", "minimum"),
    ]
    call = services.open_notice(who=SYSTEM, call=call.pk, now=LATER)
    with pytest.raises(Refused) as refused:
        services.publish_results(who=SYSTEM, call=call.pk, now=LATER)
    assert codes(refused) == {"notice-open"}
    after = LATER + timedelta(days=20)
    services.publish_results(who=SYSTEM, call=call.pk, now=after)
    services.publish_results(who=SYSTEM, call=call.pk, now=after)
    states = sorted(Application.objects.values_list("state", flat=True))
    assert states == ["granted", "granted", "refused"]
    assert queries.published(action="enter_list").count() == 2


def test_an_objection_is_answered_before_anything_is_decided():
    call = opened()
    _who, made = applied(call)
    _other, second = applied(call)
    call = marked(call, {made: 90, second: 80})
    services.make_list(who=SYSTEM, call=call.pk, now=LATER)
    services.open_notice(who=SYSTEM, call=call.pk, now=LATER)
    someone = actor("known")
    objection = services.raise_objection(
        who=someone, call=call.pk, application=made.pk, text="该产品三年前已有销售。", now=LATER
    )
    after = LATER + timedelta(days=20)
    with pytest.raises(Refused) as refused:
        services.publish_results(who=SYSTEM, call=call.pk, now=after)
    assert "objections" in codes(refused)
    services.answer_objection(
        who=SYSTEM,
        objection=objection.pk,
        upheld=True,
        answer="核查属实，予以取消。",
        now=after,
    )
    call.refresh_from_db()
    made.refresh_from_db()
    assert (call.state, made.state) == ("judged", "refused")
    with pytest.raises(Conflict):
        services.answer_objection(
            who=SYSTEM, objection=objection.pk, upheld=False, answer="另有说明材料。", now=after
        )
    services.make_list(who=SYSTEM, call=call.pk, now=after)
    assert [a.pk for a in call.applications.filter(state="listed")] == [second.pk]


def test_the_money_is_given_in_order():
    call = opened("money")
    made = [applied(call, interest="900000", amount="500000")[1] for _ in range(2)]
    for one in made:
        through(one)
    services.close_call(who=SYSTEM, call=call.pk, now=LATER)
    services.make_list(who=SYSTEM, call=call.pk, now=LATER)
    assert [a.granted for a in call.applications.order_by("rank")] == [500_000, 500_000]


def test_who_withdraws_in_the_middle_is_out_of_it():
    call = opened()
    who, made = applied(call)
    gone = services.withdraw_application(who=who, application=made.pk, reason="重组", now=NOW)
    assert gone.state == "withdrawn"
    again = services.withdraw_application(who=who, application=made.pk, reason="重组", now=NOW)
    assert again.version == gone.version


def test_goals_are_tested_and_milestones_checked():
    call = opened("challenge")
    who, made = applied(call)
    call = marked(call, {made: 90})
    services.make_list(who=SYSTEM, call=call.pk, now=LATER)
    services.open_notice(who=SYSTEM, call=call.pk, now=LATER)
    after = LATER + timedelta(days=20)
    services.publish_results(who=SYSTEM, call=call.pk, now=after)
    milestone = made.milestones.get()
    granted = milestone.amount
    given = {"who": SYSTEM, "application": made.pk, "title": "试车", "due": LATER.date()}
    with pytest.raises(Refused) as refused:
        services.add_milestone(amount=granted + 1, now=LATER, **given)
    assert codes(refused) == {"too-much"}
    services.add_milestone(amount=granted, now=LATER, **given)
    assert sum(m.amount for m in made.milestones.all()) == granted
    milestone.refresh_from_db()
    services.report_milestone(who=who, milestone=milestone.pk, report="三批平均 86 %", now=after)
    services.judge_milestone(who=SYSTEM, milestone=milestone.pk, passed=True, verdict="", now=after)
    states = {m.title: m.state for m in queries.milestones(who=who, application=made)}
    assert states == {milestone.title: "passed", "试车": "open"}
    with pytest.raises(Refused) as refused:
        services.enter_test(who=SYSTEM, application=made.pk, measured={}, proof="报告", now=after)
    assert codes(refused) == {"missing"}
    tests = services.enter_test(
        who=SYSTEM, application=made.pk, measured={0: 86}, proof="检测报告", now=after
    )
    assert [t.reached for t in tests] == [True]


@pytest.mark.django_db(transaction=True)
def test_two_officials_at_one_moment_decide_once(rulebook):
    call = opened()
    call = marked(call, {applied(call)[1]: 90})
    services.make_list(who=SYSTEM, call=call.pk, now=LATER)
    seen = services.open_notice(who=SYSTEM, call=call.pk, now=LATER).version
    after = LATER + timedelta(days=20)

    def decide(_turn):
        try:
            services.publish_results(who=SYSTEM, call=call.pk, now=after, seen=seen)
        except Conflict:
            return "conflict"
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(decide, range(2))) == ["conflict", "done"]
    assert Application.objects.get().state == "granted"


def test_calls_are_found_by_the_regions_that_govern_them():
    opened()
    assert queries.calls(who=actor("authority"), door="authority").count() == 1
    assert queries.calls(who=actor("authority", region=CITY), door="authority").count() == 0
    assert queries.calls(who=NOBODY).count() == 1


def test_a_call_that_is_taken_back_ends_what_was_applied_for():
    call = opened()
    _who, made = applied(call)
    run = StepRun.objects.get(proceeding_id=made.proceeding, state="open")
    services.cancel_call(who=SYSTEM, call=call.pk, reason="政策调整", now=NOW)
    made.refresh_from_db()
    run.refresh_from_db()
    assert (made.state, made.reasons, run.state) == ("withdrawn", "政策调整", "dropped")
    call.refresh_from_db()
    assert queries.concerned(call=call) == [made.organisation_id]
