"""Cases for everybody who sees more of them than the public: each as far as they may."""

from typing import Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Router

from pilotline.desks.demand import queries
from pilotline.web.api.case_shapes import CaseRow, CaseShape, ToldShape, row_of, told_of, whole_of
from pilotline.web.api.doors import Bearer
from pilotline.web.api.route import (
    Choice,
    Id,
    Limit,
    Listed,
    Offset,
    Words,
    get,
    language,
    part_of,
)
from pilotline.web.shared.casefile import STORY

router = Router(tags=[_("Cases")])
Kind = Literal["", "need", "technology"]
Status = Literal["", "accepted", "matched", "closed", "withdrawn"]
Sort = Literal["-accepted", "accepted", "number", "-number", "status", "-status"]


@get(
    router, "/operator/cases", "operator-cases", _("Cases that asked for my facilities"),
    Listed[CaseRow], auth=Bearer("operator"),
)  # fmt: skip
def asked(
    request: HttpRequest,
    text: Words = "",
    kind: Kind = "",
    status: Status = "",
    sort: Sort = "-accepted",
    limit: Limit = 50,
    offset: Offset = 0,
) -> dict[str, Any]:
    rows = queries.cases(
        who=request.who, door="operator", text=text, kind=kind, status=status, sort=sort
    )
    return part_of(rows, limit, offset, row_of)


@get(
    router, "/authority/cases", "authority-cases", _("Cases of my region"), Listed[CaseRow],
    auth=Bearer("authority"),
)  # fmt: skip
def in_region(
    request: HttpRequest,
    text: Words = "",
    kind: Kind = "",
    status: Status = "",
    region: Choice = "",
    field: Choice = "",
    verification: Choice = "",
    scale: Choice = "",
    sort: Sort = "-accepted",
    limit: Limit = 50,
    offset: Offset = 0,
) -> dict[str, Any]:
    wanted = {"text": text, "kind": kind, "status": status, "region": region, "field": field}
    rows = queries.cases(
        who=request.who,
        door="authority",
        verification=verification,
        scale=scale,
        sort=sort,
        **wanted,
    )
    return part_of(rows, limit, offset, row_of)


@get(
    router, "/cases/{id}", "case", _("One case, as far as I may see it"), CaseShape,
    auth=Bearer(),
    about=_(
        "All of it for the applicant and the authority of its region; without what is "
        "confidential for an operator that was asked. For all others 404."
    ),
)  # fmt: skip
def case(request: HttpRequest, id: Id) -> Any:
    return whole_of(request.who, queries.case(who=request.who, id=id))


@get(
    router, "/cases/{id}/history", "case-history",
    _("What happened to a case, oldest first"), list[ToldShape], auth=Bearer(),
)  # fmt: skip
def history(request: HttpRequest, id: Id) -> Any:
    found = queries.case(who=request.who, id=id)
    told = queries.timeline(who=request.who, case=found, language=language(), words=STORY)
    return [told_of(one) for one in told]
