"""What is to be planned: projects, resources, cleaning times, and what may be moved."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from math import isfinite
from typing import NamedTuple


class Span(NamedTuple):
    """A half-open stretch [start, end) of slots."""

    start: int
    end: int


class Place(NamedTuple):
    """Where a step stands: the slot it starts in, and which of its modes it takes."""

    start: int
    mode: int


class Held(StrEnum):
    """What may happen to a project that stands in today's calendar.

    `free`: it is a proposal, and may be moved or dropped. `movable`: it is promised, it may be
    moved inside its window, and must be served. `confirmed`: it stays exactly where it is.
    """

    FREE = "free"
    MOVABLE = "movable"
    CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True)
class Resource:
    """Something that takes one run at a time.

    `open` are the stretches in which it may run; a run lies wholly inside one of them. `kind`
    and `place` are words for reasons and groups, and decide nothing. A run starts only on every
    `every`-th slot, counted from slot 0, or anew from each multiple of `cycle` (the slots of a
    day) where that is not 0.
    """

    id: str
    open: tuple[Span, ...]
    kind: str = ""
    place: str = ""
    every: int = 1
    cycle: int = 0

    def __post_init__(self) -> None:
        _check_spans(self.id, self.open)
        if self.every < 1 or self.cycle < 0:
            raise ValueError(f"{self.id}: starts on every {self.every}th slot of {self.cycle}")

    def may_start(self, slot: int) -> bool:
        """Whether a run may start in a slot, as far as the grid of its starts goes."""
        return (slot % self.cycle if self.cycle else slot) % self.every == 0


@dataclass(frozen=True, slots=True)
class Mode:
    """One way to do a step: on one resource, or on two at once, in `length` slots."""

    resources: tuple[str, ...]
    length: int

    def __post_init__(self) -> None:
        if len(self.resources) not in (1, 2) or len(set(self.resources)) < len(self.resources):
            raise ValueError(f"a mode needs one or two different resources, not {self.resources}")
        if self.length < 1:
            raise ValueError("a step lasts at least one slot")


@dataclass(frozen=True, slots=True)
class Step:
    """One run of a project; `family` is the material family that decides the cleaning."""

    modes: tuple[Mode, ...]
    family: str = ""

    @property
    def shortest(self) -> int:
        """The slots of its shortest mode; 0 without one."""
        return min((mode.length for mode in self.modes), default=0)


@dataclass(frozen=True, slots=True)
class Project:
    """Steps one after another inside [window.start, window.end), served wholly or not at all.

    `weight` is what serving it is worth, `kind` the kind of applicant for fairness. `today` is
    where its steps stand now, one place a step, or empty. A step without a mode can be asked;
    such a project waits, with that reason.
    """

    id: str
    steps: tuple[Step, ...]
    window: Span
    weight: float = 1.0
    kind: str = ""
    today: tuple[Place, ...] = ()
    held: Held = Held.FREE

    def __post_init__(self) -> None:
        if not self.steps:
            raise ValueError(f"project {self.id}: no steps")
        if not 0 <= self.window.start < self.window.end:
            raise ValueError(f"project {self.id}: an empty window")
        if not (self.weight >= 0 and isfinite(self.weight)):
            raise ValueError(f"project {self.id}: the weight must not be negative")
        if self.today and len(self.today) != len(self.steps):
            raise ValueError(f"project {self.id}: today's calendar must hold all its steps")
        if self.held != Held.FREE and not self.today:
            raise ValueError(f"project {self.id}: {self.held} and not in today's calendar")
        for step, place in zip(self.steps, self.today, strict=False):
            if not 0 <= place.mode < len(step.modes) or place.start < 0:
                raise ValueError(f"project {self.id}: {place} is no place of its step")


@dataclass(frozen=True, slots=True)
class Occupation:
    """Something that holds a resource and is no project of this problem.

    With a `family` the neighbours keep their cleaning times to it; without, it only closes.
    """

    resource: str
    span: Span
    family: str = ""

    def __post_init__(self) -> None:
        _check_spans(self.resource, (self.span,))


@dataclass(frozen=True, slots=True)
class Problem:
    """All of it, checked.

    `cleaning[(a, b)]`: slots between the end of a run of family a and the start of one of family
    b on the same resource; what is not named is 0. It must obey the triangle inequality: no
    detour over a third family may be quicker. Cleaning may happen in closed hours.
    `fairness` from 0 to 1: the plan maximises (1 - fairness) × served weight + fairness × all
    weight × the served share of the kind of applicant that fares worst. `move_cost`: what moving
    one promised project costs, in weight.
    """

    projects: tuple[Project, ...]
    resources: tuple[Resource, ...]
    occupations: tuple[Occupation, ...] = ()
    cleaning: Mapping[tuple[str, str], int] = field(default_factory=dict)
    fairness: float = 0.0
    move_cost: float = 0.0

    def __post_init__(self) -> None:
        _check_unique("project", (p.id for p in self.projects))
        _check_unique("resource", (r.id for r in self.resources))
        if not 0 <= self.fairness <= 1:
            raise ValueError("fairness goes from 0 to 1")
        if not (self.move_cost >= 0 and isfinite(self.move_cost)):
            raise ValueError("the cost of a move must not be negative")
        known = {r.id for r in self.resources}
        for occupation in self.occupations:
            if occupation.resource not in known:
                raise ValueError(f"an occupation of the unknown resource {occupation.resource}")
        for project in self.projects:
            for step in project.steps:
                for mode in step.modes:
                    if not known.issuperset(mode.resources):
                        raise ValueError(f"project {project.id}: unknown {mode.resources}")
        self._check_cleaning()

    def _check_cleaning(self) -> None:
        if any(slots < 0 for slots in self.cleaning.values()):
            raise ValueError("cleaning cannot take less than no time")
        families, get = self.families, self.cleaning.get
        for a in families:
            for b in families:
                direct = get((a, b), 0)
                for c in families if direct else ():
                    if get((a, c), 0) + get((c, b), 0) < direct:
                        raise ValueError(f"cleaning {a} to {b} is quicker over {c}")

    @property
    def families(self) -> tuple[str, ...]:
        """Every material family that is named, in order."""
        names = {step.family for project in self.projects for step in project.steps}
        names.update(name for pair in self.cleaning for name in pair)
        names.update(o.family for o in self.occupations if o.family)
        return tuple(sorted(names))

    @property
    def horizon(self) -> int:
        """The slot after the last one that anything may use."""
        return max(
            [0, *(p.window.end for p in self.projects), *(_end_of(p) for p in self.projects)]
        )


def _end_of(project: Project) -> int:
    places = zip(project.steps, project.today, strict=False)
    return max((place.start + step.modes[place.mode].length for step, place in places), default=0)


def _check_spans(name: str, spans: Iterable[Span]) -> None:
    last = -1
    for span in spans:
        if not 0 <= span.start < span.end:
            raise ValueError(f"{name}: the empty stretch {tuple(span)}")
        if span.start < last:
            raise ValueError(f"{name}: stretches overlap or are out of order at {span.start}")
        last = span.end


def _check_unique(what: str, ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for one in ids:
        if one in seen:
            raise ValueError(f"two {what}s share the id {one}")
        seen.add(one)
