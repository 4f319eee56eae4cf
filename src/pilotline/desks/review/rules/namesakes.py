"""When a conflict may be set aside as a namesake's, and by whom."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext_lazy as _

from pilotline.desks.review.models import Expert, Namesake, PanelItem
from pilotline.desks.review.rules.conflicts import Reason
from pilotline.desks.review.rules.proceedings import problems_of_words
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import Problem

LEAST_WORDS, MOST_WORDS = 8, 500


def problems_of_stating(found: Iterable[Reason], words: str) -> Iterator[Problem]:
    """Every conflict that bars must rest on a name alone, and the rulebook must allow it."""
    bars = [reason for reason in found if reason["bars"]]
    if not bars:
        yield Problem("no-conflict", _("There is no conflict that bars this expert."))
    elif not all(reason.get("by_name") for reason in bars):
        yield Problem(
            "stands", _("The conflict rests on more than a name: it cannot be set aside.")
        )
    if len(words) < LEAST_WORDS:
        yield Problem("words", _("Say how it is known that this is another person."), "words")
    yield from problems_of_words(words, "words", MOST_WORDS)


def problems_of_confirming(who: Actor, found: Namesake) -> Iterator[Problem]:
    """Four eyes: whoever stated it does not confirm it."""
    if who.id == found.stated_by:
        yield Problem("four-eyes", _("Somebody else must confirm what you have stated."))


def has_a_stake(who: Actor, item: PanelItem, expert: Expert) -> bool:
    """Whether an official is the expert, or belongs to who is behind the item."""
    behind = [item.organisation_id, *item.parties]
    return (who.id is not None and expert.user_id == who.id) or any(map(who.belongs_to, behind))


def is_set_aside(reason: Reason, by: Namesake) -> bool:
    """Whether this conflict is one of those that were told to be a namesake's."""
    return bool(reason.get("by_name")) and _mark(reason) in map(_mark, by.reasons)


def _mark(reason: Reason) -> tuple[str, tuple[str, ...], str]:
    return reason["rule"], tuple(map(str, reason["record"])), reason["with"]
