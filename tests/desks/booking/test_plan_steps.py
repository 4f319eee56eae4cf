"""Wishes of several steps: asked for, planned beside others, offered whole or not at all."""

from datetime import timedelta
from itertools import pairwise

import pytest

from pilotline.desks.booking import queries, services
from pilotline.desks.booking.models import Booking, PlanLine, Waiting
from pilotline.desks.booking.problem import schedule
from pilotline.desks.booking.rules.steps import StepWish
from pilotline.desks.people.queries import actor_for
from pilotline.desks.registry import services as registry
from pilotline.desks.registry.models import Facility
from pilotline.kernel.errors import NotFound, Refused
from tests.desks.booking.test_planning import planned
from tests.factories import NOW, actor
from tests.factories_booking import OFFICE, at, bookable, confirmed, place

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rulebook")]


def ask(*steps, **given):
    """Stand in line with steps given as (minutes, way, way…)."""
    who = given.pop("who", None) or actor()
    wishes = [StepWish(minutes, tuple(tuple(t.pk for t in way) for way in ways))
              for minutes, *ways in steps]  # fmt: skip
    facts = {"purpose": "多步中试", "organisation": min(who.organisations), "now": NOW}
    facts |= {"start": at(5, 9), "end": at(6, 17)}
    return services.wait_in_steps(who=who, steps=wishes, **(facts | given))


@pytest.fixture
def hall():
    """A line that is taken on Thursday, one like it that is free, and an analyser."""
    operator, facility = place()
    taken, free = bookable(operator, facility), bookable(operator, facility)
    analyser = bookable(operator, facility, kind="equipment", slot=60, shortest=60)
    confirmed(actor(), taken, at(5, 9), 8)
    return operator, taken, free, analyser


def test_steps_follow_one_another_and_are_offered_together(hall):
    operator, taken, free, analyser = hall
    wish = ask((180, [taken], [free]), (120, [free, analyser]), (60, [analyser]), end=at(5, 17))
    plan = planned(operator)
    lines = sorted(queries.plan_lines(proposal=plan), key=lambda x: x.step)
    assert (plan.served, plan.waits, plan.weight) == (1, 0, 1)
    assert [x.step for x in lines] == [1, 2, 3]
    assert lines[0].resource_id == free.pk
    assert (lines[1].resource_id, lines[1].beside_id) == (free.pk, analyser.pk)
    for before, after in pairwise(lines):
        assert before.ends <= after.starts
    assert all(at(5, 9) <= x.starts < x.ends <= at(5, 17) for x in lines)
    # One of its lines chooses them all.
    services.accept_plan(who=operator, proposal=plan.pk, lines=[lines[1].pk], now=NOW)
    offer = PlanLine.objects.filter(state="accepted").values_list("booking", flat=True)
    assert len(offer) == 3
    booking = Booking.objects.get(pk__in=set(offer))
    assert sorted(booking.occupations.values_list("resource", flat=True)) == sorted(
        [free.pk, free.pk, analyser.pk, analyser.pk]
    )
    wish.refresh_from_db()
    assert (wish.state, wish.booking) == ("offered", booking)


def test_when_one_step_was_taken_since_none_is_offered(hall):
    operator, _taken, free, analyser = hall
    ask((180, [free]), (60, [analyser]), end=at(5, 17))
    plan = planned(operator)
    last = max(queries.plan_lines(proposal=plan), key=lambda x: x.step)
    confirmed(actor(), analyser, last.starts, 1)
    services.accept_plan(who=operator, proposal=plan.pk, now=NOW)
    assert set(PlanLine.objects.values_list("state", flat=True)) == {"refused"}
    assert Booking.objects.count() == 2
    assert Waiting.objects.get().state == "waiting"


def test_the_step_that_finds_no_place_is_named(hall):
    operator, taken, free, _analyser = hall
    ask((60, [free]), (180, [taken]), end=at(5, 17))
    plan = planned(operator)
    (line,) = queries.plan_lines(proposal=plan)
    assert (line.state, line.step, line.why, line.holders) == ("waits", 2, "full", 0)
    assert line.earliest is not None
    assert line.earliest_at_id == free.pk
    assert queries.way_resources([line])[taken.pk] == taken


