"""What an office does: one application after another, each as early as it fits, none moved."""

from pilotline.engines.scheduling.encode import encode
from pilotline.engines.scheduling.network import Network
from pilotline.engines.scheduling.problem import Problem
from pilotline.engines.scheduling.result import Places
from pilotline.engines.scheduling.sheets import (
    by_deadline,
    fill,
    first_come,
    places_of,
    put_today,
)


def first_come_first_served(problem: Problem) -> Places:
    """In the order of the problem's projects, beside today's calendar."""
    encoded = encode(problem, seed=1)
    put_today(encoded)
    fill(encoded, first_come(encoded))
    return places_of(encoded)


def earliest_deadline_first(problem: Problem) -> Places:
    """The same with the most urgent first."""
    encoded = encode(problem, seed=1)
    put_today(encoded)
    fill(encoded, by_deadline(encoded))
    return places_of(encoded)


def weight_of(problem: Problem, places: Places) -> float:
    """The weight that a plan serves."""
    return sum(p.weight for p in problem.projects if p.id in places)


def as_listed(network: Network) -> tuple[int, ...]:
    """Starts of a network's activities: one after another in a lawful order, each where it first
    fits, none moved."""
    starts = [0] * len(network.activities)
    used: list[dict[int, int]] = [{} for _ in network.capacities]
    for number in network.in_order:
        one = network.activities[number]
        slot = max((starts[i] + network.activities[i].length for i in one.after), default=0)
        while any(
            use.get(at, 0) + need > capacity
            for use, need, capacity in zip(used, one.needs, network.capacities, strict=True)
            for at in range(slot, slot + one.length)
        ):
            slot += 1
        for use, need in zip(used, one.needs, strict=True):
            for at in range(slot, slot + one.length):
                use[at] = use.get(at, 0) + need
        starts[number] = slot
    return tuple(starts)
