"""What an authority sees of its region, and what it decides on facilities."""

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from ninja import Field, Router, Schema

from pilotline.desks.demand import queries as demand
from pilotline.desks.journal import queries as journal
from pilotline.desks.journal.forms import title
from pilotline.desks.matching import queries as matching
from pilotline.desks.people import queries as people
from pilotline.desks.registry import queries as registry
from pilotline.desks.registry import services
from pilotline.web.api.doors import Bearer
from pilotline.web.api.facility_shapes import FacilityRow, TierStepShape, row_of
from pilotline.web.api.matching_shapes import GapShape, gap_of
from pilotline.web.api.route import (
    Choice,
    Given,
    Id,
    Limit,
    Listed,
    Offset,
    Words,
    get,
    made,
    part_of,
    post,
)
from pilotline.web.api.routes.catalogue import ClaimShape, claim_of

router = Router(tags=[_("Supervision")], auth=Bearer("authority"))
Status = Literal["", "draft", "published", "archived"]
Answered = Literal["", "asked", "confirmed", "refused"]
Dimension = Literal["attributes", "fields", "verifications", "scale", "region"]


class Figures(Schema):
    """Figures of my region, each counted from records."""

    cases: dict[str, dict[str, int]] = Field(description=_("By kind and status."))
    talks: int
    open: int
    agreed: int
    declined: int
    gaps: int
    organisations: dict[str, int] = Field(description=_("By status."))


class ChangeShape(Schema):
    """One entry of the book of changes."""

    id: Id
    at: datetime
    actor: int | None
    actor_name: str
    action: str = Field(examples=["demand.submit"])
    text: str
    subject_kind: str
    subject_id: str
    release: int | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None


class TierGiven(Given):
    tier: str = Field(description=_("Of /rulebook/lists/tiers."), max_length=40)
    step: str = Field(default="", max_length=40)
    since: date
    decided_by: str = Field(examples=["工业和信息化主管部门"])
    note: str = ""


class AnswerGiven(Given):
    confirmed: bool
    answer: str = Field(default="", description=_("Needed when it is refused."))


@get(router, "/authority/figures", "authority-figures", _("Figures of my region"), Figures)
def figures(request: HttpRequest) -> dict[str, Any]:
    who = request.who
    return matching.figures(who=who) | {
        "cases": demand.case_counts(who=who, door="authority"),
        "organisations": people.organisation_counts(who),
    }


@get(
    router, "/authority/gaps", "authority-gaps", _("Cases nobody can serve today, and why"),
    Listed[GapShape],
)  # fmt: skip
def gaps(
    request: HttpRequest,
    field: Choice = "",
    verification: Choice = "",
    scale: Choice = "",
    region: Choice = "",
    limit: Limit = 50,
    offset: Offset = 0,
) -> dict[str, Any]:
    wanted: dict[str, Any] = {"fields__contains": [field]} if field else {}
    wanted |= {"verifications__contains": [verification]} if verification else {}
    wanted |= {name: value for name, value in (("scale", scale), ("region", region)) if value}
    rows = matching.gaps(who=request.who).filter(**wanted).order_by("since", "id")
    return part_of(rows, limit, offset, gap_of)


@get(
    router, "/authority/gaps/table", "authority-gap-table",
    _("Gaps counted by two dimensions"), dict[str, dict[str, int]],
    about=_("An empty key stands for “not said”."),
)  # fmt: skip
def gap_table(
    request: HttpRequest, rows: Dimension = "attributes", columns: Dimension = "fields"
) -> Any:
    return matching.gap_table(who=request.who, rows=rows, columns=columns)


@get(
    router, "/authority/facilities", "authority-facilities",
    _("Facilities of my region, drafts too"), Listed[FacilityRow],
)  # fmt: skip
def facilities(
    request: HttpRequest,
    text: Words = "",
    status: Status = "",
    tier: Choice = "",
    limit: Limit = 50,
    offset: Offset = 0,
) -> dict[str, Any]:
    wanted = {name: value for name, value in (("status", status), ("tier", tier)) if value}
    rows = registry.governed_facilities(request.who).filter(**wanted)
    if text.strip():
        rows = registry.answering(rows, text)
    return part_of(rows, limit, offset, row_of)


@post(
    router, "/authority/facilities/{code}/tier", "authority-tier", _("Decide a tier"),
    TierStepShape, status=201, creates=True,
    about=_("A dated step is added; earlier ones are never rewritten."),
)  # fmt: skip
def decide_tier(request: HttpRequest, code: str, given: TierGiven) -> Any:
    return made(
        services.decide_tier(who=request.who, code=code, now=timezone.now(), **given.model_dump())
    )


@get(
    router, "/authority/claims", "authority-claims", _("Who says that a facility is theirs"),
    Listed[ClaimShape],
)  # fmt: skip
def claims(
    request: HttpRequest, status: Answered = "", limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    return part_of(registry.claims(request.who, status), limit, offset, claim_of)


@post(
    router, "/authority/claims/{id}/answer", "authority-claim-answer", _("Answer a claim"),
    ClaimShape,
)  # fmt: skip
def answer_claim(request: HttpRequest, id: Id, given: AnswerGiven) -> Any:
    found = services.answer_claim(
        who=request.who, claim=id, now=timezone.now(), **given.model_dump()
    )
    return claim_of(found)


@get(
    router, "/authority/journal", "authority-journal", _("The book of changes, newest first"),
    Listed[ChangeShape], about=_("For the authority of the whole region."),
)  # fmt: skip
def entries(
    request: HttpRequest,
    text: Words = "",
    action: Choice = "",
    limit: Limit = 50,
    offset: Offset = 0,
) -> dict[str, Any]:
    rows = journal.entries(who=request.who, text=text)
    if action:
        rows = rows.filter(action=action)
    return part_of(rows, limit, offset, _entry)


def _entry(entry: Any) -> dict[str, Any]:
    names = [name for name in ChangeShape.model_fields if name != "text"]
    return {name: getattr(entry, name) for name in names} | {"text": str(title(entry.action))}
