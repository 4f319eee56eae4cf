"""The catalogue that lives in each process, kept as fresh as the registry by each question."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from threading import Lock

from pilotline.desks.journal.queries import current_release, current_rulebook
from pilotline.desks.matching.problem.records import (
    Entry,
    entries_of,
    record_of,
    schema_of,
    usual_prices,
)
from pilotline.desks.registry import queries as registry
from pilotline.desks.registry.queries import Offer
from pilotline.engines.matching.catalogue import Catalogue
from pilotline.engines.matching.tokenise import Tokeniser
from pilotline.rulebook import Rulebook


@dataclass
class Index:
    """A catalogue with what stands behind its entries, and how far it has read the registry."""

    release: str
    catalogue: Catalogue
    usual: Mapping[str, float] = field(default_factory=dict)
    versions: dict[int, int] = field(default_factory=dict)
    entries: dict[int, Entry] = field(default_factory=dict)
    by_facility: dict[int, list[int]] = field(default_factory=dict)
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    def replace(self, offers: Mapping[int, list[Offer]], rulebook: Rulebook) -> None:
        """Put what each facility offers now in the place of what it offered before."""
        records = []
        for facility, offered in offers.items():
            for number in self.by_facility.pop(facility, ()):
                self.catalogue.remove(number)
                del self.entries[number]
            for offer in offered:
                for _piece, entry, values in entries_of(offer):
                    number = next(self.numbers)
                    self.entries[number] = entry
                    self.by_facility.setdefault(facility, []).append(number)
                    records.append(record_of(number, entry, values, rulebook, self.usual))
        if records:
            self.catalogue.insert(*records)


_lock = Lock()
_kept: list[Index] = []


def fresh_index() -> Index:
    """The index, brought up to what is committed at this moment: two small queries when nothing
    has changed. A new release of the rulebook begins it anew."""
    digest = current_release()[1]
    with _lock:
        if not _kept or _kept[0].release != digest:
            _kept[:] = [_begin(digest)]
        index = _kept[0]
        versions = registry.facility_versions()
        if versions != index.versions:
            _catch_up(index, versions)
        return index


def _begin(digest: str) -> Index:
    rulebook = current_rulebook()
    usual = usual_prices(registry.offers())
    tokeniser = Tokeniser(synonyms=tuple(group.words for group in rulebook.synonyms))
    return Index(digest, Catalogue(schema_of(rulebook), (), tokeniser), usual)


def _catch_up(index: Index, versions: dict[int, int]) -> None:
    rulebook = current_rulebook()
    changed = [pk for pk, version in versions.items() if index.versions.get(pk) != version]
    gone = [pk for pk in index.versions if pk not in versions]
    offers: dict[int, list[Offer]] = {pk: [] for pk in changed + gone}
    for offer in registry.offers_for(changed):
        offers[offer.facility].append(offer)
    index.replace(offers, rulebook)
    if index.catalogue.wants_merge:
        index.catalogue.merge()
    index.versions = versions
