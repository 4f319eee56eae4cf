"""Who may say what, when, in a talk between a case and a facility."""

from collections.abc import Iterator
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from pilotline.desks.matching.models import Match
from pilotline.desks.people.rules import token_opens
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import Problem
from pilotline.rulebook import Rulebook

MAX_WORDS = 4000
OPEN = frozenset({"open"})
LIVING = frozenset({"open", "agreed"})


class Move(NamedTuple):
    """Which side may make it, whether words are needed, and whom the talk waits for afterwards."""

    sides: frozenset[str]
    words: bool
    waits_for: str


# Everything that can be said in a talk. `other` waits for the side that did not speak.
MOVES = {
    "question": Move(frozenset({"applicant", "operator"}), words=True, waits_for="other"),
    "answer": Move(frozenset({"applicant", "operator"}), words=True, waits_for="other"),
    "accept": Move(frozenset({"operator"}), words=False, waits_for="applicant"),
    "consent": Move(frozenset({"applicant"}), words=False, waits_for=""),
    "decline": Move(frozenset({"operator"}), words=False, waits_for=""),
    "withdraw": Move(frozenset({"applicant"}), words=False, waits_for=""),
}


def sides_of(who: Actor, match: Match) -> frozenset[str]:
    """The sides this actor may speak for: none, one, or both when a firm asks its own facility."""
    sides = set()
    if who.belongs_to(match.case.organisation_id):
        sides.add("applicant")
    if who.has("operator") and who.belongs_to(match.facility.operator_id):
        sides.add("operator")
    return frozenset(sides)


def may_end(who: Actor, match: Match) -> frozenset[str]:
    """For whom this actor may end a match: the sides they speak for, or as the authority."""
    above = who.answers_for(match.case.region) and token_opens(who, "authority", writes=True)
    return sides_of(who, match) | (frozenset({"authority"}) if above else frozenset())


def problems_of_ending(match: Match, text: str) -> Iterator[Problem]:
    """Only what was agreed can come to nothing, and everybody concerned reads why."""
    if match.state != "agreed":
        yield Problem("not-agreed", _("There is no match here that could be ended."))
        return
    words = text.strip()
    if not words:
        yield Problem("no-words", _("Say in a few words why it comes to nothing."), field="text")
    yield from _problems_of_length(words)


def may_read(who: Actor, match: Match) -> bool:
    """Both sides, and the authorities of the case's or the facility's region."""
    return (
        who.is_system
        or bool(sides_of(who, match))
        or who.answers_for(match.case.region)
        or who.answers_for(match.facility.region)
    )


def problems_of_move(
    match: Match, move: str, *, text: str, reason: str, rulebook: Rulebook
) -> Iterator[Problem]:
    """Every reason why this cannot be said now."""
    if match.state not in OPEN:
        yield Problem("closed", _("This talk has ended: nothing more can be said in it."))
        return
    if move == "accept" and match.operator_consent:
        yield Problem("said-already", _("The facility has accepted already."))
    if move == "consent" and not match.operator_consent:
        yield Problem("too-early", _("The facility has not accepted yet: wait for its answer."))
    words = text.strip()
    if MOVES[move].words and not words:
        yield Problem("no-words", _("Write a few words."), field="text")
    yield from _problems_of_length(words)
    if move == "decline":
        yield from problems_of_reason(reason, words, rulebook)


def _problems_of_length(words: str) -> Iterator[Problem]:
    if len(words) > MAX_WORDS:
        yield Problem(
            "too-long",
            _("At most {most} characters, please: these are {found}.").format(
                most=MAX_WORDS, found=len(words)
            ),
            field="text",
        )


def problems_of_reason(reason: str, words: str, rulebook: Rulebook) -> Iterator[Problem]:
    """A facility declines with a reason from the closed list, explained where the list asks so."""
    known = rulebook.decline_reasons.get(reason)
    if known is None:
        yield Problem("no-reason", _("Choose one of the reasons."), field="reason")
    elif known.words_required and not words:
        yield Problem(
            "unexplained", _("This reason needs a few words of explanation."), field="text"
        )
