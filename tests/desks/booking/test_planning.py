"""Plans for those who wait: lawful, found again, accepted whole or in part, never moving others."""

from datetime import timedelta

import pytest

from pilotline.desks.booking import queries, services
from pilotline.desks.booking.models import Booking, Occupation, PlanLine, PlanProposal
from pilotline.desks.journal.models import Entry, Happening
from pilotline.kernel.errors import Conflict, NotAllowed, NotFound, Refused
from tests.factories import NOW, actor
from tests.factories_booking import at, bookable, confirmed, place

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rulebook")]


def wait(thing, start, end, minutes=120, **given):
    who = actor()
    return services.wait_for(
        **{
            "who": who,
            "organisation": min(who.organisations),
            "resource": thing.pk,
            "minutes": minutes,
            "start": start,
            "end": end,
            "purpose": "候补中试",
            "now": NOW,
        }
        | given
    )


def planned(operator, *, widely=False):
    """A plan, worked out."""
    made = services.propose_plan(
        who=operator, operator=min(operator.organisations), widely=widely, now=NOW
    )
    assert services.work_out(now=NOW, seconds=1) == 1
    return queries.proposal(who=operator, id=made.pk)


@pytest.fixture
def full():
    """Two like lines: one is taken all of Thursday, where three wait; the other is free."""
    operator, facility = place()
    taken, free = bookable(operator, facility), bookable(operator, facility)
    stands = confirmed(actor(), taken, at(5, 9), 8)
    waits = [wait(taken, at(5, 9), at(5, 17), 180) for _ in range(3)]
    return operator, taken, free, stands, waits


def test_beside_what_is_booked_nobody_finds_a_time_and_is_told_why(full):
    operator, taken, _free, stands, waits = full
    plan = planned(operator)
    lines = queries.plan_lines(proposal=plan)
    assert (plan.state, plan.progress, plan.served, plan.waits) == ("ready", 100, 0, 3)
    assert {line.waiting_id for line in lines} == {w.pk for w in waits}
    for line in lines:
        assert (line.state, line.why) == ("waits", "full")
        # Thursday is taken until five, and the doors close half an hour later.
        assert line.earliest == at(6, 8, 30)
    assert Occupation.objects.get(booking=stands).use.lower == at(5, 9)
    assert Booking.objects.count() == 1
    assert queries.plan_calendar(who=operator, proposal=plan, now=NOW)[0].bookable.pk == taken.pk


def test_a_like_resource_serves_as_many_as_fit(full):
    operator, _taken, free, _stands, waits = full
    plan = planned(operator, widely=True)
    lines = [x for x in queries.plan_lines(proposal=plan) if x.state == "proposed"]
    assert (plan.served, plan.waits) == (2, 1)
    assert {line.resource_id for line in lines} == {free.pk}
    # First come is served when not all can be.
    assert {line.waiting_id for line in lines} == {waits[0].pk, waits[1].pk}
    assert plan.weight == 2 <= plan.bound <= 3
    assert plan.engine
    assert plan.digest


def test_accepted_in_part_then_whole(full):
    operator, _taken, free, _stands, _waits = full
    plan = planned(operator, widely=True)
    first, second = (x for x in queries.plan_lines(proposal=plan) if x.state == "proposed")
    services.accept_plan(who=operator, proposal=plan.pk, lines=[first.pk], now=NOW)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("accepted", "proposed")
    assert first.booking.state == "held"
    assert first.booking.occupations.get().resource_id == free.pk
    assert first.waiting.__class__.objects.get(pk=first.waiting_id).state == "offered"
    for _ in range(2):  # a second time changes nothing
        services.accept_plan(who=operator, proposal=plan.pk, now=NOW)
    assert PlanLine.objects.filter(state="accepted").count() == 2
    assert Happening.objects.filter(name="SlotOffered").count() == 2
    assert Entry.objects.filter(action="booking.accept-plan").exists()


def test_what_was_taken_since_is_refused_line_by_line(full):
    operator, _taken, free, _stands, _waits = full
    plan = planned(operator, widely=True)
    line = next(x for x in queries.plan_lines(proposal=plan) if x.state == "proposed")
    hours = (line.ends - line.starts) / timedelta(hours=1)
    confirmed(actor(), free, line.starts, hours)
    services.accept_plan(who=operator, proposal=plan.pk, now=NOW)
    line.refresh_from_db()
    assert line.state == "refused"
    assert line.refused
    assert PlanLine.objects.filter(state="accepted").count() == 1


def test_one_at_a_time_and_only_ones_own(full):
    operator, *_rest = full
    own = min(operator.organisations)
    one = services.propose_plan(who=operator, operator=own, now=NOW)
    assert services.propose_plan(who=operator, operator=own, now=NOW) == one
    with pytest.raises(Conflict):
        services.accept_plan(who=operator, proposal=one.pk, now=NOW)
    other, _facility = place()
    with pytest.raises(NotAllowed):
        services.propose_plan(who=other, operator=own, now=NOW)
    with pytest.raises(NotFound):
        services.accept_plan(who=other, proposal=one.pk, now=NOW)
    with pytest.raises(Refused):
        services.propose_plan(who=other, operator=min(other.organisations), now=NOW)
    services.work_out(now=NOW, seconds=1)
    with pytest.raises(Refused):
        services.accept_plan(who=operator, proposal=one.pk, lines=[], now=NOW)
    assert PlanProposal.objects.count() == 1
    assert services.work_out(now=NOW) == 0


def test_changeovers_keep_their_time():
    operator, facility = place()
    changes = [("", "", 60)]
    taken = bookable(operator, facility, changeovers=changes)
    free = bookable(operator, facility, changeovers=changes)
    confirmed(actor(), taken, at(5, 9), 8)
    for _ in range(3):
        wait(taken, at(5, 9), at(5, 17), 180)
    plan = planned(operator, widely=True)
    times = sorted(
        (x.starts, x.ends)
        for x in queries.plan_lines(proposal=plan)
        if x.state == "proposed" and x.resource_id == free.pk
    )
    assert len(times) == 2
    assert times[1][0] - times[0][1] >= timedelta(hours=1)
    services.accept_plan(who=operator, proposal=plan.pk, now=NOW)
    assert PlanLine.objects.filter(state="accepted").count() == 2
