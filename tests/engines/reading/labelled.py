"""The labelled texts, and precision, recall and F1 of a reader on them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import yaml

from pilotline.engines.reading.problem import Problem, Vocabulary
from pilotline.engines.reading.result import Finding, Result
from pilotline.kernel.quantity import read_range

FOLDER = Path(__file__).parent / "gold"
TODAY = date(2026, 11, 22)
Claim = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """A labelled text; each ask is `name value`, `name low..high unit` or a bare flag.

    `name one|two` asks for either value.
    """

    text: str
    asks: tuple[str, ...]


def texts(name: str) -> list[Text]:
    raw = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return [Text(entry["text"], tuple(entry["asks"])) for entry in raw]


def _shown(value: Decimal | None) -> str:
    return "" if value is None else f"{float(value):.3g}"


def asked(label: str, vocabulary: Vocabulary) -> Claim:
    """A label in the form of `claims`."""
    name, _, rest = label.partition(" ")
    unit = {a.id: a.unit for a in vocabulary.attributes if a.kind == "range"}.get(name)
    unit = {"budget": "CNY", "duration": "d"}.get(name, unit)
    if name == "time":
        first, dots, last = rest.partition("..")
        return (name, first, last if dots else first)
    if unit is None:
        return (name, "|".join(sorted(rest.strip("'").split("|"))))
    ends, _, given = rest.partition(" ")
    low, dots, high = ends.partition("..")
    return (name, *(_end(e, given or unit, unit) for e in (low, high if dots else low)))


def _end(text: str, given: str, unit: str) -> str:
    if text in ("", "inf", "-inf"):
        return ""
    as_given = read_range(text, unit=given)
    return _shown(as_given.to(unit).low)


def claims(finding: Finding) -> Iterable[Claim]:
    name = finding.attribute or finding.topic
    if finding.topic == "time":
        yield (name, str(finding.first_day or ""), str(finding.last_day or ""))
    elif finding.unit:
        yield (name, _shown(finding.low), _shown(finding.high))
    elif finding.relation == "any_of":
        yield (name, "|".join(sorted(finding.values)))
    elif finding.values:
        yield from ((name, v) for v in finding.values)
    else:
        yield (name, "")


@dataclass(frozen=True, slots=True)
class Score:
    """Counts over all texts; `wrong` and `missed` say where."""

    right: int
    wrong: tuple[tuple[str, Claim], ...]
    missed: tuple[tuple[str, Claim], ...]

    @property
    def precision(self) -> float:
        return self.right / (self.right + len(self.wrong) or 1)

    @property
    def recall(self) -> float:
        return self.right / (self.right + len(self.missed) or 1)

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def rate(
    reader: Callable[[Problem], Result],
    labelled: Iterable[Text],
    vocabulary: Vocabulary,
    only: Callable[[str], bool] = lambda name: True,
) -> Score:
    """How well a reader finds what the labels ask; `only` keeps some attributes."""
    right, wrong, missed = 0, [], []
    for one in labelled:
        result = reader(Problem(one.text, vocabulary, TODAY))
        said = {c for f in result.findings for c in claims(f) if only(c[0])}
        wanted = {asked(a, vocabulary) for a in one.asks}
        wanted = {c for c in wanted if only(c[0])}
        right += len(said & wanted)
        wrong += [(one.text, c) for c in sorted(said - wanted)]
        missed += [(one.text, c) for c in sorted(wanted - said)]
    return Score(right, tuple(wrong), tuple(missed))
