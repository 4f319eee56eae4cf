"""Many at the same moment, each in a connection of its own: exactly one wins, and the database
has the last word even when somebody writes past the services."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from pilotline.desks.booking import services
from pilotline.desks.booking.models import (
    Bookable,
    Booking,
    Changeover,
    Occupation,
    Opening,
    PlanLine,
)
from pilotline.desks.booking.rules.steps import StepWish
from pilotline.desks.booking.rules.wishes import Wish
from pilotline.kernel.errors import PilotlineError
from tests.factories import NOW, actor, publish_rulebook
from tests.factories_booking import HOUR, at, bookable, hold, place

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(calls):
    """The answers of calls that start at the same moment; a refusal is an answer."""
    start = Barrier(len(calls))

    def run(call):
        try:
            start.wait(timeout=20)
            return call()
        except PilotlineError as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def winners(answers):
    return [answer for answer in answers if isinstance(answer, Booking)]


def overlapping():
    """Pairs of living occupations that overlap, found without the constraint's help."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM booking_occupation a JOIN booking_occupation b"
            " ON a.resource_id = b.resource_id AND a.id < b.id AND a.living AND b.living"
            " AND lower(a.blocked) < upper(b.blocked) AND lower(b.blocked) < upper(a.blocked)"
        )
        return cursor.fetchone()[0]


def test_one_slot_and_eight_who_want_it():
    publish_rulebook()
    operator, facility = place()
    thing = bookable(operator, facility)
    people = [actor() for _ in range(8)]
    for hour in (9, 12, 15):
        answers = at_once([lambda who=who, h=hour: hold(who, thing, at(3, h)) for who in people])
        assert len(winners(answers)) == 1
        lost = [a for a in answers if not isinstance(a, Booking)]
        assert {p.code for a in lost for p in a.problems} == {"taken"}
        assert all(p.data["free"] for a in lost for p in a.problems)
    assert overlapping() == 0
    assert len(set(Booking.objects.values_list("number", flat=True))) == 3


def test_who_comes_too_late_waits_for_no_lock():
    """The time is taken, and somebody else is writing in the same calendar just now."""
    publish_rulebook()
    operator, facility = place()
    thing = bookable(operator, facility)
    hold(actor(), thing, at(3))
    late = actor()

    def ask():
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '5s'")
        return hold(late, thing, at(3))

    with transaction.atomic():
        Bookable.objects.select_for_update().get(pk=thing.pk)
        (answer,) = at_once([ask])
    assert [problem.code for problem in answer.problems] == ["taken"]
    assert answer.problems[0].data["free"]


def test_crossed_wishes_neither_deadlock_nor_halve():
    """One wants A and B, another B and A, a third C with A, all named in other orders."""
    publish_rulebook()
    operator, facility = place()
    things = [bookable(operator, facility) for _ in range(3)]

    def wanting(who, order, hour):
        wishes = [Wish(things[n].pk, at(3, hour), at(3, hour) + HOUR) for n in order]
        return lambda: hold(who, things[0], at(3), wishes=wishes)

    orders = [(0, 1), (1, 0), (2, 0), (1, 2), (2, 1, 0), (0, 2)]
    people = [actor() for _ in orders]
    for hour in (9, 11):
        answers = at_once([wanting(*pair, hour) for pair in zip(people, orders, strict=True)])
        won = winners(answers)
        assert won
        for booking in won:
            assert booking.occupations.count() in (2, 3)
    assert overlapping() == 0
    assert Occupation.objects.count() == sum(
        booking.occupations.count() for booking in Booking.objects.all()
    )


def test_buffers_hold_for_neighbours_that_come_at_the_same_moment():
    publish_rulebook()
    operator, facility = place()
    thing = bookable(
        operator,
        facility,
        changeovers=[("aqueous", "solvent", 120), ("solvent", "aqueous", 30)],
    )
    people = [actor() for _ in range(6)]
    wishes = [
        ("aqueous", 9), ("solvent", 10), ("aqueous", 11),
        ("solvent", 12), ("aqueous", 13), ("solvent", 15),
    ]  # fmt: skip
    at_once(
        [
            lambda who=who, f=family, h=hour: hold(who, thing, at(3, h), 1, family=f)
            for who, (family, hour) in zip(people, wishes, strict=True)
        ]
    )
    assert overlapping() == 0
    rows = list(Occupation.objects.order_by("use"))
    assert rows
    for before, after in pairwise(rows):
        least = {("aqueous", "solvent"): 120, ("solvent", "aqueous"): 30}.get(
            (before.family, after.family), 0
        )
        assert after.use.lower - before.use.upper >= timedelta(minutes=least)


