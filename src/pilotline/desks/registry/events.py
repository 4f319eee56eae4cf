"""News of the registry."""

from dataclasses import dataclass

from pilotline.kernel.event import Event


@dataclass(frozen=True, slots=True)
class CatalogueChanged(Event):
    """Facilities, or anything below them, changed: `offers_changed_since` tells what."""

    version: int
    facilities: list[int]


@dataclass(frozen=True, slots=True)
class TierDecided(Event):
    """An authority added a step to a facility's tier history."""

    facility: int
    code: str
    facility_name: str
    operator: int | None
    tier: str
    step: str
    since: str


@dataclass(frozen=True, slots=True)
class FacilitiesLeft(Event):
    """An organisation operates nothing any more: these facilities left the catalogue, or stand
    there by an official list only."""

    organisation: int
    facilities: list[int]
    reason: str


@dataclass(frozen=True, slots=True)
class FacilityClaimed(Event):
    """An organisation says that a facility of an official list is its own."""

    claim: int
    facility: int
    code: str
    facility_name: str
    region: str
    organisation: int


@dataclass(frozen=True, slots=True)
class ClaimAnswered(Event):
    """An authority confirmed or refused a claim."""

    claim: int
    facility: int
    code: str
    facility_name: str
    organisation: int
    confirmed: bool
    answer: str
