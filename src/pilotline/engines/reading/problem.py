"""What is to be read: a text, the words that matter, and the day it is read on."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pilotline.kernel import units
from pilotline.kernel.errors import Unreadable

LONGEST = 50_000
KINDS = ("range", "set", "level", "flag")


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a set or level, with all its names.

    `unless` holds longer words that contain a name and do not mean the value.
    """

    id: str
    words: tuple[str, ...]
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Attribute:
    """Something a text can ask for.

    `kind` is range (numbers in `unit`, believable from `low` to `high`), set, level (both with
    `values`) or flag. `words` name the attribute itself: they are the cues that tell which of
    two attributes a quantity belongs to; `units` are the habitual units of a range.
    """

    id: str
    kind: str
    words: tuple[str, ...]
    unit: str = ""
    units: tuple[str, ...] = ()
    low: Decimal | None = None
    high: Decimal | None = None
    values: tuple[Value, ...] = ()

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"{self.id}: kind {self.kind!r} is none of {KINDS}")
        if self.kind == "range" and units.scale(self.unit, self.unit) is None:
            raise ValueError(f"{self.id}: unknown unit {self.unit!r}")
        if self.kind in ("set", "level") and not self.values:
            raise ValueError(f"{self.id}: a {self.kind} needs values")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All words that mean something. Regions, verifications and scales are lists of values."""

    attributes: tuple[Attribute, ...]
    regions: tuple[Value, ...] = ()
    verifications: tuple[Value, ...] = ()
    scales: tuple[Value, ...] = ()

    def __post_init__(self) -> None:
        names = [a.id for a in self.attributes]
        if len(set(names)) < len(names):
            raise ValueError("two attributes share an id")


@dataclass(frozen=True, slots=True)
class Problem:
    """A text of at most 50,000 characters, as it was typed; `today` resolves relative dates.

    Findings below `least_confidence` (0–1) are set aside. Raises `Unreadable` (too-long) with
    `zh` and `en` for a longer text.
    """

    text: str
    vocabulary: Vocabulary
    today: date
    least_confidence: float = 0.5

    def __post_init__(self) -> None:
        if len(self.text) > LONGEST:
            en = f"The text is longer than {LONGEST:,} characters."
            zh = f"文字超过{LONGEST:,}个字符。"
            raise Unreadable(en, reason="too-long", zh=zh, en=en, length=len(self.text))
