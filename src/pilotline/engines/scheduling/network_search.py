"""The earliest end of a network: lists of activities, crossed, laid out and pushed together.

A list is laid out by putting each activity where it first fits (serial generation), then pushed to
the right and back to the left, which often ends sooner (double justification: Valls, Ballestín,
Quintanilla 2005). A population of lists is crossed at two points (Hartmann 1998).
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

from pilotline.engines.scheduling.compiled import compiled, whole
from pilotline.engines.scheduling.moves import MODULUS
from pilotline.engines.scheduling.network import Network, lower_bound, verify_network
from pilotline.engines.scheduling.solve import Unlawful
from pilotline.engines.scheduling.stop import Stop

POPULATION = 60
STALE = 500
CHUNK = 40


@dataclass(frozen=True, slots=True)
class Timetable:
    """A verified timetable: starts by activity, when the last one ends, the slot before which
    nothing could have ended, and how many lists were laid out."""

    starts: tuple[int, ...]
    end: int
    bound: int
    tries: int


class Web(NamedTuple):
    """The network as flat arrays: `a_` those an activity follows, `z_` those that follow it, both
    with where each begins; `need` by (activity, resource)."""

    size: int
    resources: int
    horizon: int
    length: Any
    need: Any
    capacity: Any
    a_first: Any
    a_other: Any
    z_first: Any
    z_other: Any
    tail: Any


class Notes(NamedTuple):
    """What the search writes on: the use by (resource, slot), one list with its starts, keys to
    sort by, the population's lists and ends, the best starts; `state` is in the constants."""

    used: Any
    row: Any
    start: Any
    key: Any
    seen: Any
    lists: Any
    ends: Any
    best: Any
    state: Any


RANDOM, BEST_END, TRIES, SINCE = 0, 1, 2, 3  # places in Notes.state


@compiled
def draw(notes: Notes, below: int) -> int:
    """A whole number from 0 to below."""
    value: int = notes.state[RANDOM] * 48271 % MODULUS
    notes.state[RANDOM] = value
    return value % below


@compiled
def lay_out(web: Web, notes: Notes, backward: bool) -> int:
    """Put the activities in the order of `row` where each first fits; the end. Backward the arrows
    are turned round, and the starts count from the end."""
    need, capacity, used, start = web.need, web.capacity, notes.used, notes.start
    first = web.z_first if backward else web.a_first
    other = web.z_other if backward else web.a_other
    horizon, resources = web.horizon, web.resources
    for i in range(resources * horizon):
        used[i] = 0
    end = 0
    for i in range(web.size):
        number = notes.row[i]
        length, slot = web.length[number], 0
        for k in range(first[number], first[number + 1]):
            slot = max(slot, start[other[k]] + web.length[other[k]])
        for r in range(resources):
            notes.key[r] = capacity[r] - need[number * resources + r]
        at = slot
        while at < slot + length:
            for r in range(resources):
                if used[r * horizon + at] > notes.key[r]:
                    slot = at + 1
                    break
            at += 1
        for r in range(resources):
            want = need[number * resources + r]
            if want > 0:
                for at in range(slot, slot + length):
                    used[r * horizon + at] += want
        start[number] = slot
        end = max(end, slot + length)
    return end


@compiled
def sort_row(web: Web, notes: Notes, by_end: bool) -> None:
    """Order `row` by rising starts; or by falling ends, and then turn round what ties, so that a
    lawful order one way becomes a lawful one the other way even where something lasts no time."""
    row, start = notes.row, notes.start
    for i in range(web.size):
        number = row[i]
        key = -(start[number] + web.length[number]) if by_end else start[number]
        k = i
        while k > 0:
            other = row[k - 1]
            before = -(start[other] + web.length[other]) if by_end else start[other]
            if before < key or (before == key and not by_end):
                break
            row[k] = other
            k -= 1
        row[k] = number


@compiled
def settle(web: Web, notes: Notes) -> int:
    """Lay `row` out, push it right, push it left; `row` and `start` are the outcome."""
    end = lay_out(web, notes, False)
    while True:
        sort_row(web, notes, True)
        lay_out(web, notes, True)
        # Turned round again: those that end last of all in the mirror begin first.
        sort_row(web, notes, True)
        again = lay_out(web, notes, False)
        notes.state[TRIES] += 2
        if again >= end:
            break
        end = again
    sort_row(web, notes, False)
    notes.state[TRIES] += 1
    return again


@compiled
def random_row(web: Web, notes: Notes) -> None:
    """A lawful order: of two ready ones drawn, mostly the one that more must follow."""
    seen, row, ready = notes.seen, notes.row, 0
    for number in range(web.size):
        seen[number] = web.a_first[number + 1] - web.a_first[number]
        if seen[number] == 0:
            row[ready] = number
            ready += 1
    for i in range(web.size):
        chosen, rival = i + draw(notes, ready - i), i + draw(notes, ready - i)
        weight = web.tail[row[rival]] + web.length[row[rival]]
        if weight > web.tail[row[chosen]] + web.length[row[chosen]] and draw(notes, 8) > 0:
            chosen = rival
        number = row[chosen]
        row[chosen] = row[i]
        row[i] = number
        for k in range(web.z_first[number], web.z_first[number + 1]):
            seen[web.z_other[k]] -= 1
            if seen[web.z_other[k]] == 0:
                row[ready] = web.z_other[k]
                ready += 1


