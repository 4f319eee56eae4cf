"""How shortlists, talks and gaps are told to programs."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_noop as _
from ninja import Field, Schema

from pilotline.desks.matching import queries
from pilotline.kernel.actor import Actor
from pilotline.web.api.route import Id


class Statement(Schema):
    """Numbers as exact texts in the attribute's own unit; none is an open side."""

    low: str | None = Field(examples=["500"])
    high: str | None
    values: list[str]


class Wanted(Schema):
    attribute: str = Field(examples=["volume"])
    must: bool
    wanted: Statement


class CheckShape(Wanted):
    """One requirement against one line: unknown is unknown, and never counted as met."""

    status: str = Field(description=_("met, unmet or unknown."), examples=["met"])
    slack: float | None = Field(description=_("How far inside, as a share; below zero: missed."))
    offered: Statement | None
    source: Id | None = Field(description=_("The resource whose record says so."))
    source_name: str
    source_name_en: str = ""
    written: str


class Part(Schema):
    points: float
    weight: float


class CandidateShape(Schema):
    """A line that could serve the case, and why."""

    facility: Id
    code: str
    name: str
    name_en: str
    line: Id | None
    line_name: str
    line_name_en: str
    region: str
    tier: str
    operator: Id | None
    is_demo: bool
    total: float = Field(description=_("From 0 to 1."), examples=[0.87])
    complete: bool = Field(description=_("Every limit is known to be met."))
    km: float | None
    price: str | None
    price_unit: str
    load: int | None
    available_from: str | None
    parts: dict[str, Part]
    terms: list[str] = Field(description=_("Words it was found by."))
    requirements: list[CheckShape]


class Cover(Schema):
    """A requirement, and which of the two meets it."""

    requirement: Wanted
    by: str = Field(examples=["first"])


class PairShape(Schema):
    """Two lines that together serve what neither serves alone."""

    first: CandidateShape
    second: CandidateShape
    covers: list[Cover]


class Waiver(Wanted):
    opens: int = Field(description=_("How many lines giving it up would open."))


class ShortlistShape(Schema):
    """Who could serve a case, with reasons; or why nobody can."""

    stored: Id | None = Field(description=_("The kept shortlist; none: worked out just now."))
    at: datetime | None
    engine: str
    release: int | None
    full: int = Field(description=_("Lines that are known to meet every limit."))
    possible: int = Field(description=_("Lines of which something is unknown."))
    considered: int
    rows: list[CandidateShape]
    near: list[CandidateShape] = Field(description=_("Lines that miss a limit by little."))
    pairs: list[PairShape]
    conflict: list[Wanted] = Field(
        description=_("When nobody can: the smallest set of limits that no line passes together.")
    )
    waivers: list[Waiver]


class TalkRow(Schema):
    """A talk between a case and a facility."""

    id: Id
    case: Id
    number: str
    title: str
    facility: str = Field(description=_("Its code."))
    facility_name: str
    line: Id | None
    line_name: str
    state: str = Field(
        description=_("open, agreed, declined, withdrawn or ended."), examples=["open"]
    )
    opened_by: str
    waiting_for: str
    opened_at: datetime
    last_at: datetime
    applicant_consent: datetime | None
    operator_consent: datetime | None
    reason: str = Field(description=_("Of the list of decline reasons."))


class MessageShape(Schema):
    id: Id
    side: str = Field(examples=["applicant"])
    author_name: str
    kind: str = Field(examples=["question"])
    text: str
    at: datetime


class TalkShape(TalkRow):
    messages: list[MessageShape]
    seen: Id | None = Field(description=_("The last message; send it back with what you say."))
    sides: list[str] = Field(description=_("The sides I may speak for."))
    reasons: CandidateShape | None = Field(description=_("How the line stood when it began."))


class FittingShape(Schema):
    """A released case and the line of mine that fits it. Its details stay with the applicant."""

    number: str
    kind: str
    title: str
    facility: str = Field(description=_("Code of my facility."))
    line: Id | None
    line_name: str
    total: float
    complete: bool
    km: float | None


class GapShape(Schema):
    """A case nobody can serve today, and what of it nobody meets."""

    case: Id
    number: str
    title: str
    kind: str
    fields: list[str]
    verifications: list[str]
    scale: str
    region: str
    attributes: list[str]
    blocking: list[Wanted]
    since: datetime
    checked_at: datetime
    is_demo: bool


TALK = (
    "id", "state", "opened_by", "waiting_for", "opened_at", "last_at", "applicant_consent",
    "operator_consent", "reason",
)  # fmt: skip
GAP = (
    "kind", "fields", "verifications", "scale", "region", "attributes", "blocking", "since",
    "checked_at", "is_demo",
)  # fmt: skip
FITTING = ("line", "line_name", "total", "complete", "km")
ANSWER = ("full", "possible", "considered", "rows", "near", "conflict", "waivers")


def shortlist_of(answer: dict[str, Any], stored: Any) -> dict[str, Any]:
    """An answer of the matching desk, and the shortlist it is kept in."""
    pairs = [
        pair | {"covers": [{"requirement": part, "by": side} for part, side in pair["covers"]]}
        for pair in answer["pairs"]
    ]
    return {name: answer[name] for name in ANSWER} | {
        "pairs": pairs,
        "stored": stored.pk if stored else None,
        "at": stored.at if stored else None,
        "engine": stored.engine if stored else "",
        "release": stored.release if stored else None,
    }


def talk_row(match: Any) -> dict[str, Any]:
    """A talk that came with case, facility and line."""
    return {name: getattr(match, name) for name in TALK} | {
        "case": match.case_id,
        "number": match.case.number or "",
        "title": match.case.title,
        "facility": match.facility.code,
        "facility_name": match.facility.name,
        "line": match.line_id,
        "line_name": match.line.name if match.line else "",
    }


def talk_of(who: Actor, match: Any) -> dict[str, Any]:
    """A talk with all that was said."""
    said = list(queries.messages(match=match))
    return talk_row(match) | {
        "messages": said,
        "seen": said[-1].pk if said else None,
        "sides": sorted(queries.speaking_for(who=who, match=match)),
        "reasons": match.reasons or None,
    }


def fitting_of(found: dict[str, Any]) -> dict[str, Any]:
    case, row = found["case"], found["row"]
    named = {"number": case.number, "kind": case.kind, "title": case.title}
    return {name: row[name] for name in FITTING} | named | {"facility": row["code"]}


def gap_of(gap: Any) -> dict[str, Any]:
    """A gap that came with its case."""
    return {name: getattr(gap, name) for name in GAP} | {
        "case": gap.case_id,
        "number": gap.case.number or "",
        "title": gap.case.title,
    }
