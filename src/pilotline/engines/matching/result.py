"""The answer: ranked rows with their reasons, what nearly fits, and why nothing does."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from pilotline.engines.matching.schema import Bounds, Source


class Status(StrEnum):
    """Unknown is neither: nobody has said."""

    MET = "met"
    UNMET = "unmet"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Check:
    """One requirement against one candidate.

    For a range, `wanted` and `offered` are its ends and `slack` the smaller distance between
    wanted and offered ends (negative by how much it falls short); otherwise they are values,
    `missing` those that were wanted and are not offered. None is what nobody has said.
    """

    key: str
    attribute: str
    hard: bool
    status: Status
    wanted: Bounds | tuple[str, ...]
    offered: Bounds | tuple[str, ...] | None
    slack: float | None = None
    missing: tuple[str, ...] = ()
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class WordShare:
    """What one word adds to the text score: shares add up to it exactly."""

    word: str
    points: float


@dataclass(frozen=True, slots=True)
class Row:
    """One candidate, by its best record `id`. `parts` are in 0..1; `total` is their weighted mean.

    `all_known_met`: every hard requirement is met, none unknown. `words` are the shares of
    `parts["text"]`. `distance` is in kilometres, None when not asked or not known.
    """

    id: int
    group: int
    total: float
    parts: Mapping[str, float]
    checks: tuple[Check, ...]
    words: tuple[WordShare, ...]
    distance: float | None
    all_known_met: bool

    def status(self, key: str) -> Status:
        """The status of one requirement. Raises KeyError for a key that was not asked."""
        for check in self.checks:
            if check.key == key:
                return check.status
        raise KeyError(key)


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A candidate that fails one hard requirement and no other, by its best such record."""

    row: Row
    fails: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two candidates that together meet every hard requirement, both halves being known.

    `covers` says who meets what: for each key the ids that do. `total` is the mean of the two.
    """

    first: Row
    second: Row
    covers: Mapping[str, tuple[int, ...]]
    total: float


@dataclass(frozen=True, slots=True)
class Waiver:
    """How many more candidates would remain if these requirements were given up together."""

    keys: tuple[str, ...]
    opens: int


@dataclass(frozen=True, slots=True)
class Result:
    """`found` candidates fail nothing (None when words alone decided and nobody counted); the
    best of them are `rows`, those known to meet all before those with something unknown.

    When `found` is 0, `conflicts` holds the smallest sets of requirements that no candidate
    passes together, each as keys; it is empty when the catalogue is empty or only words left
    nothing over. With `telling_only` it may do so although some are found of which too little
    is known. `waivers` lists every single requirement, most opening first; when none opens
    anything, the smallest sets that do. `near_misses`, `waivers` and `conflicts` are filled when
    asked for or when nothing was found; `pairs` when asked for and no candidate is known to meet
    all.
    """

    rows: tuple[Row, ...]
    found: int | None
    near_misses: tuple[NearMiss, ...] = ()
    pairs: tuple[Pair, ...] = ()
    conflicts: tuple[tuple[str, ...], ...] = ()
    waivers: tuple[Waiver, ...] = ()
