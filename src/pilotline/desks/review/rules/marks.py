"""When a sheet may be handed in, told in words; what an assignment may become."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from pilotline.desks.review.models import Assignment, Panel
from pilotline.kernel.errors import Problem
from pilotline.rulebook.reviewing import Rubric

MOST_COMMENT = 2000

# What an assignment may become, and from what.
MOVES: Mapping[str, frozenset[str]] = {
    "accepted": frozenset({"offered"}),
    "declined": frozenset({"offered", "accepted"}),
    "conflict": frozenset({"offered", "accepted"}),
    "submitted": frozenset({"accepted"}),
    "replaced": frozenset({"offered", "accepted"}),
}
SEEN = ("offered", "accepted", "submitted")
FAULTS = {
    "missing": _("{criterion}: a mark is missing."),
    "scale": _("{criterion}: give a mark from 0 to {full}."),
    "step": _("{criterion}: marks go in steps of {step}."),
    "comment": _("{criterion}: this mark needs a comment."),
    "strange": _("{criterion} is not part of the rubric."),
}


def problems_of_sheet(
    rubric: Rubric, marks: Mapping[str, Any], comments: Mapping[str, str], language: str
) -> Iterator[Problem]:
    """Everything that keeps a sheet from being handed in."""
    known = {criterion.id: criterion for criterion in rubric.criteria}
    for name, fault in rubric.faults(marks, comments):
        criterion = known.get(name)
        text = str(FAULTS[fault]).format(
            criterion=criterion.title.say(language) if criterion else name,
            full=criterion.full if criterion else "",
            step=criterion.step if criterion else "",
        )
        place = "comment" if fault == "comment" else "mark"
        yield Problem(fault, text, f"{place}_{name}", data={"criterion": name})
    for name, words in comments.items():
        if len(words) > MOST_COMMENT:
            yield Problem("too-long", _("That is too long: shorten it."), f"comment_{name}")


def problems_of_move(assignment: Assignment, panel: Panel, move: str) -> Iterator[Problem]:
    """Why an assignment cannot become this now."""
    if assignment.state not in MOVES[move]:
        yield Problem("not-now", _("This assignment is not open to that any more."))
    elif panel.state != Panel.State.MARKING:
        yield Problem("panel-closed", _("The panel is closed."))
