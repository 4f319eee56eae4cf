"""Proceedings: side by side, decided once, answered, withdrawn, late, urged."""

from datetime import timedelta

import pytest

from pilotline.desks.journal.models import Happening
from pilotline.desks.journal.queries import history
from pilotline.desks.review import services
from pilotline.desks.review.models import StepRun
from pilotline.desks.review.queries import inbox as inboxes
from pilotline.desks.review.queries import proceedings as queries
from pilotline.kernel.actor import SYSTEM
from pilotline.kernel.errors import Conflict, NotAllowed, NotFound, Refused
from tests.factories import CITY, NOW, OTHER_CITY, actor
from tests.factories_review import open_run, pass_all, proceeding, track

pytestmark = pytest.mark.usefixtures("rulebook")
TODAY = NOW.date()
LATER = NOW + timedelta(days=60)


def states(made) -> dict[str, str]:
    return {run.step: run.state for run in queries.runs(made)}


def test_assessment_and_review_open_at_the_same_moment() -> None:
    made = proceeding()
    opened = StepRun.objects.filter(proceeding=made, state="open")
    assert set(opened.values_list("act", flat=True)) == {"assessment", "readiness", "review"}
    assert set(opened.values_list("opened_at", flat=True)) == {NOW}
    assert all(run.due and run.due > TODAY for run in opened)
    assert set(opened.values_list("region", flat=True)) == {CITY}


def test_the_green_lane_shortens_every_clock_and_comes_first() -> None:
    plain = proceeding(1)
    green = proceeding(2, green_reasons=[{"rule": "key_project"}])
    assert open_run(green, "review").due < open_run(plain, "review").due
    listed = inboxes.inbox(who=actor("authority", region=CITY), today=TODAY)
    count = StepRun.objects.filter(proceeding=green, state="open").count()
    assert {run.proceeding_id for run in listed[:count]} == {green.pk}


def test_to_the_end_with_a_meeting_only_where_wanted() -> None:
    made = proceeding()
    pass_all(made)
    assert states(made)["joint_meeting"] == "skipped"
    other = proceeding(2)
    run = open_run(other, "review")
    services.finish_step(who=SYSTEM, run=run.pk, outcome="meeting", reasons="有争议", now=NOW)
    pass_all(other)
    assert open_run(other).act == "meeting"
    services.finish_step(
        who=SYSTEM, run=open_run(made).pk, outcome="approve", reasons="符合", now=NOW
    )
    made.refresh_from_db()
    assert (made.state, made.outcome, made.closed_at) == ("ended", "approved", NOW)
    names = list(Happening.objects.values_list("name", flat=True))
    assert names.count("ProceedingEnded") == 1


def test_two_officials_decide_once() -> None:
    made = proceeding()
    run = open_run(made, "review")
    first, second = actor("authority", region=CITY), actor("authority", region=CITY)
    services.finish_step(who=first, run=run.pk, outcome="pass", now=NOW)
    again = services.finish_step(who=first, run=run.pk, outcome="pass", now=NOW)
    assert again.done_by == first.id
    with pytest.raises(Conflict):
        services.finish_step(who=second, run=run.pk, outcome="object", reasons="不", now=NOW)
    made.refresh_from_db()
    assert [step for _, step, _ in made.happened].count(run.step) == 1


def test_the_clock_stands_while_the_applicant_is_asked() -> None:
    applicant = actor()
    made = proceeding(organisation=min(applicant.organisations))
    official = actor("authority", region=CITY)
    run = open_run(made, "review")
    services.finish_step(who=official, run=run.pk, outcome="correct", reasons="补交", now=NOW)
    run.refresh_from_db()
    assert (run.state, run.due, run.question) == ("waiting", None, "补交")
    assert [r.pk for r in inboxes.inbox(who=applicant, today=TODAY)] == [run.pk]
    with pytest.raises(NotAllowed):
        services.answer_step(who=official, run=run.pk, answer="已补", now=NOW)
    with pytest.raises(Refused):
        services.answer_step(who=applicant, run=run.pk, answer=" ", now=NOW)
    later = NOW + timedelta(days=7)
    services.answer_step(who=applicant, run=run.pk, answer="已补", now=later)
    run.refresh_from_db()
    other = open_run(made, step="environment")
    assert (run.state, run.answer) == ("open", "已补")
    assert run.due > other.due


def test_an_applicant_leaves_in_the_middle() -> None:
    applicant = actor()
    made = proceeding(organisation=min(applicant.organisations))
    services.withdraw_proceeding(who=applicant, proceeding=made.pk, reasons="改期", now=NOW)
    services.withdraw_proceeding(who=applicant, proceeding=made.pk, now=NOW)
    made.refresh_from_db()
    assert made.state == "withdrawn"
    assert set(states(made).values()) == {"done", "dropped"}
    with pytest.raises(Conflict):
        services.finish_step(who=SYSTEM, run=queries.runs(made)[-1].pk, outcome="pass", now=NOW)
    assert [e.action for e in history(kind="proceeding", id=made.pk)][-1] == "review.withdraw"


