"""What an import would do: every row's fate."""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from pilotline.desks.journal.rules import canonical

NEW, CHANGED, SAME, REFUSED, IGNORED = "new", "changed", "same", "refused", "ignored"
FATES = (NEW, CHANGED, SAME, REFUSED, IGNORED)


@dataclass(slots=True)
class Fate:
    """What becomes of one row.

    `changes` are (column or attribute, what was, what will be); `problems` (cell, text), of
    which any refuses the row; `notes` say what was understood in a particular way or left out.
    """

    sheet: str
    row: int
    kind: str
    title: str
    fate: str
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Plan:
    """All rows in the order of the file, and what of the file was not understood at all."""

    fates: tuple[Fate, ...]
    remarks: tuple[str, ...] = ()

    @property
    def counts(self) -> Mapping[str, int]:
        found = Counter(fate.fate for fate in self.fates)
        return {name: found[name] for name in FATES}

    @property
    def does_something(self) -> bool:
        return any(fate.fate in (NEW, CHANGED) for fate in self.fates)

    @property
    def digest(self) -> str:
        """The same for the same consequences, whatever language the reasons are told in."""
        essence = [[f.sheet, f.row, f.fate, f.title, f.changes] for f in self.fates]
        return hashlib.sha256(canonical({"fates": essence}).encode()).hexdigest()

    def to_json(self) -> dict[str, Any]:
        return {"fates": [asdict(f) for f in self.fates], "remarks": list(self.remarks)}

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Self:
        return cls(tuple(map(_fate, raw["fates"])), tuple(raw["remarks"]))


def _fate(raw: Mapping[str, Any]) -> Fate:
    """JSON knows no tuples."""
    pairs = {name: list(map(tuple, raw[name])) for name in ("changes", "problems")}
    return Fate(**{**raw, **pairs})
