"""What is wrong with a call before it is opened, and with a move."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from pilotline.kernel.errors import Problem
from pilotline.rulebook.program import Program

MOST_GOALS = 20
LONGEST_WINDOW = 400


def problems_of_call(
    values: Mapping[str, Any], program: Program | None, *, today: date
) -> list[Problem]:
    """Everything that keeps these values from being opened as a call."""
    if program is None or not program.is_valid(today):
        return [Problem("no-program", _("The rulebook has no such program now."), "program")]
    found = [
        Problem("missing", _("Please fill in this field."), name)
        for name in ("title", "opens", "closes")
        if not values.get(name)
    ]
    opens, closes = values.get("opens"), values.get("closes")
    if opens and closes:
        if closes < opens:
            found.append(Problem("closes-early", _("It closes before it opens."), "closes"))
        elif (closes - opens).days > LONGEST_WINDOW:
            found.append(Problem("too-long", _("That is longer than a year."), "closes"))
        if closes < today:
            found.append(Problem("past", _("That day is past."), "closes"))
    return found + _of_kind(values, program)


def _of_kind(values: Mapping[str, Any], program: Program) -> list[Problem]:
    found: list[Problem] = []
    if program.challenge:
        goals: Sequence[Mapping[str, Any]] = values.get("goals") or ()
        if len(goals) < program.challenge.goals:
            told = format_lazy(
                _("State at least {least} goals that can be measured."),
                least=program.challenge.goals,
            )
            found.append(Problem("few-goals", told, "goals"))
        if len(goals) > MOST_GOALS or any(not _is_goal(goal) for goal in goals):
            told = _("Each goal needs a name, a unit and a figure to be reached.")
            found.append(Problem("strange-goal", told, "goals"))
        if values.get("prize") is None or values["prize"] <= 0:
            found.append(Problem("no-prize", _("State the prize in yuan."), "prize"))
        if not values.get("issuer"):
            found.append(Problem("no-issuer", _("Say who issues the challenge."), "issuer"))
    if program.kind == "event" and not (values.get("begins_at") and values.get("place")):
        found.append(Problem("no-place", _("Say when and where it takes place."), "place"))
    return found


def _is_goal(goal: Mapping[str, Any]) -> bool:
    try:
        finite = Decimal(str(goal.get("at", ""))).is_finite()
    except InvalidOperation:
        return False
    return finite and bool(goal.get("title")) and bool(goal.get("unit"))


def is_reached(goal: Mapping[str, Any], measured: Decimal) -> bool:
    """True when a measured figure reaches the goal: `least` or more, otherwise or less."""
    wanted = Decimal(str(goal["at"]))
    return measured >= wanted if goal["least"] else measured <= wanted
