"""Who could serve a case and why; what fits an operator's lines; what nobody can serve."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from ninja import Field, Router

from pilotline.desks.demand import queries as demand
from pilotline.desks.matching import queries, services
from pilotline.desks.registry import queries as registry
from pilotline.web.api.doors import Bearer
from pilotline.web.api.matching_shapes import (
    FittingShape,
    ShortlistShape,
    TalkShape,
    fitting_of,
    shortlist_of,
    talk_of,
)
from pilotline.web.api.route import Given, Id, get, made, post

router = Router(tags=[_("Shortlists")])


class AskGiven(Given):
    facility: str = Field(description=_("Its code."), max_length=24, examples=["ZS-2026-0001"])
    line: Id | None = Field(default=None, description=_("None: the facility as a whole."))
    text: str = Field(default="", examples=["请问11月能否安排两周共沉淀试验？"])


class OfferGiven(AskGiven):
    number: str = Field(description=_("Of the case."), max_length=24, examples=["XQ-2026-00001"])


@get(
    router, "/cases/{id}/shortlist", "case-shortlist", _("Who could serve this case, and why"),
    ShortlistShape, auth=Bearer("applicant", "authority"),
    about=_("As of this moment. When the kept one is out of date it is worked out, not stored."),
)  # fmt: skip
def shortlist(request: HttpRequest, id: Id) -> dict[str, Any]:
    return shortlist_of(*services.current_shortlist(who=request.who, case=id))


@post(
    router, "/my/cases/{id}/shortlist", "my-shortlist", _("Search again and keep the answer"),
    ShortlistShape, status=201, creates=True, auth=Bearer("applicant"),
)  # fmt: skip
def refresh(request: HttpRequest, id: Id) -> Any:
    found = demand.own_case(who=request.who, id=id)
    kept = services.propose(case=found.pk, who=request.who, now=timezone.now())
    return made(shortlist_of(kept.answer, kept))


@post(
    router, "/my/cases/{id}/ask", "my-case-ask", _("Ask a facility to take the case"), TalkShape,
    status=201, creates=True, auth=Bearer("applicant"),
    about=_("Its operator is let in to see what is not confidential. Asking twice is one talk."),
)  # fmt: skip
def ask(request: HttpRequest, id: Id, given: AskGiven) -> Any:
    place = registry.public_facility(given.facility)
    match = services.ask_facility(
        who=request.who,
        case=demand.own_case(who=request.who, id=id).pk,
        facility=place.pk,
        line=given.line,
        text=given.text,
        now=timezone.now(),
    )
    return made(talk_of(request.who, queries.match(who=request.who, id=match.pk)))


@get(
    router, "/operator/fitting", "operator-fitting", _("Released cases that fit my lines"),
    list[FittingShape], auth=Bearer("operator"),
)  # fmt: skip
def fitting(request: HttpRequest) -> Any:
    return [fitting_of(found) for found in queries.fitting_cases(who=request.who)]


@post(
    router, "/operator/offers", "operator-offers", _("Offer one of my lines to a case"),
    TalkShape, status=201, creates=True, auth=Bearer("operator"),
)  # fmt: skip
def offer(request: HttpRequest, given: OfferGiven) -> Any:
    place = registry.public_facility(given.facility)
    match = services.offer_line(
        who=request.who,
        case=demand.released_case(given.number).pk,
        facility=place.pk,
        line=given.line,
        text=given.text,
        now=timezone.now(),
    )
    return made(talk_of(request.who, queries.match(who=request.who, id=match.pk)))
