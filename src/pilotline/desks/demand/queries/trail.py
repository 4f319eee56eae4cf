"""How a case went, in plain words, and what comes next."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from pilotline.desks.demand.models import Case
from pilotline.desks.demand.queries.cases import insights_of
from pilotline.desks.demand.queries.shown import form_of
from pilotline.desks.demand.rules import Sight, sight
from pilotline.desks.journal.queries import case_history
from pilotline.desks.journal.rules.wording import ACTIONS
from pilotline.kernel.actor import Actor
from pilotline.rulebook import Form

# The steps of a case's story, in the journal's words.
WORDS: Mapping[str, Any] = {
    action: ACTIONS[action]
    for action in (
        "demand.start",
        "demand.save",
        "demand.submit",
        "demand.amend",
        "demand.withdraw",
        "demand.attach",
        "demand.detach",
        "demand.read",
        "demand.require",
        "demand.confirm",
        "demand.correct",
        "demand.dismiss",
        "demand.open",
        "demand.match",
        "demand.reopen",
        "demand.close",
    )
}
# What whoever was merely asked may read of the history.
DISCREET = ("demand.submit", "demand.amend", "demand.withdraw", "demand.match", "demand.close")
# Small steps on the way to a complete case; the applicant sees them folded.
MINOR = frozenset({"demand.save", "demand.read", "demand.confirm", "demand.correct"})


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that happened. `changed` are the titles of what was changed."""

    at: datetime
    actor: str
    action: str
    text: Any
    changed: tuple[str, ...]
    reason: str
    is_minor: bool


@dataclass(frozen=True, slots=True)
class NextStep:
    """Who has to do what now. `by` is applicant, partner or nobody."""

    code: str
    text: Any
    by: str


def timeline(
    *, who: Actor, case: Case, language: str, words: Mapping[str, Any] = WORDS
) -> list[Told]:
    """Everything that happened to a case that this actor may know, oldest first.

    `words` puts actions into words; what it does not name is left out, so a page that knows more
    of the story (from other desks) passes `WORDS | its own`.
    """
    seen = sight(who, case, insights_of(who, case))
    if seen is Sight.NOTHING:
        return []
    form = form_of(case)
    found = case_history(case=case.pk)
    if seen is not Sight.ALL:
        found = found.filter(action__in=DISCREET)
    return [
        Told(
            at=entry.at,
            actor=entry.actor_name,
            action=entry.action,
            text=words[entry.action],
            changed=_changed(form, entry, language) if seen is Sight.ALL else (),
            reason=str((entry.after or {}).get("reason", "")) if seen is Sight.ALL else "",
            is_minor=entry.action in MINOR,
        )
        for entry in found
        if entry.action in words
    ]


def _changed(form: Form, entry: Any, language: str) -> tuple[str, ...]:
    """The titles of the questions whose answers changed, or the name of a file or requirement."""
    content = entry.after or entry.before or {}
    answers = content.get("answers")
    if isinstance(answers, dict):
        if entry.action not in ("demand.save", "demand.amend"):
            return ()
        asked = (form.field(field) for field in answers)
        return tuple(f.title.say(language) for f in asked if f)
    named = content.get("name") or content.get("written")
    return (str(named),) if named else ()


def next_step(case: Case, *, offered: int = 0) -> NextStep:
    """What comes next, always one sentence. `offered` requirements wait to be confirmed."""
    if case.status in ("draft", "accepted", "matched") and offered:
        return NextStep(
            "confirm",
            _("Confirm or correct the requirements that were read from your text."),
            "applicant",
        )
    return STEPS[case.kind, case.status]


STEPS = {
    ("need", "draft"): NextStep(
        "complete", _("Complete the form and hand it in: it is accepted at once."), "applicant"
    ),
    ("need", "accepted"): NextStep(
        "ask", _("Look at the shortlist and ask a facility that fits."), "applicant"
    ),
    ("need", "matched"): NextStep(
        "agree", _("Settle date and terms with the facility you agreed with."), "both"
    ),
    ("need", "closed"): NextStep("none", _("Nothing more to do: the case is closed."), "nobody"),
    ("need", "withdrawn"): NextStep(
        "none", _("The case was withdrawn. Hand in a new one at any time."), "nobody"
    ),
}
STEPS |= {
    ("technology", "accepted"): NextStep(
        "ask", _("Look at who could pilot or take up the technology, and ask them."), "applicant"
    ),
    **{
        ("technology", status): step
        for (_kind, status), step in STEPS.items()
        if status != "accepted"
    },
}
