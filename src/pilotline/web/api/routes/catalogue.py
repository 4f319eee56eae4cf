"""An operator's facilities: made, described, published, archived, claimed."""

from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from ninja import Field, Router, Schema

from pilotline.desks.registry import queries, services
from pilotline.web.api.doors import Bearer
from pilotline.web.api.facility_shapes import FacilityRow, FacilityShape, row_of, whole_of
from pilotline.web.api.route import (
    Given,
    Id,
    Limit,
    Listed,
    Offset,
    Words,
    download,
    get,
    language,
    made,
    part_of,
    patch,
    post,
)
from pilotline.web.shared import sheets

router = Router(tags=[_("My facilities")], auth=Bearer("operator"))
Status = Literal["", "draft", "published", "archived"]
Latitude = Annotated[Decimal, Field(ge=-90, le=90, max_digits=8, decimal_places=5)]
Longitude = Annotated[Decimal, Field(ge=-180, le=180, max_digits=8, decimal_places=5)]
Choices = Annotated[list[str], Field(max_length=100)]


class FacilityGiven(Given):
    """What describes a facility. What is not sent stays as it is."""

    name: str = Field(default="", examples=["海岱精细化工中试平台"])
    name_en: str = ""
    region: str = Field(default="", examples=["110108"])
    address: str = ""
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    fields: Choices = Field(default=[], examples=[["field-id"]])
    chain: str = ""
    construction_model: str = ""
    summary: str = Field(default="", examples=["精细化工反应与分离中试，可做加氢。"])
    summary_en: str = ""
    website: str = ""
    contact: str = ""
    phone: str = ""
    opened_year: int | None = None


class CreateGiven(FacilityGiven):
    organisation: Id


class UpdateGiven(FacilityGiven):
    version: int | None = Field(
        default=None, ge=0, le=2**62, description=_("Of the facility as you read it: 409 if later.")
    )


class ClaimGiven(Given):
    facility: str = Field(max_length=24, examples=["ZS-2026-0007"])
    organisation: Id
    reason: str = Field(examples=["本单位自2021年起运营该平台。"])


class ClaimShape(Schema):
    id: Id
    facility: str
    organisation: Id
    reason: str
    status: str = Field(description=_("asked, confirmed or refused."), examples=["asked"])
    answer: str


@get(
    router, "/operator/facilities", "operator-facilities",
    _("Facilities of my organisations, drafts too"), Listed[FacilityRow],
)  # fmt: skip
def facilities(
    request: HttpRequest,
    text: Words = "",
    status: Status = "",
    limit: Limit = 50,
    offset: Offset = 0,
) -> dict[str, Any]:
    rows = queries.own_facilities(request.who).select_related("operator")
    if status:
        rows = rows.filter(status=status)
    if text.strip():
        rows = queries.answering(rows, text)
    return part_of(rows, limit, offset, row_of)


@post(
    router, "/operator/facilities", "operator-facilities", _("Enter a facility as a draft"),
    FacilityShape, status=201, creates=True,
)  # fmt: skip
def create(request: HttpRequest, given: CreateGiven) -> Any:
    values = given.model_dump(exclude_unset=True)
    organisation = values.pop("organisation")
    made_now = services.create_facility(
        who=request.who, organisation=organisation, values=values, now=timezone.now()
    )
    return made(_whole(request, made_now.code))


@get(
    router, "/operator/facilities.xlsx", "operator-facilities-xlsx",
    _("My facilities as a workbook that import takes back"), None,
    extra=download(sheets.MEDIA_TYPE),
)  # fmt: skip
def export(request: HttpRequest) -> Any:
    mine = queries.own_facilities(request.who)
    return sheets.answer("facilities", queries.export_xlsx(mine, language()))


@get(
    router, "/operator/facilities/{code}", "operator-facility", _("One of my facilities"),
    FacilityShape,
)  # fmt: skip
def one(request: HttpRequest, code: str) -> Any:
    return whole_of(queries.editable_facility(request.who, code))


@patch(
    router, "/operator/facilities/{code}", "operator-facility", _("Change a facility"),
    FacilityShape,
)  # fmt: skip
def update(request: HttpRequest, code: str, given: UpdateGiven) -> Any:
    values = given.model_dump(exclude_unset=True)
    seen = values.pop("version", None)
    services.update_facility(
        who=request.who, code=code, values=values, seen_version=seen, now=timezone.now()
    )
    return _whole(request, code)


@post(
    router, "/operator/facilities/{code}/publish", "operator-facility-publish",
    _("Show a facility to everybody"), FacilityShape,
)  # fmt: skip
def publish(request: HttpRequest, code: str) -> Any:
    services.publish_facility(who=request.who, code=code, now=timezone.now())
    return _whole(request, code)


@post(
    router, "/operator/facilities/{code}/archive", "operator-facility-archive",
    _("Take a facility out of the catalogue; nothing is lost"), FacilityShape,
)  # fmt: skip
def archive(request: HttpRequest, code: str) -> Any:
    services.archive_facility(who=request.who, code=code, now=timezone.now())
    return _whole(request, code)


@get(
    router, "/operator/claims", "operator-claims", _("Facilities my organisations claimed"),
    Listed[ClaimShape],
)  # fmt: skip
def claims(request: HttpRequest, limit: Limit = 50, offset: Offset = 0) -> dict[str, Any]:
    rows = queries.claims(request.who).filter(organisation__in=request.who.organisations)
    return part_of(rows, limit, offset, claim_of)


@post(
    router, "/operator/claims", "operator-claims",
    _("Say that a facility of an official list is ours"), ClaimShape, status=201, creates=True,
)  # fmt: skip
def claim(request: HttpRequest, given: ClaimGiven) -> Any:
    found = services.claim_facility(
        who=request.who,
        code=given.facility,
        organisation=given.organisation,
        reason=given.reason,
        now=timezone.now(),
    )
    return made(claim_of(found))


def claim_of(claim: Any) -> dict[str, Any]:
    """A claim that came with its facility."""
    names = ("id", "reason", "status", "answer")
    return {name: getattr(claim, name) for name in names} | {
        "facility": claim.facility.code,
        "organisation": claim.organisation_id,
    }


def _whole(request: HttpRequest, code: str) -> dict[str, Any]:
    return whole_of(queries.facility(request.who, code))
