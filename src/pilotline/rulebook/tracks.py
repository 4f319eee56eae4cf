"""Tracks: how something is decided, step by step, and who decides."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pilotline.engines.tracks.problem import Track as Walkable
from pilotline.engines.tracks.table import WAIT, Escalation, Outcome, Step
from pilotline.rulebook.model import Entry, Text, heading

Raw = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Body(Entry):
    """An office or panel that does steps.

    `role` is the role of its people. `level` says whose: `city` (of the place where the subject
    is) or `province` (the whole region).
    """

    role: str
    level: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeWord(Entry):
    """What a step or a track may come to, in words; `tone` is how it is shown.

    `words_required`: whoever decides so must say why; `conditions`: it carries conditions.
    """

    tone: str
    words_required: bool
    conditions: bool


@dataclass(frozen=True, slots=True)
class TrackStep:
    """One step as people read it. `who` is a role or a body, `act` what the step is for."""

    id: str
    title: Text
    who: str
    act: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Track(Entry):
    """A table of steps. `serves` names the kind of subject; `walk` is what the engine walks.

    `good` are the ends that grant what was asked.
    """

    serves: str
    steps: tuple[TrackStep, ...]
    good: frozenset[str]
    walk: Walkable

    def step(self, name: str) -> TrackStep:
        """The step of that name; KeyError when there is none."""
        return self.steps[self.walk.compiled.index[name]]

    def returns(self, step: str) -> tuple[str, ...]:
        """The outcomes by which a step waits for the applicant."""
        return tuple(way.id for way in self.walk.step(step).outcomes if way.leads == WAIT)

    def refusals(self, step: str) -> tuple[str, ...]:
        """The outcomes by which a step ends everything without what was asked for."""
        bad = set(self.walk.ends) - self.good
        return tuple(way.id for way in self.walk.step(step).outcomes if way.leads in bad)


def body(raw: Raw) -> Body:
    return Body(**heading(raw), role=raw["role"], level=raw.get("level", "city"))


def outcome_word(raw: Raw) -> OutcomeWord:
    return OutcomeWord(
        **heading(raw),
        tone=raw.get("tone", "info"),
        words_required=raw.get("words_required", False),
        conditions=raw.get("conditions", False),
    )


def track(raw: Raw) -> Track:
    """Raises BadTrack for a track that the checks would have refused."""
    return Track(
        **heading(raw),
        serves=raw["serves"],
        steps=tuple(
            TrackStep(
                id=step["id"],
                title=Text.read(step["title"]),
                who=step["who"],
                act=step.get("act", ""),
                source=step.get("source", ""),
            )
            for step in raw["steps"]
        ),
        good=frozenset(raw["good"]),
        walk=Walkable(raw["id"], table(raw), ends(raw)),
    )


def table(raw: Raw) -> tuple[Step, ...]:
    """The steps as the engine takes them. A stored release keeps no order of an object's keys,
    so outcomes stand in the order of their ids."""
    return tuple(
        Step(
            id=step["id"],
            doer=step["who"],
            outcomes=tuple(Outcome(name, leads) for name, leads in sorted(step["out"].items())),
            after=tuple(step.get("after", ())),
            days=step.get("days", 0),
            green_days=step.get("green"),
            least=step.get("least", 0),
            when=tuple(step.get("when", ())),
            called=step.get("called", False),
            answer_days=step.get("answer", 0),
            escalations=tuple(Escalation(one["after"], one["to"]) for one in step.get("late", ())),
        )
        for step in raw["steps"]
    )


def ends(raw: Raw) -> tuple[str, ...]:
    return (*raw["good"], *raw.get("bad", ()))
