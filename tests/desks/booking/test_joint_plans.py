"""Steps that lie with several operators: planned together, accepted by each, offered whole."""

from datetime import timedelta

import pytest

from pilotline.desks.booking import queries, services
from pilotline.desks.booking.models import Booking, PlanConsent, PlanLine, PlanProposal, Waiting
from pilotline.desks.booking.rules.steps import StepWish
from pilotline.desks.booking.rules.wishes import Wish
from pilotline.desks.journal.models import Entry, Happening
from pilotline.desks.people.queries import actor_for
from pilotline.kernel.errors import Conflict, NotAllowed, NotFound, Refused
from tests.factories import CITY, NOW, OTHER_CITY, actor
from tests.factories_booking import OFFICE, at, bookable, confirmed, place

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rulebook")]


@pytest.fixture
def two():
    """A line with one operator, an analyser with another."""
    first, here = place()
    second, there = place()
    return first, bookable(first, here), second, bookable(second, there, kind="equipment")


def ask(line, analyser, **given):
    who = given.pop("who", None) or actor()
    steps = [StepWish(180, ((line.pk,),)), StepWish(60, ((analyser.pk,),))]
    facts = {"organisation": min(who.organisations), "purpose": "中试后送检", "now": NOW}
    facts |= {"start": at(5, 9), "end": at(6, 17)}
    return services.wait_in_steps(who=who, steps=steps, **(facts | given))


def plan_for(who):
    made = services.propose_joint_plan(who=who, now=NOW)
    assert services.work_out(now=NOW, seconds=1) == 1
    made.refresh_from_db()
    return made


def part_of(who, plan):
    (found,) = queries.parts(who=who, proposal=plan)
    return found


def answer(who, plan, wish, accept=True, now=NOW, **given):
    return services.answer_part(
        who=who, proposal=plan.pk, waiting=wish.pk, accept=accept, now=now, **given
    )


def test_each_accepts_its_part_and_then_all_is_offered_at_once(two):
    first, line, second, analyser = two
    wish = ask(line, analyser)
    plan = plan_for(first)
    assert plan.until == NOW + timedelta(hours=72)
    assert Happening.objects.get(name="TimesProposed").payload["operators"] == sorted(
        [min(first.organisations), min(second.organisations)]
    )
    answer(first, plan, wish)
    answer(first, plan, wish)  # twice is once
    assert (part_of(first, plan).given, part_of(first, plan).needed) == (1, 2)
    # Nothing is kept before all have accepted.
    assert not Booking.objects.exists()
    answer(second, plan, wish)
    booking = Booking.objects.get()
    times = booking.occupations.order_by("use").values_list("resource", flat=True)
    assert list(times) == [line.pk, analyser.pk]
    wish.refresh_from_db()
    assert (wish.state, wish.booking, booking.state) == ("offered", booking, "held")
    assert set(PlanLine.objects.values_list("state", flat=True)) == {"accepted"}
    assert Entry.objects.filter(action="booking.answer-plan").count() == 2
    answer(second, plan, wish)  # a double click after the last one
    assert Booking.objects.count() == 1


def test_no_operator_sees_more_than_its_part(two):
    first, line, second, analyser = two
    stranger = actor()
    taken = confirmed(stranger, analyser, at(5, 9), 4)
    wish = ask(line, analyser)
    plan = plan_for(second)
    one, other = part_of(first, plan), part_of(second, plan)
    assert [x.resource_id for x in one.lines] == [line.pk]
    assert [x.resource_id for x in other.lines] == [analyser.pk]
    assert (one.elsewhere, other.elsewhere) == ([2], [1])
    tracks = queries.plan_calendar(who=first, proposal=plan, now=NOW)
    assert [t.bookable.pk for t in tracks] == [line.pk]
    assert taken.number not in repr([t.standing for t in tracks])
    # The applicant and the authority of one of the places see all of it.
    whole = queries.latest_part(who=actor_for(wish.person), waiting=wish)
    assert [x.step for x in whole.lines] == [1, 2]
    assert len(part_of(actor("authority", region=CITY), plan).lines) == 2
    for nobody in (place()[0], actor("authority", region=OTHER_CITY), stranger):
        with pytest.raises(NotFound):
            queries.joint_plan(who=nobody, id=plan.pk)
        with pytest.raises(NotFound):
            answer(nobody, plan, wish)
    assert queries.latest_part(who=stranger, waiting=wish) is None


def test_the_authority_asks_but_answers_for_nobody(two):
    _first, line, _second, analyser = two
    wish = ask(line, analyser)
    plan = plan_for(actor("authority", region=CITY))
    with pytest.raises(NotFound):
        answer(actor("authority", region=CITY), plan, wish)
    with pytest.raises(NotAllowed):
        services.propose_joint_plan(who=actor(), now=NOW)
    with pytest.raises(Refused):
        services.propose_joint_plan(who=actor("authority", region=OTHER_CITY), now=NOW)


def test_one_decline_ends_it_and_the_wish_is_planned_again(two):
    first, line, second, analyser = two
    wish = ask(line, analyser)
    plan = plan_for(first)
    answer(first, plan, wish)
    with pytest.raises(Refused):
        answer(second, plan, wish, accept=False)
    answer(second, plan, wish, accept=False, reason="当日停电检修")
    lost = Happening.objects.get(name="TimesLost").payload
    assert (lost["why"], lost["reason"]) == ("declined", "当日停电检修")
    part = part_of(first, plan)
    assert (part.state, part.why, part.declined) == ("refused", "declined", "当日停电检修")
    with pytest.raises(Conflict):
        answer(second, plan, wish)
    wish.refresh_from_db()
    assert wish.state == "waiting"
    again = plan_for(second)
    assert part_of(second, again).state == "proposed"


