"""The bridge to the reading engine: the rulebook's words go in, findings come out."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from pilotline.engines.reading import problem as reading
from pilotline.engines.reading.result import Finding
from pilotline.engines.reading.solve import solve
from pilotline.rulebook import Attribute, Rulebook
from pilotline.rulebook.model import City, Named

LONGEST = reading.LONGEST
_built: list[tuple[Rulebook, reading.Vocabulary]] = []


def read(text: str, *, rulebook: Rulebook, today: date) -> tuple[Finding, ...]:
    """What the text asks for, in its order. Raises Unreadable for a text past LONGEST."""
    problem = reading.Problem(text=text, vocabulary=vocabulary(rulebook), today=today)
    return tuple(_as_stated(finding, rulebook) for finding in solve(problem).findings)


def _as_stated(finding: Finding, rulebook: Rulebook) -> Finding:
    """A flag that the text names is asked for: it reads `yes`, as a capability states it."""
    known = rulebook.attributes.get(finding.attribute) if finding.attribute else None
    if known is not None and known.kind == "flag" and not finding.values:
        return replace(finding, values=("yes",))
    return finding


def vocabulary(rulebook: Rulebook) -> reading.Vocabulary:
    """The rulebook's words for the engine; built once a release and process."""
    if not _built or _built[0][0] is not rulebook:
        made = reading.Vocabulary(
            attributes=tuple(_attribute(a) for a in rulebook.attributes),
            regions=tuple(_city(c) for c in rulebook.cities),
            verifications=_named(rulebook.verifications),
            scales=_named(rulebook.scales),
        )
        _built[:] = [(rulebook, made)]
    return _built[0][1]


def _attribute(attribute: Attribute) -> reading.Attribute:
    return reading.Attribute(
        id=attribute.id,
        kind=attribute.kind,
        words=attribute.names,
        unit=attribute.unit,
        units=attribute.units,
        low=None if attribute.low is None else Decimal(str(attribute.low)),
        high=None if attribute.high is None else Decimal(str(attribute.high)),
        values=tuple(reading.Value(v.id, v.names, v.unless) for v in attribute.values),
    )


def _city(city: City) -> reading.Value:
    names = (city.title.zh, city.title.en, city.short.zh, city.short.en)
    return reading.Value(city.id, tuple(dict.fromkeys(names)))


def _named(entries: Iterable[Named]) -> tuple[reading.Value, ...]:
    return tuple(reading.Value(e.id, (e.title.zh, e.title.en, *e.synonyms)) for e in entries)