def test_freed_times_are_not_offered_to_whole_projects(hall):
    _operator, taken, _free, _analyser = hall
    stands = Booking.objects.get()
    ask((180, [taken]), (60, [taken]), end=at(5, 17))
    services.cancel(who=actor_for(stands.person), booking=stands.pk, reason="计划调整", now=NOW)
    assert Waiting.objects.get().state == "waiting"


@pytest.mark.parametrize(
    ("steps", "code"),
    [
        ([], "steps"),
        ([(60,)], "ways"),
        ([(60, ["taken", "taken"])], "way"),
        ([(60, ["taken"])] * 7, "steps"),
        ([(45, ["taken"])], "length"),
        ([(60, ["taken"]), (24 * 60 * 30, ["free"])], "length"),
        ([(480, ["taken"]), (480, ["free"]), (480, ["free"]), (480, ["free"]), (480, ["free"])],
         "window"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_all_at_once(hall, steps, code):
    _operator, taken, free, _analyser = hall
    known = {"taken": taken, "free": free}
    turned = [(minutes, *[[known[n] for n in way] for way in ways]) for minutes, *ways in steps]
    with pytest.raises(Refused) as refused:
        ask(*turned)
    assert code in {problem.code for problem in refused.value.problems}
    assert not Waiting.objects.exists()


def test_places_without_an_operator_and_hidden_resources(hall):
    _operator, taken, _free, _analyser = hall
    elsewhere, facility = place()
    far = bookable(elsewhere, facility)
    Facility.objects.filter(pk=facility.pk).update(operator=None, is_public_fact=True)
    with pytest.raises(Refused) as refused:
        ask((60, [taken]), (60, [far]))
    assert "operators" in {problem.code for problem in refused.value.problems}
    far.pk = 10**9
    with pytest.raises(NotFound):
        ask((60, [taken]), (60, [far]))


def test_a_plan_that_fails_says_why_and_is_left(hall, monkeypatch):
    operator, taken, *_rest = hall
    ask((60, [taken]), (60, [taken]))
    own = min(operator.organisations)
    one = services.propose_plan(who=operator, operator=own, now=NOW)

    def broken(*_words, **_more):
        raise MemoryError("too much")

    monkeypatch.setattr(schedule, "plan", broken)
    assert services.work_out(now=NOW) == 1
    assert services.work_out(now=NOW) == 0
    one.refresh_from_db()
    assert (one.state, one.progress, one.reason) == ("failed", 100, "MemoryError: too much")
    # Another may be asked for; a worker that dies with it does not begin for ever.
    two = services.propose_plan(who=operator, operator=own, now=NOW)
    monkeypatch.setattr(
        schedule, "plan", lambda *_w, **_m: (_ for _ in ()).throw(KeyboardInterrupt)
    )
    for _ in range(3):
        with pytest.raises(KeyboardInterrupt):
            services.work_out(now=NOW)
    assert services.work_out(now=NOW + timedelta(minutes=1)) == 1
    two.refresh_from_db()
    assert (two.state, two.tries) == ("failed", 4)
    assert two.reason


def test_equal_pieces_serve_at_the_same_time():
    operator, facility = place()
    benches = registry.add_resource(
        who=operator,
        facility=facility.code,
        values={"name": "实验台", "kind": "equipment", "quantity": 2},
        now=NOW,
    )
    values = {"slot": 30, "shortest": 30, "pieces": 2}
    services.set_bookable(
        who=operator, resource=benches.pk, values=values, openings=OFFICE, changeovers=[], now=NOW
    )
    for _ in range(3):
        ask((420, [benches]), end=at(5, 17))
    plan = planned(operator)
    assert (plan.served, plan.waits) == (2, 1)
    services.accept_plan(who=operator, proposal=plan.pk, now=NOW)
    assert Booking.objects.filter(state="held").count() == 2


def test_who_accepts_a_plan_has_approved_its_times():
    operator, facility = place()
    line = bookable(operator, facility, approval=True)
    wish = ask((120, [line]))
    plan = planned(operator)
    services.accept_plan(who=operator, proposal=plan.pk, now=NOW)
    booking = Booking.objects.get()
    applicant = actor_for(wish.person)
    assert services.confirm(who=applicant, booking=booking.pk, now=NOW).state == "confirmed"
    assert list(booking.occupations.values_list("approval", "approved_by")) == [
        ("given", operator.id)
    ]
