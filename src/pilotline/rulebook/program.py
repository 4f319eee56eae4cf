"""Programs: what may be applied for, by whom, how it is decided, and what happens then.

One file a program. Facts are what a desk works out from its records (`FACTS` in `words.py`); a
fact that is not known meets no condition.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Self

from pilotline.rulebook.form import Condition, Form, Option
from pilotline.rulebook.model import Entry, Text, heading


@dataclass(frozen=True, slots=True)
class Requirement:
    """A condition over one fact, what people are told of it, and how to get there."""

    condition: Condition
    says: Text
    advice: Text | None

    @property
    def fact(self) -> str:
        return self.condition.field

    def holds(self, facts: Mapping[str, Any]) -> bool:
        return self.condition.holds(facts)

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Self:
        advice = Text.read(raw["advice"]) if "advice" in raw else None
        condition = Condition.read({"field": raw["fact"], **raw})
        return cls(condition, Text.read(raw["says"]), advice)


@dataclass(frozen=True, slots=True)
class Selection:
    """From totals to the list: lowest total, quota, money in all and for one (yuan), and who of
    equal totals at the last place gets in: `all_in`, `all_out` or `earlier`."""

    minimum: Decimal | None
    quota: int | None
    budget: Decimal | None
    most: Decimal | None
    ties: str

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Self:
        def money(key: str) -> Decimal | None:
            return Decimal(str(raw[key])) if key in raw else None

        return cls(money("minimum"), raw.get("quota"), money("budget"), money("most"), raw["ties"])


@dataclass(frozen=True, slots=True)
class Vote:
    """A public vote beside the marks: its days, choices a person, and share of the total."""

    days: int
    choices: int
    weight: Decimal


@dataclass(frozen=True, slots=True)
class Challenge:
    """An open challenge: how many measurable goals it needs, and whether the related may bid."""

    goals: int
    related_excluded: bool


@dataclass(frozen=True, slots=True)
class Action:
    """What happens to what passes; the closed set of kinds stands in `words.py`."""

    kind: str
    tier: str
    step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Program(Entry):
    """One program. Optional parts are None or empty where a program does without them."""

    kind: str
    summary: Text
    concerns: str
    duties: tuple[str, ...]
    one_each: bool
    track: str
    rubric: str
    review_rule: str
    window_days: int
    eligibility: tuple[Requirement, ...]
    gates: tuple[Requirement, ...]
    form: Form
    selection: Selection
    notice_days: int
    vote: Vote | None
    challenge: Challenge | None
    partners: tuple[int, int] | None
    capacity: int | None
    categories: tuple[Option, ...]
    action: Action

    def unmet(self, facts: Mapping[str, Any]) -> tuple[Requirement, ...]:
        """The conditions that keep this from being applied for."""
        return tuple(one for one in self.eligibility if not one.holds(facts))

    def unready(self, facts: Mapping[str, Any]) -> tuple[Requirement, ...]:
        """The gates that are missed: what a plan of cultivation has to bring."""
        return tuple(one for one in self.gates if not one.holds(facts))

    def is_open_to(self, facts: Mapping[str, Any]) -> bool:
        return not self.unmet(facts) and not self.unready(facts)

    @classmethod
    def read(
        cls, raw: Mapping[str, Any], options_of: Callable[[Mapping[str, Any]], list[Option]]
    ) -> Self:
        shared = heading(raw)
        vote, challenge, partners = raw.get("vote"), raw.get("challenge"), raw.get("partners")
        action = raw["action"]
        return cls(
            **shared,
            kind=raw["kind"],
            summary=Text.read(raw["summary"]),
            concerns=raw["concerns"],
            duties=tuple(raw["duties"]),
            one_each=raw.get("one_each", False),
            track=raw.get("track", ""),
            rubric=raw.get("rubric", ""),
            review_rule=raw.get("review_rule", ""),
            window_days=raw.get("window_days", 30),
            eligibility=tuple(Requirement.read(one) for one in raw.get("eligibility", ())),
            gates=tuple(Requirement.read(one) for one in raw.get("gates", ())),
            form=Form.read({**raw, **raw["form"]}, options_of),
            selection=Selection.read(raw["selection"]),
            notice_days=raw["notice_days"],
            vote=Vote(vote["days"], vote["choices"], Decimal(str(vote["weight"])))
            if vote
            else None,
            challenge=Challenge(challenge["goals"], challenge["related_excluded"])
            if challenge
            else None,
            partners=(partners["least"], partners["most"]) if partners else None,
            capacity=raw.get("capacity"),
            categories=tuple(
                Option(one["id"], Text.read(one["title"])) for one in raw.get("categories", ())
            ),
            action=Action(action["kind"], action.get("tier", ""), action.get("step", "")),
        )
