"""How cases, requirements, files and receipts are told to programs."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_noop as _
from ninja import Field, Schema

from pilotline.desks.demand import queries
from pilotline.desks.demand.rules import is_owner, may
from pilotline.kernel.actor import Actor
from pilotline.web.api.route import Given, Id, ProblemShape, language

ANSWERS = {
    "title": "高镍三元前驱体共沉淀放大",
    "field": "field-id",
    "verification": ["process"],
    "detail": "需500L反应釜,温度55℃,氮气保护,制备样品50公斤。",
}
Answers = dict[str, Any]


class CaseRow(Schema):
    """A case in a list."""

    id: Id
    number: str | None = Field(examples=["XQ-2026-00001"])
    kind: str = Field(description=_("need or technology."), examples=["need"])
    status: str = Field(
        description=_("draft, accepted, matched, closed or withdrawn."), examples=["accepted"]
    )
    title: str = Field(examples=["高镍三元前驱体共沉淀放大"])
    organisation: Id
    organisation_name: str
    region: str = Field(examples=["110108"])
    fields: list[str]
    verifications: list[str]
    services: list[str]
    scale: str
    deadline: date | None
    changed_at: datetime
    accepted_at: datetime | None
    is_demo: bool


class RequirementShape(Schema):
    """What a facility must be able to do, or should."""

    id: Id
    attribute: str = Field(examples=["volume"])
    title: str = Field(examples=["有效容积"])
    text: str = Field(description=_("In the reader's words."), examples=["≥ 500 L"])
    written: str = Field(description=_("The words it was read from, or as it was typed."))
    source: str = Field(description=_("The question whose answer it was read from."))
    origin: str = Field(description=_("read or typed."), examples=["read"])
    state: str = Field(description=_("offered, confirmed or dismissed."), examples=["offered"])
    must: bool = Field(description=_("False: a wish."))


class AttachmentShape(Schema):
    id: Id
    name: str = Field(examples=["工艺说明.pdf"])
    size: int = Field(description=_("Bytes."))
    media_type: str
    sha256: str
    confidential: bool
    at: datetime


class OfferedAnswer(Schema):
    """An answer that the text gives to a question that is still open."""

    field: str
    value: Any
    source: str
    words: str


class NextShape(Schema):
    code: str = Field(examples=["ask"])
    text: str
    by: str = Field(description=_("applicant, both or nobody."))


class CaseShape(CaseRow):
    """A case as far as this reader may see it."""

    title_en: str
    version: int = Field(description=_("Send it back when you change the answers."))
    answers: Answers = Field(description=_("By the fields of the form."), examples=[ANSWERS])
    confidential: list[str] = Field(description=_("Questions whose answers only few may see."))
    released: list[str] = Field(description=_("Questions whose answers everybody may see."))
    requirements: list[RequirementShape]
    attachments: list[AttachmentShape]
    next: NextShape
    release: int | None = Field(description=_("Rulebook release that it was accepted under."))
    end_reason: str
    missing: list[ProblemShape] = Field(
        description=_("For a draft: everything that keeps it from being accepted.")
    )
    offered: list[OfferedAnswer] = Field(
        description=_("For a draft: answers read from its text, to be taken over.")
    )
    may: list[str] = Field(description=_("What the applicant can do with it now."))


class ReceiptShape(Schema):
    """What was accepted, frozen, and the hash it is checked by."""

    number: str = Field(examples=["XQ-2026-00001"])
    at: datetime
    digest: str
    content: dict[str, Any]


class ToldShape(Schema):
    """One thing that happened."""

    at: datetime
    actor: str
    action: str = Field(examples=["demand.submit"])
    text: str
    changed: list[str]
    reason: str


class StartGiven(Given):
    organisation: Id
    kind: str = Field(description=_("need or technology."), examples=["need"])
    answers: Answers = Field(default={}, examples=[ANSWERS])
    facility_hint: str = Field(default="", description=_("Code of the facility it is meant for."))


class SaveGiven(Given):
    version: int = Field(description=_("Of the case as you read it."), ge=0, le=2**31, examples=[1])
    answers: Answers = Field(default={}, examples=[ANSWERS])
    confidential: list[str] | None = Field(
        default=None, max_length=300, description=_("More questions to keep confidential.")
    )
    title_en: str | None = None


class AmendGiven(SaveGiven):
    reason: str = Field(default="", examples=["放大规模调整"])


ROW = (
    "id", "number", "kind", "status", "region", "fields", "verifications", "services", "scale",
    "deadline", "changed_at", "accepted_at", "is_demo",
)  # fmt: skip
FILE = ("id", "name", "size", "media_type", "sha256", "confidential", "at")
MOVES = ("save", "submit", "amend", "require", "attach", "withdraw")


def row_of(case: Any) -> dict[str, Any]:
    """A case that came with its organisation."""
    return {name: getattr(case, name) for name in ROW} | {
        "title": queries.case_title(case, language()),
        "organisation": case.organisation_id,
        "organisation_name": case.organisation.name,
    }


def whole_of(who: Actor, case: Any) -> dict[str, Any]:
    """A case of the desk's `case` or `own_case`, as far as this actor may see it."""
    mine = is_owner(who, case)
    required = queries.shown_requirements(who=who, case=case, language=language())
    offered = sum(1 for row in required if row.state == "offered")
    draft = mine and may("save", case)
    return {
        **row_of(case),
        "title_en": case.title_en,
        "version": case.version,
        "answers": queries.visible_answers(who=who, case=case),
        "confidential": case.confidential,
        "released": case.released,
        "requirements": required,
        "attachments": [attachment_of(f) for f in queries.attachments(who=who, case=case)],
        "next": _next(case, offered),
        "release": case.release,
        "end_reason": case.end_reason if mine else "",
        "missing": [problem_of(p) for p in queries.missing(case, timezone.localdate())]
        if draft
        else [],
        "offered": case.offered if draft else [],
        "may": [move for move in MOVES if may(move, case)] if mine else [],
    }


def attachment_of(file: Any) -> dict[str, Any]:
    return {name: getattr(file, name) for name in FILE}


def receipt_of(paper: Any) -> dict[str, Any]:
    return {name: getattr(paper, name) for name in ("number", "at", "digest", "content")}


def problem_of(problem: Any) -> dict[str, Any]:
    """A problem in the reader's language."""
    return {
        "code": problem.code,
        "text": str(problem.text),
        "field": problem.field,
        "data": dict(problem.data),
    }


def told_of(told: Any) -> dict[str, Any]:
    names = ("at", "actor", "action", "changed", "reason")
    return {name: getattr(told, name) for name in names} | {"text": str(told.text)}


def _next(case: Any, offered: int) -> dict[str, str]:
    step = queries.next_step(case, offered=offered)
    return {"code": step.code, "text": str(step.text), "by": step.by}
