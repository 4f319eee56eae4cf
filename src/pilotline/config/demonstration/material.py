"""The raw material: reads the folder and draws from it, the same for the same seed."""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from pilotline.kernel.ids import CREDIT_ALPHABET, credit_check_character

PLAIN_WORD = re.compile(r"^(?:[A-Za-z][a-z]{2,}\b|[Aa]n?\b)(?!\.)")


@dataclass(frozen=True)
class Material:
    """What the folder says: kinds of lines by id, facilities, people, prices."""

    lines: dict[str, dict[str, Any]]
    facilities: list[dict[str, Any]]
    people: dict[str, Any]
    answers: dict[str, dict[str, dict[str, Any]]]
    prices: dict[str, Any]

    @classmethod
    def read(cls, folder: Path) -> "Material":
        kinds = [
            kind for file in sorted((folder / "lines").glob("*.yaml")) for kind in read_yaml(file)
        ]
        return cls(
            lines={kind["id"]: kind for kind in kinds},
            facilities=read_yaml(folder / "facilities.yaml"),
            people=read_yaml(folder / "people.yaml"),
            answers=read_yaml(folder / "answers.yaml"),
            prices=read_yaml(folder / "prices.yaml"),
        )


def read_yaml(file: Path) -> Any:
    """What a file of the folder says, by the parser in C where there is one."""
    text = file.read_text(encoding="utf-8")
    return yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  a safe one


def draw(dice: random.Random, draws: dict[str, list[Any]]) -> dict[str, Any]:
    """One value of each list; `p`, `p_en` and `p_t` are drawn at the same place of theirs."""
    place: dict[str, int] = {}
    drawn = {}
    for name, values in draws.items():
        base = name.partition("_")[0]
        place.setdefault(base, dice.randrange(len(values)))
        drawn[name] = values[place[base] % len(values)]
    return drawn


def in_english(template: str, drawn: dict[str, Any]) -> str:
    """A filled sentence: what was drawn begins small inside it and with a capital before it."""
    small = {
        name: begun_small(str(value)) if name.endswith("_en") else value
        for name, value in drawn.items()
    }
    return _begun(template.format_map(small), str.upper)


def begun_small(text: str) -> str:
    """A name as it stands inside a sentence."""
    return _begun(text, str.lower)


def _begun(text: str, turn: Callable[[str], str]) -> str:
    """The first letter turned, unless the first word is a symbol or an abbreviation."""
    return PLAIN_WORD.sub(lambda found: turn(found[0][0]) + found[0][1:], text, count=1)


def credit_code(dice: random.Random, region: str) -> str:
    """A code that is well formed and belongs to nobody: its body begins with DEM0."""
    body = "DEM0" + "".join(dice.choice(CREDIT_ALPHABET[:10]) for _ in range(5))
    first = f"91{region}{body}"
    return first + credit_check_character(first)
