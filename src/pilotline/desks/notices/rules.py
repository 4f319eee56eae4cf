"""What each kind of notice says. One sentence a kind, made in the reader's language when shown.

Facts are public to the reader by construction: handlers put in numbers, titles and names only,
never the confidential parts of a case.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "organisation.registered": _("{name} has registered and waits for your confirmation."),
    "organisation.confirmed": _("{name} has been confirmed."),
    "organisation.refused": _("{name} was not confirmed: {reason}"),
    "case.accepted": _("{number} was accepted: {title}"),
    "case.arrived": _("A new case was accepted in your region: {number} {title}"),
    "case.withdrawn": _("{number} was withdrawn by the applicant."),
    "case.amended": _("{number} was amended; please look at what has changed."),
    "shortlist.ready": _("{count} lines could take {number}: see the shortlist with its reasons."),
    "shortlist.gap": _("Nobody can serve {number} today; it is on the region's gap list."),
    "match.asked": _("{number} asks for {facility}: {title}"),
    "match.offered": _("{facility} offers to take {number}."),
    "match.message": _("New message about {number} and {facility}."),
    "match.accepted": _("{facility} would take {number}: your consent makes it a match."),
    "match.agreed": _("{number} and {facility} are matched."),
    "match.declined": _("{facility} and {number}: declined ({reason})."),
    "match.withdrawn": _("{number} and {facility}: the talk was ended."),
}


def sentence(kind: str, facts: Mapping[str, Any]) -> str:
    """The notice in the language that is active now."""
    template = str(SENTENCES.get(kind, _("Something changed: {kind}")))
    return template.format_map(_Facts({"kind": kind, **facts}))


def mail_subject(kind: str, facts: Mapping[str, Any]) -> str:
    """The sentence on one line, short enough for a mail's subject."""
    line = " ".join(sentence(kind, facts).split())
    return line if len(line) <= 120 else line[:119] + "…"


class _Facts(dict[str, Any]):
    """A missing fact shows as a dash: an old notice must never break a page."""

    def __missing__(self, key: str) -> str:
        return gettext("—")
