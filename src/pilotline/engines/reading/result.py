"""What was found in a text, where, how surely and why."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from pilotline.kernel.quantity import Range


class Span(NamedTuple):
    """A half-open stretch [start, end) of the original text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing the text asks for.

    `topic`: attribute, budget, time, duration, region, verification or scale; `attribute` is the
    id of the attribute for the first. `relation`: at_least, at_most, between, about, exactly
    (quantities), from, by, within (times), has (values and flags) or any_of (one of its values
    will do).
    `low` and `high` are in `unit` (the vocabulary's, CNY for a budget, d for a duration);
    `written` is the quantity as it stands in the text. `values` are ids. `first_day` and
    `last_day` are both included; only a last day is a deadline.
    `wish` marks what is welcome and not demanded (最好, 优先, preferably).
    `spans` are every place it was read from; `cues` the words that decided, `reason` one of
    cue-before, cue-after, unit, usual (the general attribute of that dimension), only (the only
    attribute of that dimension), named, date. `confidence` runs from 0 to 1.
    """

    topic: str
    spans: tuple[Span, ...]
    confidence: float
    reason: str
    relation: str = "has"
    attribute: str = ""
    low: Decimal | None = None
    high: Decimal | None = None
    unit: str = ""
    written: Range | None = None
    values: tuple[str, ...] = ()
    first_day: date | None = None
    last_day: date | None = None
    cues: tuple[str, ...] = ()
    wish: bool = False

    @property
    def what(self) -> tuple[object, ...]:
        """What it says, without where and how surely: equal findings say the same."""
        ends = (self.low, self.high, self.first_day, self.last_day)
        return (self.topic, self.attribute, self.values, self.relation == "any_of", *ends)


@dataclass(frozen=True, slots=True)
class SetAside:
    """Something read and not offered. `why`: negated, background (the present state, a plan
    beyond the pilot, somebody's name), past, unsure."""

    finding: Finding
    why: str


@dataclass(frozen=True, slots=True)
class Result:
    """Findings in the order of the text, and what was set aside."""

    findings: tuple[Finding, ...]
    set_aside: tuple[SetAside, ...] = ()

    def of(self, topic: str, attribute: str = "") -> tuple[Finding, ...]:
        """The findings of one topic, or of one attribute of the topic `attribute`."""
        return tuple(
            f for f in self.findings if f.topic == topic and attribute in ("", f.attribute)
        )
