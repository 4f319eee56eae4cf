"""What a department decides about pilot projects: the green lane, filing, permits, papers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pilotline.rulebook.model import Entry, Text, heading

Raw = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """What the rules of the green lane ask about a project. `tier` is the facility's tier id."""

    on_key_list: bool = False
    fields: tuple[str, ...] = ()
    chain: str = ""
    tier: str = ""


# The closed set of predicates: what is asked, against the value in the rule.
PREDICATES: dict[str, Callable[[ProjectFacts, Any], bool]] = {
    "on_key_list": lambda facts, wanted: facts.on_key_list is wanted,
    "fields": lambda facts, wanted: bool(set(facts.fields) & set(wanted)),
    "chains": lambda facts, wanted: facts.chain in wanted,
    "tiers": lambda facts, wanted: facts.tier in wanted,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class GreenLane(Entry):
    """One reason for the green lane: every predicate of `asks` holds."""

    asks: Mapping[str, Any]

    def applies(self, facts: ProjectFacts) -> bool:
        return all(PREDICATES[name](facts, wanted) for name, wanted in self.asks.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class PermitRule(Entry):
    """How long a line may run pilots: `months`, and once or oftener `extension_months` more.

    `reminders` are days before the end; `closings` the ways to close, an id and words each.
    """

    months: int
    extension_months: int
    extensions: int
    reminders: tuple[int, ...]
    closings: tuple[tuple[str, Text], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FilingRule(Entry):
    """When filing is enough: every one of `asks`, of a closed set, must be within the line's
    approved envelope."""

    asks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadinessScale(Entry):
    """A standard's scale of readiness. `levels` is None where the number is not at hand."""

    levels: int | None
    stages: tuple[Text, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewItem(Entry):
    """A paper that a project hands in. `needed` says when: `always`, `hazardous`, or `asked`."""

    needed: str
    step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pollutant(Entry):
    """What emission totals are counted in, with its unit."""

    unit: str


def green_lane(raw: Raw) -> GreenLane:
    return GreenLane(**heading(raw), asks=dict(raw["asks"]))


def permit_rule(raw: Raw) -> PermitRule:
    return PermitRule(
        **heading(raw),
        months=raw["months"],
        extension_months=raw["extension_months"],
        extensions=raw["extensions"],
        reminders=tuple(sorted(raw["reminders"], reverse=True)),
        closings=tuple((one["id"], Text.read(one["title"])) for one in raw["closings"]),
    )


def filing_rule(raw: Raw) -> FilingRule:
    return FilingRule(**heading(raw), asks=tuple(raw["asks"]))


def readiness_scale(raw: Raw) -> ReadinessScale:
    return ReadinessScale(
        **heading(raw),
        levels=raw.get("levels"),
        stages=tuple(Text.read(stage) for stage in raw.get("stages", ())),
    )


def review_item(raw: Raw) -> ReviewItem:
    return ReviewItem(**heading(raw), needed=raw["needed"], step=raw.get("step", ""))


def pollutant(raw: Raw) -> Pollutant:
    return Pollutant(**heading(raw), unit=raw["unit"])