def test_only_those_whose_it_is_see_and_act() -> None:
    applicant = actor()
    made = proceeding(organisation=min(applicant.organisations))
    run = open_run(made, "review")
    for stranger in (actor(), actor("authority", region=OTHER_CITY), actor("expert")):
        with pytest.raises(NotFound):
            queries.proceeding(who=stranger, id=made.pk)
        with pytest.raises(NotFound):
            services.finish_step(who=stranger, run=run.pk, outcome="pass", now=NOW)
        assert list(inboxes.inbox(who=stranger, today=TODAY)) == []
    assert queries.proceeding(who=applicant, id=made.pk) == made
    with pytest.raises(NotAllowed):
        services.finish_step(who=applicant, run=run.pk, outcome="pass", now=NOW)


def test_what_is_missing_is_said_at_once() -> None:
    made = proceeding()
    run, official = open_run(made, "review"), actor("authority", region=CITY)
    with pytest.raises(Refused) as refused:
        services.finish_step(who=official, run=run.pk, outcome="object", now=NOW)
    assert [p.code for p in refused.value.problems] == ["no-reasons"]
    with pytest.raises(Refused) as refused:
        services.finish_step(who=official, run=run.pk, outcome="x", reasons="a" * 5000, now=NOW)
    assert [p.code for p in refused.value.problems] == ["unknown-outcome", "too-long"]


def test_a_step_that_somebody_has_taken_is_left_to_them() -> None:
    made = proceeding()
    run = open_run(made, "review")
    first, second = actor("authority", region=CITY), actor("authority", region=CITY)
    services.take_step(who=first, run=run.pk, now=NOW)
    with pytest.raises(Conflict):
        services.take_step(who=second, run=run.pk, now=NOW)
    with pytest.raises(Refused):
        services.finish_step(who=second, run=run.pk, outcome="pass", now=NOW)
    assert [r.pk for r in inboxes.inbox(who=first, tab="mine", today=TODAY)] == [run.pk]
    services.give_back_step(who=second, run=run.pk, now=NOW)
    services.finish_step(who=second, run=run.pk, outcome="pass", now=NOW)


def test_late_steps_go_up_once_a_rung() -> None:
    made = proceeding()
    late = inboxes.inbox(who=actor("authority"), tab="late", today=LATER.date())
    assert late.count() == StepRun.objects.filter(state="open").count()
    went = services.escalate_late(now=LATER)
    assert went == late.count()
    assert services.escalate_late(now=LATER) == 0
    assert open_run(made, "review").escalated_to
    assert Happening.objects.filter(name="StepLate").count() == went


def test_urging_leaves_a_trail() -> None:
    applicant = actor()
    made = proceeding(organisation=min(applicant.organisations))
    run = open_run(made, "review")
    province, city = actor("authority"), actor("authority", region=CITY)
    urge = services.urge_step(who=province, run=run.pk, kind="supervise", words="请抓紧", now=NOW)
    with pytest.raises(NotAllowed):
        services.urge_step(who=applicant, run=run.pk, kind="urge", now=NOW)
    services.answer_urge(who=city, urge=urge.pk, words="本周办结", now=NOW)
    with pytest.raises(Conflict):
        services.answer_urge(who=city, urge=urge.pk, words="本周办结", now=NOW)
    shown = next(r for r in queries.runs(made) if r.pk == run.pk).urges.all()[0]
    assert (shown.kind, shown.answer) == ("supervise", "本周办结")
    actions = [e.action for e in history(kind="proceeding", id=made.pk)]
    assert actions[-2:] == ["review.supervise", "review.answer_urge"]


def test_one_subject_is_on_a_track_once() -> None:
    proceeding()
    with pytest.raises(Conflict):
        proceeding()
    with pytest.raises(Refused):
        proceeding(2, track="unheard_of")


def test_clocks_are_worked_out_anew() -> None:
    made = proceeding()
    StepRun.objects.filter(proceeding=made).update(due=None)
    assert services.renew_clocks(now=NOW) == 1
    assert all(r.due for r in StepRun.objects.filter(proceeding=made, state="open"))


def test_a_clock_that_cannot_be_worked_out_stops_no_other() -> None:
    broken, whole = proceeding(1), proceeding(2)
    broken.happened.append(["2020-01-01", "technical", "pass"])
    broken.save()
    StepRun.objects.filter(proceeding=whole, state="open").update(due=None)
    assert services.renew_clocks(now=NOW) == 1
    assert all(r.due for r in StepRun.objects.filter(proceeding=whole, state="open"))


@pytest.mark.parametrize("count", [1, 3])
def test_the_inbox_asks_the_database_once(count, django_assert_num_queries) -> None:
    for number in range(count):
        proceeding(number)
    who = actor("authority", region=CITY)
    with django_assert_num_queries(1):
        assert [run.proceeding.title for run in inboxes.inbox(who=who, today=TODAY)]
    assert track() in {p.track for p in queries.proceedings(who=who)}
