"""How strict or lenient each marker is, from the items that several have marked.

The model: total = worth of the item + effect of the marker + chance. Worths and effects come from
least squares in which each effect is held back by `shrink` (ridge; the best linear prediction of
a random marker effect, cf. Robinson 1991, "That BLUP is a good thing"). Effects of markers who
are joined by shared items add up to nothing, so that a correction moves points, never adds any.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping

import numpy as np

Totals = Mapping[tuple[str, str], float]


def supported(totals: Totals, least: int) -> frozenset[str]:
    """Markers who share at least so many items with another such marker."""
    markers = {marker for marker, _item in totals}
    while True:
        kept = {m for m, n in shared(totals, markers).items() if n >= least}
        if kept == markers:
            return frozenset(kept)
        markers = kept


def shared(totals: Totals, among: set[str] | frozenset[str]) -> dict[str, int]:
    """For each marker the number of items that another one of them has marked as well."""
    on: Counter[str] = Counter(item for marker, item in totals if marker in among)
    counted = dict.fromkeys(among, 0)
    for marker, item in totals:
        if marker in among and on[item] > 1:
            counted[marker] += 1
    return counted


def groups(totals: Totals, among: frozenset[str]) -> dict[str, int]:
    """A number for each marker, the same for all that shared items join."""
    on: dict[str, list[str]] = defaultdict(list)
    of: dict[str, list[str]] = defaultdict(list)
    for marker, item in totals:
        if marker in among:
            on[item].append(marker)
            of[marker].append(item)
    number: dict[str, int] = {}
    for start in sorted(among):
        if start in number:
            continue
        waiting, here = [start], len(set(number.values()))
        while waiting:
            marker = waiting.pop()
            if marker not in number:
                number[marker] = here
                waiting += [other for item in of[marker] for other in on[item]]
    return number


def effects(totals: Totals, among: frozenset[str], shrink: float) -> dict[str, float]:
    """Points each marker gives above the others on the same items, held back."""
    used = {pair: total for pair, total in totals.items() if pair[0] in among}
    markers = sorted({marker for marker, _item in used})
    items = sorted({item for _marker, item in used})
    if not markers:
        return {}
    at = {key: n for n, key in enumerate(markers)}
    normal = np.zeros((len(markers), len(markers)))
    right = np.zeros(len(markers))
    by_item: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for (marker, item), total in used.items():
        by_item[item].append((at[marker], total))
    for item in items:
        # An item's worth is the mean of what is left of its totals: put in, it drops out.
        places = [place for place, _total in by_item[item]]
        mean = sum(total for _place, total in by_item[item]) / len(places)
        normal[np.ix_(places, places)] -= 1 / len(places)
        for place, total in by_item[item]:
            normal[place, place] += 1
            right[place] += total - mean
    # Without holding back only differences are known; the least-norm solution adds up to nothing.
    solved = np.linalg.lstsq(normal + shrink * np.eye(len(markers)), right, rcond=None)[0]
    return {marker: float(solved[at[marker]]) for marker in markers}