def test_confirming_and_expiring_at_the_same_moment():
    publish_rulebook()
    operator, facility = place()
    thing = bookable(operator, facility)
    who, other = actor(), actor()
    made = hold(who, thing, at(3))
    late = made.held_until
    at_once(
        [
            lambda: services.confirm(who=who, booking=made.pk, now=late - timedelta(seconds=1)),
            lambda: services.sweep(now=late),
            lambda: hold(other, thing, at(3), now=late),
        ]
    )
    living = Occupation.objects.filter(living=True)
    assert living.count() == 1
    made.refresh_from_db()
    assert made.state in ("confirmed", "expired")
    assert (living.get().booking_id == made.pk) is (made.state == "confirmed")


def test_two_who_cancel_and_the_one_who_waits():
    publish_rulebook()
    operator, facility = place()
    thing = bookable(operator, facility)
    who, waits = actor(), actor()
    made = hold(who, thing, at(3, 9), 8)
    services.wait_for(
        who=waits, organisation=min(waits.organisations), resource=thing.pk, minutes=60,
        start=at(3, 9), end=at(3, 17), purpose="候补", now=NOW,
    )  # fmt: skip
    at_once(
        [
            lambda: services.cancel(who=who, booking=made.pk, now=NOW),
            lambda: services.cancel(who=operator, booking=made.pk, reason="检修", now=NOW),
        ]
    )
    assert Booking.objects.filter(state="held").count() == 1
    assert overlapping() == 0


def test_the_database_itself_refuses():
    publish_rulebook()
    operator, facility = place()
    thing = bookable(operator, facility)
    made = hold(actor(), thing, at(3, 9))

    def write(start, end, blocked_from=None, **more):
        return Occupation.objects.create(
            booking=made,
            resource=thing,
            use=DateTimeTZRange(start, end),
            blocked=DateTimeTZRange(blocked_from or start, end),
            **more,
        )

    for wrong in (
        lambda: write(at(3, 10), at(3, 12)),
        lambda: write(at(3, 12), at(3, 13), at(3, 10)),  # its buffer alone overlaps
        lambda: write(at(4, 12), at(4, 12)),  # an empty time
        lambda: write(at(4, 12), at(4, 13), at(4, 12, 30)),  # blocked less than used
        lambda: Opening.objects.create(bookable_id=thing.pk, weekday=0, start=600, end=700),
        lambda: Opening.objects.create(bookable_id=thing.pk, weekday=6, start=700, end=600),
        lambda: Changeover.objects.bulk_create(
            [Changeover(bookable_id=thing.pk, minutes=5) for _ in range(2)]
        ),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong()
    write(at(3, 11), at(3, 12))
    write(at(3, 10), at(3, 11), living=False)


def joint_part():
    """A project over two operators with its times proposed: the operators, the plan, the wish."""
    publish_rulebook()
    sides = [place() for _ in range(2)]
    steps = [StepWish(60, ((bookable(*side).pk,),)) for side in sides]
    who = actor()
    wish = services.wait_in_steps(
        who=who,
        organisation=min(who.organisations),
        steps=steps,
        start=at(5, 9),
        end=at(6, 17),
        purpose="中试后送检",
        now=NOW,
    )
    plan = services.propose_joint_plan(who=sides[0][0], now=NOW)
    assert services.work_out(now=NOW, seconds=1) == 1
    return [operator for operator, _facility in sides], plan, wish


def answer_of(who, plan, wish, accept=True):
    return lambda: services.answer_part(
        who=who, proposal=plan.pk, waiting=wish.pk, accept=accept, reason="检修", now=NOW
    )


def test_operators_who_accept_their_parts_at_one_moment():
    operators, plan, wish = joint_part()
    answers = at_once([answer_of(who, plan, wish) for who in operators * 2])
    assert not [one for one in answers if isinstance(one, PilotlineError)]
    assert Booking.objects.get().occupations.count() == 2
    assert set(PlanLine.objects.values_list("state", flat=True)) == {"accepted"}


def test_one_accepts_and_the_other_declines_at_one_moment():
    (first, second), plan, wish = joint_part()
    answer_of(first, plan, wish)()
    at_once([answer_of(second, plan, wish), answer_of(first, plan, wish, accept=False)])
    # Whoever came first decides, and nothing stands between the two.
    booked = Booking.objects.exists()
    states = set(PlanLine.objects.values_list("state", flat=True))
    assert states == ({"accepted"} if booked else {"refused"})
    wish.refresh_from_db()
    assert wish.state == ("offered" if booked else "waiting")
