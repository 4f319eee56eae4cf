"""What a facility consists of, can do and is certified for."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from ninja import Field, File, Form, Router, UploadedFile

from pilotline.desks.registry import queries, services
from pilotline.web.api.doors import Bearer
from pilotline.web.api.facility_shapes import (
    CapabilityShape,
    CertificateShape,
    PaperShape,
    ResourceShape,
    capability_of,
    certificate_of,
    paper_of,
    resource_of,
)
from pilotline.web.api.route import Done, Given, Id, delete, get, made, patch, post

router = Router(tags=[_("Lines, equipment, capabilities")], auth=Bearer("operator"))
PLACE = "/operator/facilities/{code}"
Kind = Literal["line", "equipment", "site", "process", "service", "skill"]
Choices = Annotated[list[str], Field(max_length=300)]
Price = Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=2)]


class ResourceGiven(Given):
    """What describes a resource. What is not sent stays as it is."""

    line: Id | None = Field(default=None, description=_("The line it belongs to; none: all lines."))
    name: str = Field(default="", examples=["500L搪玻璃反应釜"])
    name_en: str = ""
    description: str = ""
    processes: Choices = []
    service_kind: str = ""
    verifications: Choices = []
    fields: Choices = []
    price: Price | None = Field(default=None, examples=["12000.00"])
    price_unit: str = Field(default="", examples=["批"])
    price_note: str = ""
    load: int | None = Field(default=None, ge=0, le=100)
    load_stated_on: date | None = None
    available_from: date | None = None
    quantity: int = Field(default=1, ge=1, le=1_000_000)
    facts: dict[str, str | int] = Field(default={}, examples=[{"model": "K-500", "year": 2021}])
    source_url: str = ""
    position: int = Field(default=0, ge=0, le=1_000_000)


class ResourceAddGiven(ResourceGiven):
    kind: Kind = Field(examples=["equipment"])


class StateGiven(Given):
    attribute: str = Field(description=_("Of /rulebook/attributes."), examples=["volume"])
    written: str = Field(description=_("As people write it."), examples=["500~1000升"])
    unit: str = Field(default="", description=_("Meant where the text has none."))
    resource: Id | None = Field(default=None, description=_("None: the whole facility."))
    measured_on: date | None = None
    evidence: str = ""
    replaces: Id | None = Field(default=None, description=_("The capability that this corrects."))


class CertificateGiven(Given):
    kind: str = Field(description=_("Of /rulebook/lists/certificate_kinds."), examples=["iso9001"])
    resource: Id | None = None
    number: str = ""
    issuer: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


class PaperGiven(Given):
    is_public: bool = Field(description=_("Everybody may open it."))


@post(
    router, PLACE + "/resources", "operator-resources",
    _("Add a line, a piece of equipment, a site, a process, a service or a skill"),
    ResourceShape, status=201, creates=True,
)  # fmt: skip
def add(request: HttpRequest, code: str, given: ResourceAddGiven) -> Any:
    found = services.add_resource(
        who=request.who,
        facility=code,
        values=given.model_dump(exclude_unset=True),
        now=timezone.now(),
    )
    return made(resource_of(found))


@patch(
    router, PLACE + "/resources/{id}", "operator-resource", _("Change a resource"), ResourceShape,
)  # fmt: skip
def update(request: HttpRequest, code: str, id: Id, given: ResourceGiven) -> Any:
    found = services.update_resource(
        who=request.who,
        facility=code,
        resource=id,
        values=given.model_dump(exclude_unset=True),
        now=timezone.now(),
    )
    return resource_of(found)


@delete(
    router, PLACE + "/resources/{id}", "operator-resource",
    _("Take a resource out of use, with a line all that belongs to it"), Done,
)  # fmt: skip
def retire(request: HttpRequest, code: str, id: Id) -> Any:
    services.retire_resource(who=request.who, facility=code, resource=id, now=timezone.now())
    return {"done": True}


@post(
    router, PLACE + "/capabilities", "operator-capabilities", _("State what can be done"),
    CapabilityShape, status=201, creates=True,
)  # fmt: skip
def state(request: HttpRequest, code: str, given: StateGiven) -> Any:
    found = services.set_capability(
        who=request.who, facility=code, now=timezone.now(), **given.model_dump()
    )
    return made(capability_of(found))


@delete(
    router, PLACE + "/capabilities/{id}", "operator-capability", _("Remove a statement"), Done,
)  # fmt: skip
def remove(request: HttpRequest, code: str, id: Id) -> Any:
    services.remove_capability(who=request.who, facility=code, capability=id, now=timezone.now())
    return {"done": True}


@get(
    router, PLACE + "/certificates", "operator-certificates",
    _("All certificates of a facility, ended ones too"), list[CertificateShape],
)  # fmt: skip
def certificates(request: HttpRequest, code: str) -> Any:
    return [certificate_of(c) for c in queries.certificates(request.who, code)]


@post(
    router, PLACE + "/certificates", "operator-certificates", _("Add a certificate"),
    CertificateShape, status=201, creates=True,
)  # fmt: skip
def certify(request: HttpRequest, code: str, given: CertificateGiven) -> Any:
    found = services.add_certificate(
        who=request.who, facility=code, values=given.model_dump(), now=timezone.now()
    )
    return made(certificate_of(found))


@delete(
    router, PLACE + "/certificates/{id}", "operator-certificate", _("Remove a certificate"), Done,
)  # fmt: skip
def uncertify(request: HttpRequest, code: str, id: Id) -> Any:
    services.remove_certificate(who=request.who, facility=code, certificate=id, now=timezone.now())
    return {"done": True}


@post(
    router, PLACE + "/certificates/{id}/files", "operator-papers",
    _("Attach a file to a certificate"), PaperShape, status=201, creates=True,
    about=_("As multipart/form-data. What is taken: /rulebook/lists/uploads; content is checked."),
)  # fmt: skip
def attach_paper(
    request: HttpRequest, code: str, id: Id, file: File[UploadedFile], is_public: Form[bool] = False
) -> Any:
    row = services.attach_paper(
        who=request.who,
        facility=code,
        certificate=id,
        name=file.name or "",
        size=file.size or 0,
        content=file,
        is_public=is_public,
        now=timezone.now(),
    )
    return made(paper_of(row))


@patch(
    router, PLACE + "/papers/{id}", "operator-paper", _("Show a file to everybody, or hide it"),
    PaperShape,
)  # fmt: skip
def show_paper(request: HttpRequest, code: str, id: Id, given: PaperGiven) -> Any:
    row = services.show_paper(
        who=request.who, facility=code, paper=id, is_public=given.is_public, now=timezone.now()
    )
    return paper_of(row)


@delete(
    router, PLACE + "/papers/{id}", "operator-paper", _("Take a certificate’s file out"), Done,
)  # fmt: skip
def remove_paper(request: HttpRequest, code: str, id: Id) -> Any:
    services.remove_paper(who=request.who, facility=code, paper=id, now=timezone.now())
    return {"done": True}
