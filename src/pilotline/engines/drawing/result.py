"""Who was drawn for what."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Drawn:
    """`codes` by item, in the order drawn; `lacking` by item, only where too few could be drawn."""

    codes: Mapping[str, tuple[str, ...]]
    lacking: Mapping[str, int]
