"""What may be done to a case in which state, and how states are called."""

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pilotline.desks.demand.models import Case
from pilotline.kernel.errors import Problem


class Move(NamedTuple):
    """From which states a thing may be done, and the state afterwards (empty: it stays)."""

    allowed_in: frozenset[str]
    to: str = ""


def _in(states: str) -> frozenset[str]:
    return frozenset(states.split())


# Everything that can be done to a case, in ten lines. No code elsewhere knows a state's meaning.
MOVES = {
    "save": Move(_in("draft")),
    "submit": Move(_in("draft"), "accepted"),
    "attach": Move(_in("draft accepted matched")),
    "require": Move(_in("draft accepted matched")),
    "amend": Move(_in("accepted matched")),
    "match": Move(_in("accepted"), "matched"),
    "reopen": Move(_in("matched"), "accepted"),
    "close": Move(_in("accepted matched"), "closed"),
    "withdraw": Move(_in("draft accepted matched"), "withdrawn"),
}
OPEN = MOVES["amend"].allowed_in
LOOKING = MOVES["match"].allowed_in
PUBLIC = OPEN | {"closed"}
ACCEPTED = PUBLIC | {"withdrawn"}

REFUSALS = {
    "save": _("This case has been handed in already: amend it instead."),
    "submit": _("This case has been handed in already."),
    "attach": _("The case has come to its end: nothing can be attached or removed any more."),
    "require": _("The case has come to its end: its requirements stand as they are."),
    "amend": _("Only a case that was accepted and is still open can be amended."),
    "match": _("Only an accepted case that is looking for a partner can be matched."),
    "reopen": _("Only a matched case can go back to looking for a partner."),
    "close": _("Only an accepted case can be closed."),
    "withdraw": _("The case has come to its end already."),
}

STATUS_TITLES = {
    "draft": pgettext_lazy("status", "Draft"),
    "accepted": pgettext_lazy("status", "Accepted"),
    "matched": pgettext_lazy("status", "Matched"),
    "closed": pgettext_lazy("status", "Closed"),
    "withdrawn": pgettext_lazy("status", "Withdrawn"),
}

KIND_TITLES = {"need": _("Pilot need"), "technology": _("Technology")}

MAX_REASON = 500
MAX_REQUIREMENTS = 200


def problems_of(move: str, case: Case) -> list[Problem]:
    """Why this may not be done to the case in its present state; empty when it may."""
    if case.status in MOVES[move].allowed_in:
        return []
    return [Problem("wrong-state", REFUSALS[move], data={"status": case.status})]


def may(move: str, case: Case) -> bool:
    """True when the case is in a state in which this can be done."""
    return case.status in MOVES[move].allowed_in
