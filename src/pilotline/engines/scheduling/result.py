"""The answer: who is served where, who waits and why, how near to all that is possible."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from pilotline.engines.scheduling.problem import Place

Places = Mapping[str, tuple[Place, ...]]


class Why(StrEnum):
    """Why a project waits.

    `no-resource`: a step can be done nowhere. `window-too-short`: its steps last longer than its
    window. `closed`: the calendars alone leave it no room in its window. `full`: others hold what
    it needs, and nothing that may be dropped for it would serve more weight, as far as the search
    has found.
    """

    NO_RESOURCE = "no-resource"
    TOO_SHORT = "window-too-short"
    CLOSED = "closed"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A project left waiting.

    `step` is the number of the first step that no longer fits when all are begun as early as
    possible, `resources` could do it. `earliest` are places for all steps, beside everything that
    is planned, that end as early as possible but after the window; empty when there are none.
    `holders` are the projects planned on `resources` inside the window.
    """

    project: str
    why: Why
    step: int
    resources: tuple[str, ...]
    earliest: tuple[Place, ...] = ()
    holders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fairness:
    """Shares of the weight of each kind of applicant that is served, from 0 to 1; and of the
    shares not served the largest and the root of the mean square."""

    served: Mapping[str, float]
    worst_unserved: float
    rms_unserved: float


@dataclass(frozen=True, slots=True)
class Result:
    """A verified plan.

    `places` holds the served projects. `weight` is what they are worth, `bound` what no plan can
    exceed, `gap` the share of the bound that is missing. `moved`, `added` and `dropped` compare
    with today's calendar. `iterations` and `trials` are those of the search and of the bound;
    `windows` counts the windows that CP-SAT improved; `seconds` are by the clock that stop
    brought, 0 without one.
    """

    places: Places
    waiting: tuple[Waiting, ...]
    weight: float
    bound: float
    fairness: Fairness
    moved: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    iterations: int = 0
    trials: int = 0
    windows: int = 0
    seconds: float = 0.0

    @property
    def gap(self) -> float:
        """The share of the bound that the plan does not reach, 0 when it is proved best."""
        return max(0.0, 1.0 - self.weight / self.bound) if self.bound > 0 else 0.0
