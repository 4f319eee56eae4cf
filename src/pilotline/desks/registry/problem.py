"""The bridge to the reading engine: what a specification states, as statements to be checked."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pilotline.desks.registry.rules.vocabulary import CERTIFICATE, read_statement, show_statement
from pilotline.engines.reading import problem as reading
from pilotline.engines.reading.result import Finding
from pilotline.engines.reading.solve import solve
from pilotline.kernel.errors import Refused
from pilotline.kernel.numerals import plain
from pilotline.rulebook import Attribute, Rulebook

_PIECES = re.compile(r"[,;/、。|\n]+\s*")
_built: list["Words"] = []


@dataclass(frozen=True, slots=True)
class Words:
    """A release's words: for the engine, and each value's names with attribute and title."""

    rulebook: Rulebook
    vocabulary: reading.Vocabulary
    names: dict[str, list[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Stated:
    """An attribute and a text that `read_statement` reads."""

    attribute: str
    written: str


def statements_in(text: str, *, rulebook: Rulebook, today: date) -> list[Stated]:
    """What a free text such as `500L,316L,-20~150℃` states, each attribute and value once.

    Certificates are left out: they need a number and a date.
    """
    if not text.strip() or len(text) > reading.LONGEST:
        return []
    problem = reading.Problem(text=text, vocabulary=_words(rulebook).vocabulary, today=today)
    found = [
        Stated(f.attribute, written)
        for f in solve(problem).of("attribute")
        if f.attribute != CERTIFICATE and (written := _written(f, rulebook))
    ]
    read = {f.attribute for f in found}
    found += [s for s in _named(text, rulebook) if s.attribute not in read]
    return list(dict.fromkeys(found))


def _named(text: str, rulebook: Rulebook) -> list[Stated]:
    """Values that stand alone between signs: `K-500，316L` names a material, not a product.

    The engine reads whole sentences and leaves open what a bare name in them means.
    """
    names = _words(rulebook).names
    values: dict[str, dict[str, None]] = {}
    for piece in _PIECES.split(plain(text)):
        for attribute, title in names.get(piece.casefold(), ()):
            values.setdefault(attribute, {})[title] = None
    return [
        Stated(attribute, "、".join(titles))
        for attribute, titles in values.items()
        if len(titles) == 1 or rulebook.attributes[attribute].kind == "set"
    ]


def _written(finding: Finding, rulebook: Rulebook) -> str:
    """A text that is read back as the finding says; empty when there is none."""
    attribute = rulebook.attributes[finding.attribute]
    texts = [finding.written.show("zh")] if finding.written else []
    values = list(finding.values) or (["yes"] if attribute.kind == "flag" else [])
    if values or finding.low is not None or finding.high is not None:
        texts.append(show_statement(attribute, finding.low, finding.high, values, "zh"))
    for text in texts:
        try:
            read = read_statement(rulebook, attribute.id, text)
        except Refused:
            continue
        if (read.low, read.high) == (_plain(finding.low), _plain(finding.high)):
            return text
    return ""


def _plain(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.normalize() + 0


def _words(rulebook: Rulebook) -> Words:
    """Built once a release and process."""
    if not _built or _built[0].rulebook is not rulebook:
        vocabulary = reading.Vocabulary(tuple(_attribute(a) for a in rulebook.attributes))
        names: dict[str, list[tuple[str, str]]] = {}
        for attribute in rulebook.attributes:
            if attribute.kind in ("set", "level") and attribute.id != CERTIFICATE:
                for value in attribute.values:
                    for name in dict.fromkeys(n.casefold() for n in value.names):
                        names.setdefault(name, []).append((attribute.id, value.title.zh))
        _built[:] = [Words(rulebook, vocabulary, names)]
    return _built[0]


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