@compiled
def cross(web: Web, notes: Notes, mother: int, father: int) -> None:
    """The mother's list with a stretch in the father's order; now and then two neighbours swap."""
    row, seen, lists, count = notes.row, notes.seen, notes.lists, web.size
    for number in range(count):
        seen[number] = 0
    low, high = draw(notes, count), draw(notes, count)
    if low > high:
        low, high = high, low
    filled = 0
    for part in range(3):
        until = low if part == 0 else (high if part == 1 else count)
        parent = father if part == 1 else mother
        at = 0
        while filled < until:
            number = lists[parent * count + at]
            at += 1
            if seen[number] == 0:
                seen[number] = 1
                row[filled] = number
                filled += 1
    for i in range(count - 1):
        if draw(notes, 20) == 0:
            left, right = row[i], row[i + 1]
            apart = True
            for k in range(web.z_first[left], web.z_first[left + 1]):
                apart = apart and web.z_other[k] != right
            if apart:
                row[i] = right
                row[i + 1] = left


@compiled
def keep(web: Web, notes: Notes, place: int, end: int) -> None:
    """Write the outcome into the population, and into the best when it is better."""
    for i in range(web.size):
        notes.lists[place * web.size + i] = notes.row[i]
    notes.ends[place] = end
    if end < notes.state[BEST_END]:
        notes.state[BEST_END] = end
        notes.state[SINCE] = 0
        for i in range(web.size):
            notes.best[i] = notes.start[i]


@compiled
def breed(web: Web, notes: Notes, first: int, count: int) -> None:
    """New lists for the places from `first` on, then that many children, each in place of the
    worst of three when it is no worse."""
    population = len(notes.ends)
    for place in range(first, population):
        random_row(web, notes)
        keep(web, notes, place, settle(web, notes))
    for _ in range(count):
        mother, father = draw(notes, population), draw(notes, population)
        rival = draw(notes, population)
        if notes.ends[rival] < notes.ends[mother]:
            mother = rival
        cross(web, notes, mother, father)
        end = settle(web, notes)
        worst = draw(notes, population)
        for _ in range(2):
            other = draw(notes, population)
            if notes.ends[other] > notes.ends[worst]:
                worst = other
        notes.state[SINCE] += 1
        if end <= notes.ends[worst]:
            keep(web, notes, worst, end)


def finish_early(network: Network, *, stop: Stop, seed: int = 1) -> Timetable:
    """The earliest end found before `stop`, whose iterations are children. It ends by itself when
    the bound is met. `Unlawful` is raised when the verifier refuses the outcome."""
    bound = lower_bound(network)
    if not network.activities:
        return Timetable((), 0, 0, 0)
    web = _web(network)
    notes = _notes(web, seed)
    watch, children, first = stop.start(), 0, 0
    while True:
        breed(web, notes, first, 0 if first < POPULATION else CHUNK)
        children += CHUNK if first == POPULATION else 0
        if watch.progress(children) >= 1 or notes.state[BEST_END] <= bound:
            break
        first = POPULATION
        if notes.state[SINCE] > STALE:
            notes.state[SINCE], first = 0, 0
    starts = tuple(int(slot) for slot in notes.best)
    faults = verify_network(network, starts)
    if faults:
        raise Unlawful("; ".join(f"{f.code}: {f.text}" for f in faults[:5]))
    return Timetable(starts, int(notes.state[BEST_END]), bound, int(notes.state[TRIES]))


def _web(network: Network) -> Web:
    activities = network.activities
    before = [tuple(dict.fromkeys(one.after)) for one in activities]
    firsts = []
    for rows in (before, network.followers):
        first = [0]
        for row in rows:
            first.append(first[-1] + len(row))
        firsts.append(first)
    return Web(
        size=len(activities),
        resources=len(network.capacities),
        horizon=max(1, sum(one.length for one in activities)),
        length=whole([one.length for one in activities]),
        need=whole([need for one in activities for need in one.needs]),
        capacity=whole(network.capacities),
        a_first=whole(firsts[0]),
        a_other=whole([i for row in before for i in row]),
        z_first=whole(firsts[1]),
        z_other=whole([i for row in network.followers for i in row]),
        tail=whole(network.tails),
    )


def _notes(web: Web, seed: int) -> Notes:
    count = web.size
    return Notes(
        used=whole([0] * (web.resources * web.horizon)),
        row=whole([0] * count),
        start=whole([0] * count),
        key=whole([0] * max(1, web.resources)),
        seen=whole([0] * count),
        lists=whole([0] * (POPULATION * count)),
        ends=whole([0] * POPULATION),
        best=whole([0] * count),
        state=whole([1 + seed % (MODULUS - 2), web.horizon + 1, 0, 0]),
    )
