"""Two candidates that together can do what none can alone.

Candidates are gathered by what they are known to meet; only sets that complete each other are
looked at, best first, until no better pair can come. Unknown counts for nothing here.
"""

from dataclasses import dataclass

import numpy as np

from pilotline.engines.matching.layout import Floats, Ints


@dataclass(frozen=True, slots=True)
class Sharing:
    """What a pair must do, as bitmaps: together meet all of `every`; each by itself all of
    `each`; and of each of `wholes` one of the two must meet all."""

    every: int
    each: int
    wholes: tuple[int, ...] = ()

    def allows(self, first: int, second: int) -> bool:
        """Whether two sets of requirements met make a pair."""
        return first | second == self.every and all(
            whole in (first & whole, second & whole) for whole in self.wholes
        )


@dataclass(frozen=True, slots=True)
class Halves:
    """Candidates for a pair: what each is known to meet (bitmap), its total, group and id."""

    met: Ints
    totals: Floats
    groups: Ints
    ids: Ints


def best_pairs(halves: Halves, sharing: Sharing, count: int) -> list[tuple[int, int]]:
    """Positions of the `count` best pairs, by mean total, one for any two groups."""
    each = sharing.each
    useful = np.flatnonzero((halves.met & each == each) & (halves.met != each))
    best = _best_by_set(halves, useful, 2 * count + 1)
    heads = {met: float(halves.totals[rows[0]]) for met, rows in best.items()}
    chances = [
        (heads[first] + heads[second], first, second)
        for first in best
        for second in best
        if first < second and sharing.allows(first, second)
    ]
    chances.sort(key=lambda chance: -chance[0])
    chosen = _Chosen(count)
    for bound, first, second in chances:
        if chosen.is_full and bound < chosen.worst:
            break
        for one in best[first]:
            for other in best[second]:
                chosen.offer(halves, one, other)
    return chosen.in_order()


def _best_by_set(halves: Halves, rows: Ints, most: int) -> dict[int, list[int]]:
    """For each set of requirements met, its best candidates, one a group, at most `most`."""
    order = rows[np.lexsort((halves.ids[rows], -halves.totals[rows]))]
    best: dict[int, list[int]] = {}
    seen: set[tuple[int, int]] = set()
    keys = zip(halves.met[order].tolist(), halves.groups[order].tolist(), strict=True)
    for row, (met, group) in zip(order.tolist(), keys, strict=True):
        into = best.setdefault(met, [])
        if len(into) < most and (met, group) not in seen:
            seen.add((met, group))
            into.append(row)
    return best


class _Chosen:
    """The best pairs so far, one for any two groups."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.by_groups: dict[tuple[int, int], tuple[float, int, int, int, int]] = {}

    @property
    def is_full(self) -> bool:
        return len(self.by_groups) >= self.count

    @property
    def worst(self) -> float:
        """The total that a pair must beat to be among the best."""
        return sorted((pair[0] for pair in self.by_groups.values()), reverse=True)[self.count - 1]

    def offer(self, halves: Halves, one: int, other: int) -> None:
        """Remember a pair when it is the best of its two groups."""
        groups = sorted((int(halves.groups[one]), int(halves.groups[other])))
        ids = sorted((int(halves.ids[one]), int(halves.ids[other])))
        total = float(halves.totals[one] + halves.totals[other])
        if int(halves.totals[one] < halves.totals[other]):
            one, other = other, one
        pair = (total, -ids[0], -ids[1], one, other)
        key = (groups[0], groups[1])
        if key not in self.by_groups or pair[:3] > self.by_groups[key][:3]:
            self.by_groups[key] = pair

    def in_order(self) -> list[tuple[int, int]]:
        ordered = sorted(self.by_groups.values(), key=lambda p: (-p[0], -p[1], -p[2]))
        return [(pair[3], pair[4]) for pair in ordered[: self.count]]
