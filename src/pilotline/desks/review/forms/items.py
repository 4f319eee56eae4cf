"""An item for a panel, as a desk above hands it in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Item:
    """`subject` is (kind, id) of the desk's own row. `organisation` is the applicant, `parties`
    further organisations with a stake, `people` the names of those behind it, `unnamed` names that
    experts are not shown but whose ties count all the same. `material` is what
    an expert reads after accepting: {"title": {"zh", "en"}, "text"} each. `wanted`: marks; the
    review rule's figure when None."""

    subject: tuple[str, int]
    title: str
    title_en: str = ""
    number: str = ""
    summary: str = ""
    fields: Sequence[str] = ()
    organisation: int | None = None
    parties: Sequence[int] = ()
    people: Sequence[str] = ()
    unnamed: Sequence[str] = ()
    material: Sequence[Mapping[str, Any]] = field(default_factory=list)
    wanted: int | None = None
