"""Activities that share resources of a capacity: how early can all of them be done?

Where `problem.py` chooses whom to serve on resources that take one run at a time, this asks for
the earliest end of everything, on resources that take several at once (benches, staff, power),
with any order between the activities. Time is whole slots from 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from pilotline.engines.scheduling.verify import Violation


@dataclass(frozen=True, slots=True)
class Activity:
    """What lasts `length` slots, takes `needs[r]` of each resource all the while, and begins only
    when the activities with the numbers in `after` have ended."""

    length: int
    needs: tuple[int, ...]
    after: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if self.length < 0 or min(self.needs, default=0) < 0:
            raise ValueError("an activity cannot last or need less than nothing")


@dataclass(frozen=True)
class Network:
    """Activities by number, and how much of each resource there is at any time.

    Raises ValueError for an activity that needs more than there is, that follows one that does
    not exist, or for a circle.
    """

    activities: tuple[Activity, ...]
    capacities: tuple[int, ...]

    def __post_init__(self) -> None:
        count = len(self.activities)
        for number, one in enumerate(self.activities):
            if len(one.needs) != len(self.capacities):
                raise ValueError(f"activity {number}: a need for each resource is wanted")
            if any(need > there for need, there in zip(one.needs, self.capacities, strict=True)):
                raise ValueError(f"activity {number} needs more than there is")
            if not all(0 <= other < count for other in one.after):
                raise ValueError(f"activity {number} follows one that does not exist")
        if len(self.in_order) < count:
            raise ValueError("activities wait for each other in a circle")

    @cached_property
    def followers(self) -> tuple[tuple[int, ...], ...]:
        """By activity: those that begin only after it."""
        found: list[list[int]] = [[] for _ in self.activities]
        for number, one in enumerate(self.activities):
            for other in dict.fromkeys(one.after):
                found[other].append(number)
        return tuple(tuple(row) for row in found)

    @cached_property
    def in_order(self) -> tuple[int, ...]:
        """All numbers, each after those it follows; fewer when there is a circle."""
        missing = [len(set(one.after)) for one in self.activities]
        ready = [number for number, count in enumerate(missing) if not count]
        for number in ready:
            for other in self.followers[number]:
                missing[other] -= 1
                if not missing[other]:
                    ready.append(other)
        return tuple(ready)

    @cached_property
    def heads(self) -> tuple[int, ...]:
        """The slot before which an activity cannot begin, whatever is free."""
        found = [0] * len(self.activities)
        for number in self.in_order:
            after = self.activities[number].after
            found[number] = max((found[i] + self.activities[i].length for i in after), default=0)
        return tuple(found)

    @cached_property
    def tails(self) -> tuple[int, ...]:
        """The slots that must follow the end of an activity."""
        found = [0] * len(self.activities)
        for number in reversed(self.in_order):
            later = self.followers[number]
            found[number] = max((found[i] + self.activities[i].length for i in later), default=0)
        return tuple(found)


def lower_bound(network: Network) -> int:
    """A slot before which not everything can have ended: the longest chain; and for each resource
    the work of all that begins late enough and is followed by enough, done without a pause."""
    each = zip(network.heads, network.activities, network.tails, strict=True)
    best = max((head + one.length + tail for head, one, tail in each), default=0)
    for resource, capacity in enumerate(network.capacities):
        works = [
            (head, tail, one.length * one.needs[resource])
            for head, one, tail in zip(
                network.heads, network.activities, network.tails, strict=True
            )
            if one.length * one.needs[resource]
        ]
        for head in {head for head, _, _ in works}:
            work = 0
            # By falling tails: everything so far is followed by at least this tail.
            for begins, tail, part in sorted(works, key=lambda row: -row[1]):
                if begins >= head:
                    work += part
                    best = max(best, head + -(-work // capacity) + tail)
    return best


def verify_network(network: Network, starts: Sequence[int]) -> list[Violation]:
    """Every fault of a timetable: incomplete, order or capacity; shares no code with the search."""
    if len(starts) != len(network.activities):
        return [Violation("incomplete", (), "not every activity has a start")]
    faults = []
    events: list[tuple[int, int, int]] = []
    for number, (one, start) in enumerate(zip(network.activities, starts, strict=True)):
        ready = max((starts[i] + network.activities[i].length for i in one.after), default=0)
        if start < ready:
            faults.append(Violation("order", (str(number),), f"begins at {start}, not {ready}"))
        # Ends before starts at the same slot: ranges are half-open.
        events += [(start, 1, number), (start + one.length, 0, number)] if one.length else []
    used = [0] * len(network.capacities)
    for slot, begins, number in sorted(events):
        for resource, need in enumerate(network.activities[number].needs):
            used[resource] += need if begins else -need
            if begins and need and used[resource] > network.capacities[resource]:
                text = f"{used[resource]} of resource {resource} at {slot}"
                faults.append(Violation("capacity", (str(number),), text))
    return faults
