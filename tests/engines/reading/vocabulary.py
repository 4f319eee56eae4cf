"""The province's own vocabulary, bridged from the rulebook as the demand desk does it."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from pilotline.engines.reading.problem import Attribute, Value, Vocabulary

BOOK = Path(__file__).parents[3] / "rulebooks" / "shandong"


def _entries(*names: str) -> Iterable[Mapping[str, Any]]:
    for name in names:
        for path in sorted(BOOK.glob(name)):
            yield from yaml.safe_load(path.read_text(encoding="utf-8"))["entries"]


def _value(raw: Mapping[str, Any]) -> Value:
    names = [raw["title"]["zh"], raw["title"]["en"], *raw.get("synonyms", ())]
    if "short" in raw:
        names += [raw["short"]["zh"], raw["short"]["en"]]
    return Value(raw["id"], tuple(names), tuple(raw.get("unless", ())))


def _bound(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))


@lru_cache(maxsize=1)
def shandong() -> Vocabulary:
    """The vocabulary of the rulebook in this repository."""
    lists = {name: tuple(map(_value, _entries(f"{name.replace('_', '-')}.yaml"))) for name in LISTS}
    attributes = tuple(
        Attribute(
            id=raw["id"],
            kind=raw["kind"],
            words=_value(raw).words,
            unit=raw.get("unit", ""),
            units=tuple(raw.get("units", ())),
            low=_bound(raw.get("low")),
            high=_bound(raw.get("high")),
            values=lists.get(raw.get("values_from", ""), ())
            or tuple(map(_value, raw.get("values", ()))),
        )
        for raw in _entries("attributes/*.yaml", "attributes.yaml")
    )
    return Vocabulary(
        attributes=attributes,
        regions=lists["cities"],
        verifications=lists["verifications"],
        scales=lists["scales"],
    )


LISTS = ("cities", "verifications", "scales", "certificate_kinds")
