"""Organisations: registered by their people, confirmed by the authority of their city."""

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from ninja import Field, Router, Schema

from pilotline.desks.people import queries, services
from pilotline.kernel.errors import NotFound
from pilotline.web.api.doors import Bearer
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
    patch,
    post,
)

router = Router(tags=[_("Organisations")])
MINE = Bearer("applicant")
REGION = Bearer("authority")
Status = Literal["", "pending", "confirmed", "refused", "revoked"]


class OrganisationShape(Schema):
    id: Id
    name: str = Field(examples=["泉城新材料有限公司"])
    credit_code: str = Field(examples=["91110108MA3C00001Y"])
    kind: str = Field(examples=["sme"])
    operates: bool = Field(description=_("It runs pilot facilities."))
    region: str = Field(examples=["110108"])
    address: str
    contact: str
    phone: str
    status: str = Field(
        description=_("pending, confirmed, refused or revoked."), examples=["pending"]
    )
    status_reason: str
    decided_at: datetime | None
    created_at: datetime
    is_demo: bool


class OwnShape(OrganisationShape):
    is_owner: bool
    members: int


class RegisterGiven(Given):
    name: str = Field(examples=["泉城新材料有限公司"])
    credit_code: str = Field(
        description=_("18 characters, GB 32100."), examples=["91110108MA3C00001Y"]
    )
    kind: str = Field(description=_("Of /rulebook/lists/organisation_kinds."), examples=["sme"])
    region: str = Field(
        description=_("Of /rulebook/lists/cities, or of /rulebook/lists/elsewhere."),
        examples=["110108"],
    )
    operates: bool = False
    address: str = ""
    contact: str = Field(default="", examples=["王工"])
    phone: str = Field(default="", examples=["0531-86000000"])


class RecordGiven(Given):
    name: str | None = None
    kind: str | None = None
    region: str | None = None
    operates: bool | None = None
    address: str | None = Field(default=None, examples=["示范路1号"])
    contact: str | None = None
    phone: str | None = None


class RefuseGiven(Given):
    reason: str = Field(examples=["统一社会信用代码与名称不符。"])


@get(
    router, "/my/organisations", "my-organisations", _("My organisations"), Listed[OwnShape],
    auth=MINE,
)  # fmt: skip
def mine(request: HttpRequest, limit: Limit = 50, offset: Offset = 0) -> dict[str, Any]:
    rows = queries.own_organisations(request.who)
    return part_of(rows, limit, offset, _own)


@post(
    router, "/my/organisations", "my-organisations", _("Register an organisation"),
    OrganisationShape, status=201, creates=True, auth=MINE,
    about=_("You become its owner; the authority of its city confirms it."),
)  # fmt: skip
def register(request: HttpRequest, given: RegisterGiven) -> Any:
    return made(
        services.register_organisation(who=request.who, now=timezone.now(), **given.model_dump())
    )


@get(
    router, "/my/organisations/{id}", "my-organisation", _("One of my organisations"),
    OrganisationShape, auth=MINE,
)  # fmt: skip
def one(request: HttpRequest, id: Id) -> Any:
    if queries.membership(request.who, id) is None:
        raise NotFound
    return queries.organisation(who=request.who, id=id)


@patch(
    router, "/my/organisations/{id}", "my-organisation", _("Amend an organisation’s record"),
    OrganisationShape, auth=MINE,
    about=_("By an owner. What the authority confirmed stays; what is not sent stays as it is."),
)  # fmt: skip
def amend(request: HttpRequest, id: Id, given: RecordGiven) -> Any:
    changes = given.model_dump(exclude_none=True)
    services.amend_organisation(who=request.who, organisation=id, now=timezone.now(), **changes)
    return queries.organisation(who=request.who, id=id)


@get(
    router, "/authority/organisations", "authority-organisations",
    _("Organisations of my region"), Listed[OrganisationShape], auth=REGION,
)  # fmt: skip
def in_region(
    request: HttpRequest,
    text: Words = "",
    status: Status = "",
    region: Choice = "",
    limit: Limit = 50,
    offset: Offset = 0,
) -> dict[str, Any]:
    rows = queries.organisations(who=request.who, text=text, status=status, region=region)
    return part_of(rows, limit, offset, lambda row: row)


@get(
    router, "/authority/organisations/{id}", "authority-organisation",
    _("One organisation of my region"), OrganisationShape, auth=REGION,
)  # fmt: skip
def one_in_region(request: HttpRequest, id: Id) -> Any:
    return queries.organisation(who=request.who, id=id)


@post(
    router, "/authority/organisations/{id}/confirm", "authority-organisation-confirm",
    _("Confirm an organisation"), OrganisationShape, auth=REGION,
)  # fmt: skip
def confirm(request: HttpRequest, id: Id) -> Any:
    return services.confirm_organisation(who=request.who, organisation=id, now=timezone.now())


@post(
    router, "/authority/organisations/{id}/refuse", "authority-organisation-refuse",
    _("Refuse an organisation"), OrganisationShape, auth=REGION,
)  # fmt: skip
def refuse(request: HttpRequest, id: Id, given: RefuseGiven) -> Any:
    return services.refuse_organisation(
        who=request.who, organisation=id, reason=given.reason, now=timezone.now()
    )


@post(
    router, "/authority/organisations/{id}/revoke", "authority-organisation-revoke",
    _("Take back the confirmation of an organisation"), OrganisationShape, auth=REGION,
    about=_(
        "Its open cases are withdrawn, its facilities leave the catalogue and its talks end. "
        "Everybody of the organisation is told the reason."
    ),
)  # fmt: skip
def revoke(request: HttpRequest, id: Id, given: RefuseGiven) -> Any:
    return services.revoke_organisation(
        who=request.who, organisation=id, reason=given.reason, now=timezone.now()
    )


def _own(membership: Any) -> dict[str, Any]:
    found = membership.organisation
    columns = {name: getattr(found, name) for name in OrganisationShape.model_fields}
    return columns | {"is_owner": membership.is_owner, "members": membership.members}
