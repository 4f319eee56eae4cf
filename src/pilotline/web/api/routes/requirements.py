"""What a case requires of a facility: offered from its text, confirmed, corrected, added."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from ninja import Field, Router, Schema

from pilotline.desks.demand import queries, services
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import NotFound
from pilotline.web.api.case_shapes import RequirementShape
from pilotline.web.api.doors import Bearer
from pilotline.web.api.route import Done, Given, Id, delete, get, language, made, post, put

router = Router(tags=[_("Requirements")], auth=Bearer("applicant"))


class AddGiven(Given):
    attribute: str = Field(description=_("Of /rulebook/attributes."), examples=["volume"])
    written: str = Field(description=_("As people write it."), examples=["≥500L"])
    must: bool = Field(default=True, description=_("False: a wish, no limit."))


class CorrectGiven(Given):
    written: str = Field(examples=["500~1000升"])
    must: bool = True


class ConfirmGiven(Given):
    ids: list[Id] | None = Field(default=None, max_length=1000, description=_("Which; none: all."))


class ConfirmShape(Schema):
    confirmed: int = Field(description=_("How many were confirmed by this request."))


@get(
    router, "/my/cases/{id}/requirements", "my-requirements",
    _("What was offered and what is confirmed"), list[RequirementShape],
)  # fmt: skip
def requirements(request: HttpRequest, id: Id) -> Any:
    found = queries.own_case(who=request.who, id=id)
    return queries.shown_requirements(who=request.who, case=found, language=language())


@post(
    router, "/my/cases/{id}/requirements", "my-requirements", _("Add a requirement"),
    RequirementShape, status=201, creates=True,
)  # fmt: skip
def add(request: HttpRequest, id: Id, given: AddGiven) -> Any:
    row = services.add_requirement(
        who=request.who, case=id, now=timezone.now(), **given.model_dump()
    )
    return made(_shown(request.who, id, row.pk))


@post(
    router, "/my/cases/{id}/requirements/confirm", "my-requirements-confirm",
    _("Confirm what was offered"), ConfirmShape,
)  # fmt: skip
def confirm(request: HttpRequest, id: Id, given: ConfirmGiven) -> dict[str, int]:
    number = services.confirm_requirements(
        who=request.who, case=id, ids=given.ids, now=timezone.now()
    )
    return {"confirmed": number}


@put(
    router, "/my/cases/{id}/requirements/{requirement}", "my-requirement",
    _("Correct a requirement, which confirms it"), RequirementShape,
)  # fmt: skip
def correct(request: HttpRequest, id: Id, requirement: Id, given: CorrectGiven) -> Any:
    _check(request.who, id, requirement)
    services.correct_requirement(
        who=request.who, requirement=requirement, now=timezone.now(), **given.model_dump()
    )
    return _shown(request.who, id, requirement)


@delete(
    router, "/my/cases/{id}/requirements/{requirement}", "my-requirement",
    _("Dismiss a requirement"), Done,
    about=_("It is not offered again; what was typed in is removed."),
)  # fmt: skip
def dismiss(request: HttpRequest, id: Id, requirement: Id) -> Any:
    _check(request.who, id, requirement)
    services.dismiss_requirement(who=request.who, requirement=requirement, now=timezone.now())
    return {"done": True}


def _check(who: Actor, case: int, requirement: int) -> None:
    """The requirement is one of this case, or there is none."""
    if queries.requirement(who=who, id=requirement).case_id != case:
        raise NotFound


def _shown(who: Actor, case: int, requirement: int) -> Any:
    found = queries.own_case(who=who, id=case)
    rows = queries.shown_requirements(who=who, case=found, language=language())
    return next(row for row in rows if row.id == requirement)
