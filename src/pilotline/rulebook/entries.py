"""How each kind of entry is built from its JSON content, and which kinds there are."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from pilotline.rulebook import (
    approval,
    booking,
    calendar,
    orders,
    prices,
    reviewing,
    tracks,
    vouchers,
)
from pilotline.rulebook.model import (
    Chain,
    City,
    Clause,
    DataQuality,
    DeclineReason,
    Document,
    Entry,
    Matching,
    Named,
    OrganisationKind,
    QualityPart,
    Region,
    Step,
    SynonymGroup,
    Target,
    Text,
    Tier,
    Upload,
    Verification,
    heading,
)

Raw = Mapping[str, Any]


def _named(raw: Raw) -> dict[str, Any]:
    return heading(raw) | {"synonyms": tuple(raw.get("synonyms", ()))}


def region(raw: Raw) -> Region:
    return Region(
        **heading(raw),
        short=Text.read(raw["short"]),
        number_prefixes=dict(raw["number_prefixes"]),
        time_zone=raw["time_zone"],
    )


def document(raw: Raw) -> Document:
    return Document(**heading(raw), has_clauses=raw["has_clauses"])


def clause(raw: Raw) -> Clause:
    return Clause(**heading(raw), asks=Text.read(raw["asks"]) if raw.get("asks") else None)


def city(raw: Raw) -> City:
    return City(
        **heading(raw),
        short=Text.read(raw["short"]),
        latitude=raw["latitude"],
        longitude=raw["longitude"],
        column=raw["tile"][0],
        row=raw["tile"][1],
    )


def named(raw: Raw) -> Named:
    return Named(**_named(raw))


def chain(raw: Raw) -> Chain:
    return Chain(**_named(raw), fields=tuple(raw["fields"]))


def tier(raw: Raw) -> Tier:
    return Tier(
        **_named(raw),
        given_by=Text.read(raw["given_by"]),
        steps=tuple(Step(s["id"], Text.read(s["title"])) for s in raw.get("steps", ())),
    )


def verification(raw: Raw) -> Verification:
    return Verification(**_named(raw), question=Text.read(raw["question"]))


def organisation_kind(raw: Raw) -> OrganisationKind:
    return OrganisationKind(**_named(raw), may=tuple(raw["may"]))


def decline_reason(raw: Raw) -> DeclineReason:
    return DeclineReason(
        **heading(raw), words_required=raw["words_required"], means_gap=raw["means_gap"]
    )


def target(raw: Raw) -> Target:
    return Target(
        **heading(raw),
        measure=raw["measure"],
        tier=raw.get("tier"),
        value=raw["value"],
        approximate=raw.get("approximate", False),
        by=date.fromisoformat(raw["by"]),
    )


def upload(raw: Raw) -> Upload:
    return Upload(
        **heading(raw),
        extensions=tuple(raw["extensions"]),
        media_types=tuple(raw["media_types"]),
        max_bytes=int(raw["max_megabytes"] * 1_048_576),
        max_count=raw["max_count"],
    )


def synonym_group(raw: Raw) -> SynonymGroup:
    return SynonymGroup(**heading(raw), words=tuple(raw["words"]))


def matching(raw: Raw) -> Matching:
    return Matching(
        **heading(raw),
        parts=dict(raw["parts"]),
        text_fields=dict(raw["text_fields"]),
        hard=tuple(raw["hard"]),
        near_km=raw["near_km"],
        far_km=raw["far_km"],
        length=raw["length"],
        pairs=raw["pairs"],
        enough_requirements=raw.get("enough_requirements", 1),
        text_half=raw.get("text_half"),
        k1=raw["k1"],
        b=raw["b"],
    )


def data_quality(raw: Raw) -> DataQuality:
    return DataQuality(
        **heading(raw),
        parts=tuple(
            QualityPart(p["measure"], p["weight"], Text.read(p["advice"])) for p in raw["parts"]
        ),
        fresh_days=raw["fresh_days"],
    )


LISTS: dict[str, Callable[[Raw], Entry]] = {
    "documents": document,
    "clauses": clause,
    "cities": city,
    "elsewhere": named,
    "fields": named,
    "chains": chain,
    "tiers": tier,
    "verifications": verification,
    "service_kinds": named,
    "resource_kinds": named,
    "organisation_kinds": organisation_kind,
    "construction_models": named,
    "scales": named,
    "certificate_kinds": named,
    "decline_reasons": decline_reason,
    "targets": target,
    "uploads": upload,
    "synonyms": synonym_group,
    "material_families": named,
    "order_kinds": orders.order_kind,
    "order_groups": orders.order_group,
    "order_clauses": orders.order_clause,
    "share_kinds": vouchers.share_kind,
    "vouchers": vouchers.voucher,
    "user_classes": prices.read_class,
    "price_groups": prices.read_group,
    "rubrics": reviewing.rubric,
    "conflicts": reviewing.conflict,
    "review_rules": reviewing.review_rule,
    "bodies": tracks.body,
    "outcomes": tracks.outcome_word,
    "tracks": tracks.track,
    "green_lane": approval.green_lane,
    "permits": approval.permit_rule,
    "filing": approval.filing_rule,
    "readiness": approval.readiness_scale,
    "review_items": approval.review_item,
    "pollutants": approval.pollutant,
}

SINGLES: dict[str, Callable[[Raw], Entry]] = {
    "region": region,
    "matching": matching,
    "data_quality": data_quality,
    "calendar": calendar.read,
    "booking": booking.read,
    "pricing": prices.read_policy,
}

# Kinds that came after the first release: a region, or a stored release, may do without them.
# A list reads as empty then and a single object as None.
OPTIONAL = frozenset({"calendar", "booking", "material_families", "order_kinds", "order_groups"})
OPTIONAL |= {"order_clauses", "share_kinds", "vouchers", "programs"}
OPTIONAL |= {"user_classes", "price_groups", "pricing", "elsewhere"}
OPTIONAL |= {"rubrics", "conflicts", "review_rules"}
OPTIONAL |= {"bodies", "outcomes", "tracks", "green_lane", "permits", "filing", "readiness"}
OPTIONAL |= {"review_items", "pollutants"}

# These take values and choices from the other lists, so they are built last.
LISTED = (*LISTS, "attributes", "forms", "programs")
# The kinds of which each file holds one entry.
ONE_A_FILE = (*SINGLES, "forms", "programs", "tracks")
KINDS = (*LISTED, *SINGLES)
