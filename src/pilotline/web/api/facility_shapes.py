"""How facilities and what they consist of are told to programs."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_noop as _
from ninja import Field, Schema

from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.registry.rules import show_statement
from pilotline.web.api.route import Id, language


class FacilityRow(Schema):
    """A facility in a list."""

    code: str = Field(examples=["ZS-2026-0001"])
    name: str = Field(examples=["海岱精细化工中试平台"])
    name_en: str
    region: str = Field(description=_("GB/T 2260 code of its city."), examples=["110108"])
    fields: list[str]
    chain: str
    tier: str
    tier_step: str
    summary: str
    summary_en: str
    operator: str = Field(description=_("Its operating organisation; empty when nobody answers."))
    status: str = Field(description=_("draft, published or archived."), examples=["published"])
    version: int = Field(description=_("Grows with every change of it or of anything below it."))
    is_public_fact: bool = Field(description=_("Known from an official list; see source_url."))
    is_demo: bool
    updated_at: datetime


class CapabilityShape(Schema):
    """One thing that was stated for an attribute of the vocabulary."""

    id: Id
    attribute: str = Field(examples=["volume"])
    resource: Id | None = Field(description=_("None: of the whole facility."))
    low: Decimal | None = Field(description=_("In the attribute's own unit; none: open."))
    high: Decimal | None
    values: list[str]
    text: str = Field(description=_("In the reader's words."), examples=["≥ 500 L"])
    written: str = Field(description=_("As it was typed."), examples=["500升以上"])
    measured_on: date | None
    evidence: str


class ResourceShape(Schema):
    """A line, or something that belongs to a line or serves all of them."""

    id: Id
    kind: str = Field(examples=["line"])
    line: Id | None = Field(description=_("The line it belongs to."))
    name: str = Field(examples=["1号中试线"])
    name_en: str
    description: str
    processes: list[str]
    service_kind: str
    verifications: list[str]
    fields: list[str]
    price: Decimal | None = Field(description=_("In yuan."))
    price_unit: str
    price_note: str
    load: int | None = Field(description=_("Percent of the coming 90 days that is booked."))
    load_stated_on: date | None
    available_from: date | None
    quantity: int
    facts: dict[str, Any]
    source_url: str


class CertificateShape(Schema):
    id: Id
    kind: str = Field(examples=["iso9001"])
    resource: Id | None
    number: str
    issuer: str
    valid_from: date | None
    valid_to: date | None
    files: list["PaperShape"] = Field(description=_("Those that you may open."))


class PaperShape(Schema):
    id: Id
    name: str = Field(examples=["证书扫描件.pdf"])
    size: int = Field(description=_("In bytes."))
    sha256: str
    is_public: bool = Field(description=_("Everybody may open it."))


class TierStepShape(Schema):
    tier: str
    step: str
    since: date
    decided_by: str
    note: str


class FacilityShape(FacilityRow):
    """A facility with all that is active below it."""

    id: Id
    address: str
    latitude: Decimal | None
    longitude: Decimal | None
    construction_model: str
    website: str
    contact: str
    phone: str
    opened_year: int | None
    source_url: str
    source_note: str
    resources: list[ResourceShape]
    capabilities: list[CapabilityShape]
    certificates: list[CertificateShape]
    tier_history: list[TierStepShape]


ROW = (
    "code", "name", "name_en", "region", "fields", "chain", "tier", "tier_step", "summary",
    "summary_en", "status", "version", "is_public_fact", "is_demo", "updated_at",
)  # fmt: skip
WHOLE = (
    "id", "address", "latitude", "longitude", "construction_model", "website", "contact", "phone",
    "opened_year", "source_url", "source_note",
)  # fmt: skip
RESOURCE = (
    "id", "kind", "name", "name_en", "description", "processes", "service_kind", "verifications",
    "fields", "price", "price_unit", "price_note", "load", "load_stated_on", "available_from",
    "quantity", "facts", "source_url",
)  # fmt: skip
CERTIFICATE = ("id", "kind", "number", "issuer", "valid_from", "valid_to")
STATED = ("id", "attribute", "low", "high", "values", "written", "measured_on", "evidence")


def row_of(facility: Any) -> dict[str, Any]:
    """A facility that came with its operator."""
    operator = facility.operator.name if facility.operator else facility.source_operator
    return _plain(facility, ROW) | {"operator": operator}


def whole_of(facility: Any) -> dict[str, Any]:
    """A facility of the registry's `facility` or `public_facility`."""
    return {
        **row_of(facility),
        **_plain(facility, WHOLE),
        "resources": [resource_of(r) for r in facility.active],
        "capabilities": [capability_of(c) for c in facility.stated],
        "certificates": [certificate_of(c, public=True) for c in facility.held],
        "tier_history": [
            _plain(step, ("tier", "step", "since", "decided_by", "note"))
            for step in facility.tier_steps.all()
        ],
    }


def resource_of(resource: Any) -> dict[str, Any]:
    return _plain(resource, RESOURCE) | {"line": resource.line_id}


def certificate_of(certificate: Any, *, public: bool = False) -> dict[str, Any]:
    """With all its files, or only with those that everybody may open."""
    papers = [p for p in certificate.papers.all() if p.is_public or not public]
    return _plain(certificate, CERTIFICATE) | {
        "resource": certificate.resource_id,
        "files": [paper_of(paper) for paper in papers],
    }


def paper_of(paper: Any) -> dict[str, Any]:
    return _plain(paper, ("id", "name", "size", "sha256", "is_public"))


def capability_of(capability: Any) -> dict[str, Any]:
    known = current_rulebook().attributes.get(capability.attribute)
    stated = (capability.low, capability.high, capability.values)
    text = show_statement(known, *stated, language()) if known else capability.written
    shown = _plain(capability, STATED) | {"resource": capability.resource_id, "text": text}
    for end in ("low", "high"):
        shown[end] = None if shown[end] is None else shown[end].normalize() + 0
    return shown


def _plain(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}