def test_what_was_taken_since_is_not_offered(two):
    first, line, second, analyser = two
    wish = ask(line, analyser)
    plan = plan_for(first)
    step = part_of(second, plan).lines[0]
    answer(first, plan, wish)
    confirmed(actor(), analyser, step.starts, 1)
    answer(second, plan, wish)
    assert part_of(first, plan).why == "taken"
    assert Booking.objects.count() == 1
    assert Waiting.objects.get().state == "waiting"
    assert PlanConsent.objects.count() == 2


def test_who_left_the_line_is_offered_nothing(two):
    first, line, second, analyser = two
    wish = ask(line, analyser)
    plan = plan_for(first)
    with pytest.raises(NotFound):  # it is not the operator's alone to take out
        services.leave_line(who=first, waiting=wish.pk, now=NOW)
    services.leave_line(who=actor_for(wish.person), waiting=wish.pk, now=NOW)
    answer(first, plan, wish)
    answer(second, plan, wish)
    assert part_of(first, plan).why == "gone"
    assert not Booking.objects.exists()


def test_what_is_not_accepted_in_time_lapses_and_is_asked_for_again(two):
    first, line, _second, analyser = two
    wish = ask(line, analyser, start=at(12, 9), end=at(13, 17))
    assert services.keep_joint_plans(now=NOW) == 0  # the machine asks by itself
    assert PlanProposal.objects.get().asked_by is None
    assert services.work_out(now=NOW, seconds=1) == 1
    plan = PlanProposal.objects.get()
    answer(first, plan, wish)
    late = NOW + timedelta(hours=73)
    with pytest.raises(Conflict):
        answer(first, plan, wish, accept=False, reason="迟", now=late)
    assert services.keep_joint_plans(now=NOW + timedelta(hours=71)) == 0
    assert services.keep_joint_plans(now=late) == 1
    assert services.keep_joint_plans(now=late) == 0
    assert part_of(first, plan).why == "late"
    assert PlanProposal.objects.filter(state="asked").count() == 1


def test_an_operators_own_plan_leaves_joint_wishes_alone(two):
    first, line, _second, analyser = two
    ask(line, analyser)
    with pytest.raises(Refused):
        services.propose_plan(who=first, operator=min(first.organisations), now=NOW)
    made = services.propose_joint_plan(who=first, now=NOW)
    assert services.propose_joint_plan(who=first, now=NOW) == made


def test_a_project_that_finds_no_time_says_so_to_whom_it_concerns(two):
    first, line, second, analyser = two
    confirmed(actor(), analyser, at(5, 8, 30), 9)
    confirmed(actor(), analyser, at(6, 8, 30), 9)
    ask(line, analyser)
    plan = plan_for(first)
    assert part_of(first, plan).state == "waits"
    assert part_of(first, plan).elsewhere == [2]
    assert part_of(second, plan).state == "waits"


def approving(operator, thing):
    """The same resource, now with its owner's approval wanted."""
    services.set_bookable(
        who=operator,
        resource=thing.pk,
        values={"slot": 30, "shortest": 30, "approval": True},
        openings=OFFICE,
        changeovers=[],
        now=NOW,
    )


def test_who_accepted_its_part_is_not_asked_to_approve_it_again(two):
    first, line, second, analyser = two
    approving(first, line)
    approving(second, analyser)
    wish = ask(line, analyser)
    plan = plan_for(first)
    answer(first, plan, wish)
    answer(second, plan, wish)
    booking = Booking.objects.get()
    applicant = actor_for(wish.person)
    assert services.confirm(who=applicant, booking=booking.pk, now=NOW).state == "confirmed"
    rows = booking.occupations.order_by("use")
    assert list(rows.values_list("approval", "approved_by")) == [
        ("given", first.id),
        ("given", second.id),
    ]
    # They have accepted these times and no others: a move asks them again.
    moved = services.change(
        who=applicant,
        booking=booking.pk,
        wishes=[Wish(line.pk, at(10, 9), at(10, 12)), Wish(analyser.pk, at(10, 13), at(10, 14))],
        now=NOW,
    )
    assert moved.state == "asked"
    assert set(moved.occupations.values_list("approval", flat=True)) == {"asked"}


def test_operators_have_the_time_to_answer_that_the_rulebook_gives_them(two):
    first, line, _second, analyser = two
    soonest = NOW + timedelta(hours=24)
    wish = ask(line, analyser, start=NOW + timedelta(hours=1))
    plan = plan_for(first)
    lines = PlanLine.objects.filter(waiting=wish).order_by("step")
    assert lines[0].starts >= soonest
    assert part_of(first, plan).until >= soonest
    # A window that leaves no room for it is refused, and nobody stands in line.
    with pytest.raises(Refused) as caught:
        ask(line, analyser, start=NOW + timedelta(hours=1), end=NOW + timedelta(hours=27))
    assert [problem.code for problem in caught.value.problems] == ["too-soon"]
    assert "24" in str(caught.value.problems[0].text)
    assert Waiting.objects.count() == 1
