"""Lanes: tries are slowed, strangers cannot stop a known browser, all at once counts as all."""

import threading
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from pilotline.desks.people import rules, services
from pilotline.desks.people.models import Lane, Remembered
from pilotline.kernel.errors import Refused
from tests.factories import NOW

MINUTE = timedelta(minutes=1)
PACES = [rules.BROWSER, rules.USER, rules.ADDRESS, rules.CODE, rules.MAIL]


def passes(at, **lanes) -> bool:
    """Whether a try may go ahead; it fails, so its charge stays."""
    try:
        services.enter_lanes(lanes=lanes, now=at)
    except Refused:
        return False
    return True


@given(
    st.sampled_from(PACES),
    st.floats(0, 1e6),
    st.timedeltas(timedelta(0), timedelta(days=30)),
    st.timedeltas(timedelta(0), timedelta(days=30)),
)
def test_waits_are_bounded_and_only_shrink_with_time(lane, tries, gone, more):
    now = NOW + gone
    wait = rules.wait(tries, NOW, lane, now)
    assert timedelta(0) <= wait <= lane.longest
    assert rules.wait(tries, NOW, lane, now + more) <= max(timedelta(0), wait - more)
    assert rules.charged(tries, NOW, lane, now + more) <= rules.charged(tries, NOW, lane, now)


@pytest.mark.parametrize("lane", PACES)
def test_a_clock_that_goes_back_forgives_nothing(lane):
    assert rules.charged(3, NOW, lane, NOW - timedelta(days=2)) == 4


def test_the_first_tries_are_free_then_each_doubles_the_wait():
    lane, waits, at, tries = rules.USER, [], NOW, 0.0
    for _ in range(10):
        wait = rules.wait(tries, at, lane, at)
        waits.append(wait // MINUTE)
        tries, at = rules.charged(tries, at, lane, at + wait), at + wait
    assert waits == [0, 0, 0, 0, 0, 1, 2, 4, 8, 16]


def test_a_patient_guesser_gets_about_fifty_tries_a_day():
    at, tries, passed = NOW, 0.0, 0
    while at < NOW + timedelta(days=10):
        at += rules.wait(tries, at, rules.USER, at)
        tries, passed = rules.charged(tries, at, rules.USER, at), passed + 1
    assert passed < 500


@pytest.mark.django_db
def test_a_thousand_tries_from_elsewhere_do_not_stop_the_known_browser():
    passed = 0
    for number in range(1000):
        lanes = {
            "user:7": rules.USER,
            f"address:10.0.{number // 250}.{number % 250}": rules.ADDRESS,
        }
        passed += passes(NOW + timedelta(seconds=number), **lanes)
    assert passed < 15
    assert not passes(NOW + timedelta(seconds=1000), **{"user:7": rules.USER})
    assert passes(NOW + timedelta(seconds=1000), **{"browser:7:mark": rules.BROWSER})


@pytest.mark.django_db
def test_a_closed_lane_charges_nobody_and_says_how_long():
    lanes = {"user:7": rules.USER, "address:a": rules.ADDRESS}
    for _ in range(5):
        services.enter_lanes(lanes=lanes, now=NOW)
    with pytest.raises(Refused) as caught:
        services.enter_lanes(lanes=lanes, now=NOW + timedelta(seconds=1))
    [problem] = caught.value.problems
    assert problem.data == {"minutes": 1}
    assert dict(Lane.objects.values_list("key", "tries")) == {"user:7": 5.0, "address:a": 5.0}


@pytest.mark.django_db
def test_success_gives_its_own_charge_back_and_no_more():
    for _ in range(3):
        taken = services.enter_lanes(lanes={"user:7": rules.USER}, now=NOW)
    services.leave_lanes(tries=taken)
    assert Lane.objects.get().tries == 2


@pytest.mark.django_db
def test_lanes_are_swept_after_a_week_and_the_cache_of_what_has_ended():
    cache.set("used-code", "y", timeout=3600)
    Remembered.objects.update(expires=NOW)
    services.enter_lanes(lanes={"user:7": rules.USER}, now=NOW)
    services.enter_lanes(lanes={"user:8": rules.USER}, now=NOW + timedelta(days=6))
    assert services.sweep(now=NOW + timedelta(days=8)) == 2
    assert [lane.key for lane in Lane.objects.all()] == ["user:8"]


@pytest.mark.django_db(transaction=True)
def test_tries_at_the_same_moment_all_count():
    passed, barrier = [], threading.Barrier(8)

    def attempt():
        barrier.wait(10)
        for _ in range(5):
            lanes = {"user:7": rules.USER, "address:a": rules.ADDRESS}
            passed.append(passes(NOW, **lanes))
        connection.close()

    threads = [threading.Thread(target=attempt) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert (sum(passed), len(passed)) == (rules.USER.free, 40)
