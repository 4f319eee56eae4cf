"""The whole rulebook as one frozen object, built from its JSON content."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from pilotline.kernel.errors import PilotlineError
from pilotline.rulebook import entries
from pilotline.rulebook.approval import (
    FilingRule,
    GreenLane,
    PermitRule,
    Pollutant,
    ReadinessScale,
    ReviewItem,
)
from pilotline.rulebook.attribute import Attribute, AttributeValue, read_values
from pilotline.rulebook.booking import BookingRules
from pilotline.rulebook.calendar import Calendar
from pilotline.rulebook.form import Form, Option
from pilotline.rulebook.model import (
    Chain,
    City,
    Clause,
    DataQuality,
    DeclineReason,
    Document,
    Entry,
    Listing,
    Matching,
    Named,
    OrganisationKind,
    Region,
    SynonymGroup,
    Target,
    Text,
    Tier,
    Upload,
    Verification,
)
from pilotline.rulebook.orders import OrderClause, OrderGroup, OrderKind
from pilotline.rulebook.prices import PriceGroup, PricingPolicy, UserClass
from pilotline.rulebook.program import Program
from pilotline.rulebook.reviewing import ConflictRule, ReviewRule, Rubric
from pilotline.rulebook.tracks import Body, OutcomeWord, Track
from pilotline.rulebook.vouchers import ShareKind, Voucher

FORMAT = 1


class StrangeContent(PilotlineError):
    """This is not the content of a rulebook release that this version can read."""

    code = "rulebook-content"


@dataclass(frozen=True, slots=True)
class Rulebook:
    """What one release says. Attributes are named after the kinds of entries.

    Every list keeps the order of its file: `for city in rulebook.cities`,
    `rulebook.cities["…"]`, `rulebook.cities.get("…")`.
    """

    region: Region
    documents: Listing[Document]
    clauses: Listing[Clause]
    cities: Listing[City]
    elsewhere: Listing[Named]
    fields: Listing[Named]
    chains: Listing[Chain]
    tiers: Listing[Tier]
    verifications: Listing[Verification]
    service_kinds: Listing[Named]
    resource_kinds: Listing[Named]
    organisation_kinds: Listing[OrganisationKind]
    construction_models: Listing[Named]
    scales: Listing[Named]
    certificate_kinds: Listing[Named]
    decline_reasons: Listing[DeclineReason]
    targets: Listing[Target]
    attributes: Listing[Attribute]
    forms: Listing[Form]
    programs: Listing[Program]
    uploads: Listing[Upload]
    synonyms: Listing[SynonymGroup]
    rubrics: Listing[Rubric]
    conflicts: Listing[ConflictRule]
    review_rules: Listing[ReviewRule]
    matching: Matching
    data_quality: DataQuality
    calendar: Calendar | None
    booking: BookingRules | None
    material_families: Listing[Named]
    order_kinds: Listing[OrderKind]
    order_groups: Listing[OrderGroup]
    order_clauses: Listing[OrderClause]
    share_kinds: Listing[ShareKind]
    vouchers: Listing[Voucher]
    user_classes: Listing[UserClass]
    price_groups: Listing[PriceGroup]
    pricing: PricingPolicy | None
    bodies: Listing[Body]
    outcomes: Listing[OutcomeWord]
    tracks: Listing[Track]
    green_lane: Listing[GreenLane]
    permits: Listing[PermitRule]
    filing: Listing[FilingRule]
    readiness: Listing[ReadinessScale]
    review_items: Listing[ReviewItem]
    pollutants: Listing[Pollutant]
    _content: Mapping[str, Any] = field(repr=False, compare=False)

    @property
    def number_prefixes(self) -> Mapping[str, str]:
        """Kind of number → letters: `need` → `XQ`."""
        return self.region.number_prefixes

    def answering(self, region: str) -> str:
        """The region whose authority answers for somebody of this one: for who comes from
        elsewhere it is the whole region's."""
        return self.region.id if region in self.elsewhere else region

    def listing(self, kind: str) -> Listing[Entry]:
        """The list of a kind by its name; KeyError for a kind that does not exist."""
        if kind not in entries.LISTED:
            raise KeyError(kind)
        found: Listing[Entry] = getattr(self, kind)
        return found

    def title(self, kind: str, entry_id: str, language: str) -> str:
        """The title of an entry, or its id when this release does not know it."""
        found = self.listing(kind).get(entry_id)
        return found.title.say(language) if found else entry_id

    def tier_rank(self, tier_id: str, step_id: str = "") -> int:
        """A number that grows with tier and step; 0 for a tier that is not known."""
        for number, tier in enumerate(self.tiers, start=1):
            if tier.id == tier_id:
                steps = [step.id for step in tier.steps]
                return number * 100 + (steps.index(step_id) + 1 if step_id in steps else 0)
        return 0

    def synonyms_of(self, word: str) -> tuple[str, ...]:
        """All words of the groups that hold this word, itself left out."""
        wanted = word.casefold()
        return tuple(
            dict.fromkeys(
                other
                for group in self.synonyms
                if wanted in {w.casefold() for w in group.words}
                for other in group.words
                if other.casefold() != wanted
            )
        )

    def upload_for(self, file_name: str) -> Upload | None:
        """The kind of upload that takes files with this extension."""
        extension = file_name.rpartition(".")[2].lower() if "." in file_name else ""
        return next((u for u in self.uploads if extension in u.extensions), None)

    def source_words(self, entry: Entry, language: str) -> str:
        """Where an entry comes from, for people: the clause, or plainly that it is an example.

        A document is its own source.
        """
        if entry.example:
            return Text("示例（无官方数值）", "example (no official figure)").say(language)
        if not entry.source:
            return entry.title.say(language)
        document, _, clause = entry.source.partition(":")
        return f"{self.title('documents', document, language)} {clause}".strip()

    def to_content(self) -> dict[str, Any]:
        """The JSON content that a release stores; `from_content` reads it back."""
        copy: dict[str, Any] = json.loads(canonical(self._content))
        return copy

    @property
    def hash(self) -> str:
        """SHA-256 of the canonical content, in hex: equal content, equal hash."""
        return hashlib.sha256(canonical(self._content).encode()).hexdigest()

    @classmethod
    def from_content(cls, content: Mapping[str, Any]) -> Self:
        """Build from the content of a checked draft or a stored release.

        Raises StrangeContent for anything else.
        """
        if content.get("format") != FORMAT:
            raise StrangeContent(format=content.get("format"))
        try:
            return cls(**_read(content["kinds"]), _content=content)
        except (KeyError, TypeError, ValueError, IndexError, AttributeError) as fault:
            raise StrangeContent(cause=repr(fault)) from fault


