"""Why nothing is left, and what giving something up would open.

Every record fails some set of hard requirements: its pattern. A set of requirements conflicts
when every record fails at least one of them, so the smallest conflicts are the smallest sets that
hit every pattern; they are found exactly, by branching on the members of a pattern not yet hit.
Giving up a set of requirements opens the candidates of which a record's whole pattern lies inside
it.
"""

from dataclasses import dataclass

import numpy as np

from pilotline.engines.matching.layout import Ints
from pilotline.engines.matching.result import Waiver

MOST_SETS = 5


@dataclass(frozen=True, slots=True)
class Patterns:
    """The distinct sets of failed requirements, as bitmaps, and how many candidates a set keeps
    out: those of which a record fails just this set and no record passes everything. The count
    of the empty set is of candidates that pass."""

    sets: Ints
    counts: Ints


def patterns_of(fails: Ints, candidates: Ints) -> Patterns:
    """Count the patterns of all records, each candidate once for each."""
    sets = np.unique(fails)
    passing = np.unique(candidates[fails == 0])
    kept_out = ~np.isin(candidates, passing) | (fails == 0)
    pairs = np.unique(np.stack((fails[kept_out], candidates[kept_out])), axis=1)
    counts = [int(np.count_nonzero(pairs[0] == one)) for one in sets]
    return Patterns(sets, np.array(counts, np.int64))


def conflicts(patterns: Patterns, keys: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """The smallest sets of requirements that no record passes together; at most five of them.

    Empty when a record passes everything, or when there is no record at all.
    """
    if not len(patterns.sets) or patterns.sets[0] == 0:
        return ()
    minimal = _minimal(patterns.sets)
    found: set[int] = set()
    for size in range(1, len(keys) + 1):
        _hit(minimal, 0, size, found)
        if found:
            break
    return tuple(sorted(_names(chosen, keys) for chosen in found))


def _minimal(sets: Ints) -> list[int]:
    """Those sets that contain no other; few members first."""
    kept: list[int] = []
    for candidate in sorted(sets.tolist(), key=lambda s: (s.bit_count(), s)):
        if all(smaller & candidate != smaller for smaller in kept):
            kept.append(candidate)
    return kept


def _hit(sets: list[int], chosen: int, left: int, found: set[int]) -> None:
    """Collect sets of at most `left` further members that hit every one of `sets`."""
    if len(found) == MOST_SETS:
        return
    open_set = next((s for s in sets if not s & chosen), None)
    if open_set is None:
        found.add(chosen)
        return
    if left == 0:
        return
    for bit in _members(open_set):
        _hit(sets, chosen | 1 << bit, left - 1, found)


def _members(bitmap: int) -> list[int]:
    return [bit for bit in range(bitmap.bit_length()) if bitmap >> bit & 1]


def _names(bitmap: int, keys: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(keys[bit] for bit in _members(bitmap))


def waivers(patterns: Patterns, keys: tuple[str, ...]) -> tuple[Waiver, ...]:
    """What giving up each requirement opens, most first; then, if none opens anything, the
    smallest sets that do (at most five)."""
    by_set = dict(zip(patterns.sets.tolist(), patterns.counts.tolist(), strict=True))
    singles = [Waiver((key,), by_set.get(1 << bit, 0)) for bit, key in enumerate(keys)]
    singles.sort(key=lambda waiver: -waiver.opens)
    if any(waiver.opens for waiver in singles) or not by_set or 0 in by_set:
        return tuple(singles)
    fewest = min(found.bit_count() for found in by_set)
    together = [
        Waiver(_names(found, keys), count)
        for found, count in by_set.items()
        if found.bit_count() == fewest
    ]
    together.sort(key=lambda waiver: (-waiver.opens, waiver.keys))
    return (*singles, *together[:MOST_SETS])
