"""Expert review: an expert's assignments and marks, a panel's table, a draw to be checked."""

from typing import Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from ninja import Field, Router

from pilotline.desks.review import queries, services
from pilotline.web.api.doors import Bearer
from pilotline.web.api.review_shapes import (
    AssignmentRow,
    AssignmentShape,
    DrawShape,
    PanelShape,
)
from pilotline.web.api.route import Given, Id, Limit, Listed, Offset, get, part_of, post, put

router = Router(tags=[_("Expert review")])
EXPERT, REGION = Bearer("expert"), Bearer("authority")


class ExpertAnswerGiven(Given):
    answer: Literal["accepted", "declined", "conflict"]
    declares: bool = Field(
        default=False, description=_("You declare that you have no conflict of interest.")
    )
    reason: str = Field(default="", max_length=500, description=_("For declined and conflict."))


class SheetGiven(Given):
    marks: dict[str, float] = Field(examples=[{"need": 8}])
    comments: dict[str, str] = Field(default_factory=dict)
    overall: str = Field(default="", max_length=4000)
    submit: bool = Field(default=False, description=_("Hand in; it cannot be changed any more."))


@get(
    router, "/expert/assignments", "expert-assignments", _("What I am asked to mark"),
    Listed[AssignmentRow], auth=EXPERT,
)  # fmt: skip
def mine(request: HttpRequest, limit: Limit = 50, offset: Offset = 0) -> dict[str, Any]:
    rows = queries.my_assignments(who=request.who).order_by("-id")
    return part_of(rows, limit, offset, _row)


@get(
    router, "/expert/assignments/{id}", "expert-assignment", _("One assignment"),
    AssignmentShape, auth=EXPERT,
)  # fmt: skip
def one(request: HttpRequest, id: Id) -> Any:
    return _shape(request, id)


@post(
    router, "/expert/assignments/{id}/answer", "expert-answer", _("Accept or decline"),
    AssignmentRow, auth=EXPERT,
    about=_("Accepting needs the declaration; whoever declines is replaced at once."),
)  # fmt: skip
def answer(request: HttpRequest, id: Id, given: ExpertAnswerGiven) -> Any:
    found = services.answer(
        who=request.who,
        assignment=id,
        answer=given.answer,
        declares=given.declares,
        reason=given.reason,
        now=timezone.now(),
    )
    return _row(found)


@put(
    router, "/expert/assignments/{id}/sheet", "expert-sheet", _("Save or hand in my marks"),
    AssignmentShape, auth=EXPERT,
)  # fmt: skip
def sheet(request: HttpRequest, id: Id, given: SheetGiven) -> Any:
    service = services.submit_sheet if given.submit else services.save_sheet
    service(
        who=request.who,
        assignment=id,
        marks={key: f"{mark:g}" for key, mark in given.marks.items()},
        comments=given.comments,
        overall=given.overall,
        now=timezone.now(),
    )
    return _shape(request, id)


@get(
    router, "/authority/panels/{id}", "authority-panel", _("A panel and its table"), PanelShape,
    auth=REGION,
)  # fmt: skip
def panel(request: HttpRequest, id: Id) -> Any:
    found = queries.panel(who=request.who, id=id)
    table = services.standings_now(who=request.who, panel=id)
    items = {item.pk: item for item in queries.items(panel=found)}
    return {
        "id": found.pk,
        "title": found.title,
        "state": found.state,
        "rubric": found.rubric,
        "standings": [
            row | {"title": items[row["item"]].title, "number": items[row["item"]].number}
            for row in table["items"]
            if row["item"] in items
        ],
    }


@get(
    router, "/draws/{id}", "draw", _("A draw of experts, drawn again now"), DrawShape, auth=None,
)  # fmt: skip
def draw(request: HttpRequest, id: Id) -> Any:
    told = queries.public_draw(id=id)
    fits = not services.check_draw(told=told) if told["revealed_at"] else None
    return told | {"fits": fits}


def _row(found: Any) -> dict[str, Any]:
    return {
        "id": found.pk,
        "panel": found.item.panel.title,
        "title": found.item.title,
        "number": found.item.number,
        "state": found.state,
        "answer_by": found.answer_by,
        "due": found.due,
    }


def _shape(request: HttpRequest, id: int) -> dict[str, Any]:
    found = queries.my_assignment(who=request.who, id=id)
    shown = queries.shown_item(found)
    kept = getattr(found, "sheet", None)
    return _row(found) | {
        "summary": shown["summary"],
        "applicant": shown["applicant"],
        "material": shown["material"],
        "criteria": [
            {
                "id": c.id,
                "title": {"zh": c.title.zh, "en": c.title.en},
                "full": str(c.full),
                "step": str(c.step),
                "weight": str(c.weight),
            }
            for c in queries.rubric_of(found.item.panel).criteria
        ],
        "marks": kept.marks if kept else {},
        "comments": kept.comments if kept else {},
        "overall": kept.overall if kept else "",
    }
