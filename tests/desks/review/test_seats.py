"""Seats in bodies: while nobody is seated all of the authority act, then only those seated."""

import pytest

from pilotline.desks.people.queries import actor_for
from pilotline.desks.review import services
from pilotline.desks.review.queries import proceedings as queries
from pilotline.desks.review.queries import seats
from pilotline.desks.review.queries.inbox import inbox, inbox_counts
from pilotline.kernel.actor import SYSTEM
from pilotline.kernel.errors import NotAllowed, Refused
from tests import factories
from tests.factories import CITY, NOW, actor
from tests.factories_review import open_run, proceeding

pytestmark = pytest.mark.usefixtures("rulebook")


def seated(body: str, region: str = CITY):
    user = factories.person("authority", region=region)
    seat = services.give_seat(who=SYSTEM, user=user.pk, body=body, region=region, now=NOW)
    return actor_for(user), seat


def test_from_the_first_seat_on_only_members_do_a_bodys_steps() -> None:
    city, made = actor("authority", region=CITY), proceeding()
    safety = open_run(made, step="safety")
    assert seats.may_act(city, safety)
    member, seat = seated(safety.body)
    assert seats.may_act(member, safety)
    assert not seats.may_act(city, safety)
    for who, there in ((city, False), (member, True)):
        rows = inbox(who=who, today=NOW.date())
        assert rows.filter(step="safety").exists() is there
        assert rows.filter(step="technical").exists()
        able = queries.abilities(who=who, proceeding=made, runs=queries.runs(made))
        assert (safety.pk in able["act"]) is there
    for move in (services.take_step, services.give_back_step):
        with pytest.raises(NotAllowed):
            move(who=city, run=safety.pk, now=NOW)
    with pytest.raises(NotAllowed):
        services.finish_step(who=city, run=safety.pk, outcome="pass", now=NOW)
    services.finish_step(who=member, run=safety.pk, outcome="pass", now=NOW)
    services.end_seat(who=SYSTEM, seat=seat.pk, now=NOW)
    assert seats.may_act(city, open_run(made, step="environment"))


@pytest.mark.parametrize("rows", [1, 3])
def test_an_inbox_with_seats_asks_a_fixed_number_of_times(rows, django_assert_num_queries) -> None:
    """Rows in one query, all counts in one, whatever bodies have members."""
    made = [proceeding(subject) for subject in range(1, rows + 1)]
    member, _seat = seated(open_run(made[0], step="safety").body)
    seated(open_run(made[0], step="fire_safety").body)
    today = NOW.date()
    with django_assert_num_queries(1):
        steps = [run.step for run in inbox(who=member, today=today)]
    assert steps.count("safety") == rows
    assert "fire_safety" not in steps
    with django_assert_num_queries(1):
        counts = inbox_counts(who=member, today=today)
    assert counts == {tab: inbox(who=member, tab=tab, today=today).count() for tab in counts}
    assert set(counts) == {"all", "mine", "due", "late", "green", "waiting"}


def test_a_seat_of_one_city_closes_no_other_and_an_account_that_is_closed_none() -> None:
    made = proceeding()
    safety = open_run(made, step="safety")
    seated(safety.body, region="370200")
    city = actor("authority", region=CITY)
    assert seats.may_act(city, safety)
    member, _seat = seated(safety.body)
    assert seats.officials_of(safety) == [member.id]
    from pilotline.desks.people.models import User

    User.objects.filter(pk=member.id).update(is_active=False)
    assert seats.may_act(city, safety)
    assert city.id in seats.officials_of(safety)


@pytest.mark.parametrize(
    ("body", "region", "code"),
    [
        ("no_such_office", CITY, "body"),
        ("province_industry", CITY, "level"),
        ("approval", "370000", "level"),
        ("approval", "370200", "no-role"),
    ],
)
def test_who_may_sit_where(body, region, code) -> None:
    user = factories.person("authority", region=CITY)
    with pytest.raises(Refused) as refused:
        services.give_seat(who=SYSTEM, user=user.pk, body=body, region=region, now=NOW)
    assert [p.code for p in refused.value.problems] == [code]
    with pytest.raises(NotAllowed):
        services.give_seat(who=actor_for(user), user=user.pk, body="approval", region=CITY, now=NOW)
