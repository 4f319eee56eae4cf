"""What a draw is over, and the seed that decides it."""

import hashlib
import json
import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

VERSION = 1
SEED = re.compile(r"[0-9a-f]{64}")


def sha256(text: str) -> str:
    """SHA-256 of the text in UTF-8, as 64 small hex digits."""
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Ticket:
    """An expert by code, the `group` (opaque, "" for none) of which one is enough for an item,
    and the most items to be drawn for."""

    code: str
    group: str
    places: int


@dataclass(frozen=True, slots=True)
class Lot:
    """An item by key and how many experts are drawn for it."""

    item: str
    wanted: int


@dataclass(frozen=True)
class Ballot:
    """Everything that is published before the draw. `beacon` names a public figure that nobody
    knows yet, such as a lottery's numbers of a coming day; "" for none. Raises ValueError for two
    equal codes or items, for figures that are none, and for bars that name nobody."""

    items: tuple[Lot, ...]
    experts: tuple[Ticket, ...]
    barred: frozenset[tuple[str, str]] = field(default_factory=frozenset)
    beacon: str = ""

    def __post_init__(self) -> None:
        items, codes = {i.item for i in self.items}, {e.code for e in self.experts}
        if len(items) < len(self.items) or len(codes) < len(self.experts):
            raise ValueError("two items or two experts share a name")
        if any("|" in name for name in items | codes):
            raise ValueError("a name may not hold the sign |")
        if any(code not in codes or item not in items for code, item in self.barred):
            raise ValueError("a bar names somebody who is not there")
        if min([0, *(i.wanted for i in self.items), *(e.places for e in self.experts)]) < 0:
            raise ValueError("figures must not be negative")

    def content(self) -> dict[str, Any]:
        """The ballot as the JSON that is published and hashed."""
        return {
            "version": VERSION,
            "beacon": self.beacon,
            "items": [{"item": i.item, "wanted": i.wanted} for i in self.items],
            "experts": [
                {"code": e.code, "group": e.group, "places": e.places} for e in self.experts
            ],
            "barred": sorted([code, item] for code, item in self.barred),
        }

    @classmethod
    def read(cls, content: dict[str, Any]) -> "Ballot":
        """A ballot from its published JSON. Raises ValueError for anything else."""
        try:
            if content["version"] != VERSION:
                raise ValueError("this ballot is of another version")
            return cls(
                tuple(Lot(str(i["item"]), int(i["wanted"])) for i in content["items"]),
                tuple(
                    Ticket(str(e["code"]), str(e["group"]), int(e["places"]))
                    for e in content["experts"]
                ),
                frozenset((str(code), str(item)) for code, item in content["barred"]),
                str(content["beacon"]),
            )
        except (KeyError, TypeError) as fault:
            raise ValueError("this is no ballot") from fault

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON: sorted keys, no blanks, characters as they are."""
        return sha256(
            json.dumps(self.content(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        )


@dataclass(frozen=True, slots=True)
class Problem:
    """A ballot, the seed (64 small hex digits) and the figure of the beacon, "" for none."""

    ballot: Ballot
    seed: str
    figure: str = ""

    def __post_init__(self) -> None:
        if not SEED.fullmatch(self.seed):
            raise ValueError("a seed is 64 small hex digits")
        if bool(self.figure) != bool(self.ballot.beacon):
            raise ValueError("a figure belongs to a beacon, and a beacon needs its figure")

    @property
    def commitment(self) -> str:
        """What is published of the seed before."""
        return sha256(self.seed)