def canonical(content: Mapping[str, Any]) -> str:
    """One spelling for one content: sorted keys, no blanks, characters as they are."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _read(kinds: Mapping[str, list[Mapping[str, Any]]]) -> dict[str, Any]:
    kinds = {kind: [] for kind in entries.OPTIONAL} | dict(kinds)
    built: dict[str, Any] = {
        kind: Listing(read(raw) for raw in kinds[kind]) for kind, read in entries.LISTS.items()
    }
    for kind, read in entries.SINGLES.items():
        lacks = kind in entries.OPTIONAL and not kinds[kind]
        built[kind] = None if lacks else read(kinds[kind][0])

    def options_of(raw: Mapping[str, Any]) -> list[Option]:
        if "options_from" in raw:
            listed: Listing[Entry] = built[raw["options_from"]]
            return [Option(e.id, e.title, e.valid_from, e.valid_to) for e in listed]
        return [Option(o["id"], Text.read(o["title"])) for o in raw.get("options", ())]

    def values_of(raw: Mapping[str, Any]) -> list[AttributeValue]:
        if "values_from" not in raw:
            return read_values(raw)
        listed: Listing[Named] = built[raw["values_from"]]
        return [AttributeValue(e.id, e.title, e.synonyms) for e in listed]

    built["attributes"] = Listing(
        Attribute.read(raw, values_of(raw)) for raw in kinds["attributes"]
    )
    built["forms"] = Listing(Form.read(raw, options_of) for raw in kinds["forms"])
    built["programs"] = Listing(Program.read(raw, options_of) for raw in kinds["programs"])
    return built
