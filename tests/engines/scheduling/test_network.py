"""Networks on resources of a capacity: lawful, between a true bound and the office's way."""

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.scheduling.networks import read
from pilotline.engines.scheduling.baseline import as_listed
from pilotline.engines.scheduling.network import Activity, Network, lower_bound, verify_network
from pilotline.engines.scheduling.network_search import finish_early
from pilotline.engines.scheduling.stop import Stop

SHORT = Stop(iterations=80)


@st.composite
def networks(draw, most=9):
    capacities = tuple(draw(st.lists(st.integers(1, 4), min_size=1, max_size=2)))
    activities = []
    for number in range(draw(st.integers(0, most))):
        before = draw(st.sets(st.integers(0, number - 1), max_size=2)) if number else ()
        needs = tuple(draw(st.integers(0, capacity)) for capacity in capacities)
        activities.append(Activity(draw(st.integers(0, 5)), needs, tuple(before)))
    # Numbers must not need to be in a lawful order.
    turned = [
        Activity(a.length, a.needs, tuple(len(activities) - 1 - i for i in a.after))
        for a in reversed(activities)
    ]
    return Network(tuple(turned), capacities)


def end_of(network, starts):
    return max((s + a.length for s, a in zip(starts, network.activities, strict=True)), default=0)


def optimum(network):
    """The earliest end by every lawful list, each laid out slot by slot."""
    best = end_of(network, as_listed(network))
    for order in permutations(range(len(network.activities))):
        starts, used = {}, {}
        for number in order:
            one = network.activities[number]
            if any(other not in starts for other in one.after):
                break
            slot = max((starts[i] + network.activities[i].length for i in one.after), default=0)
            while any(
                used.get((r, at), 0) + need > network.capacities[r]
                for at in range(slot, slot + one.length)
                for r, need in enumerate(one.needs)
            ):
                slot += 1
            for at in range(slot, slot + one.length):
                for r, need in enumerate(one.needs):
                    used[r, at] = used.get((r, at), 0) + need
            starts[number] = slot
        else:
            best = min(best, end_of(network, [starts[i] for i in range(len(starts))]))
    return best


@settings(max_examples=60)
@given(networks())
def test_timetables_are_lawful_bounded_and_no_later_than_the_office(network):
    found = finish_early(network, stop=SHORT)
    office = as_listed(network)
    assert verify_network(network, found.starts) == verify_network(network, office) == []
    assert found.end == end_of(network, found.starts)
    assert lower_bound(network) == found.bound <= found.end <= end_of(network, office)


@settings(max_examples=40)
@given(networks(most=5))
def test_the_bound_is_no_later_than_the_best_and_small_ones_are_solved(network):
    best = optimum(network)
    assert lower_bound(network) <= best == finish_early(network, stop=SHORT).end


def test_the_same_seed_gives_the_same_timetable():
    units = [Activity(1 + i % 4, (1 + i % 2,), (i - 3,) if i > 2 else ()) for i in range(12)]
    network = Network(tuple(units), (3,))
    assert finish_early(network, stop=SHORT, seed=3) == finish_early(network, stop=SHORT, seed=3)


@pytest.mark.parametrize(
    ("starts", "code"),
    [((0, 0, 3), "capacity"), ((0, 2, 3), "order"), ((0, 2), "incomplete")],
)
def test_the_verifier_finds_planted_faults(starts, code):
    network = Network((Activity(2, (2,)), Activity(2, (1,)), Activity(1, (1,), (1,))), (2,))
    assert verify_network(network, (0, 2, 4)) == []
    assert code in {fault.code for fault in verify_network(network, starts)}


@pytest.mark.parametrize(
    "make",
    [
        lambda: Activity(-1, (1,)),
        lambda: Activity(1, (-1,)),
        lambda: Network((Activity(1, (1, 1)),), (2,)),
        lambda: Network((Activity(1, (3,)),), (2,)),
        lambda: Network((Activity(1, (1,), (1,)),), (2,)),
        lambda: Network((Activity(1, (1,), (1,)), Activity(1, (1,), (0,))), (2,)),
    ],
)
def test_what_cannot_be_is_refused(make):
    with pytest.raises(ValueError, match=r"."):
        make()


def test_the_published_text_is_read():
    network = read("3 1  2\n 0 0  2 2 3\n 4 2  1 3\n 1 1  0\n")
    assert network.capacities == (2,)
    assert network.activities[1] == Activity(4, (2,), (0,))
    assert network.activities[2].after == (0, 1)
