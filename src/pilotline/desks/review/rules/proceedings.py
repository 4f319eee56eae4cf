"""Who may see and move a proceeding, and how its states are called."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pilotline.desks.people.rules import token_opens
from pilotline.desks.review.models import Proceeding, StepRun
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import Problem
from pilotline.rulebook import Rulebook
from pilotline.rulebook.tracks import Track

MAX_WORDS = 4000
MAX_URGE = 1000
LIVING = ("open", "waiting", "held")

STATE_TITLES = {
    "open": pgettext_lazy("proceeding", "under way"),
    "ended": pgettext_lazy("proceeding", "ended"),
    "withdrawn": pgettext_lazy("proceeding", "withdrawn"),
}
STEP_TITLES = {
    "open": pgettext_lazy("step", "open"),
    "waiting": pgettext_lazy("step", "waits for the applicant"),
    "held": pgettext_lazy("step", "stands still"),
    "done": pgettext_lazy("step", "done"),
    "skipped": pgettext_lazy("step", "not needed"),
    "dropped": pgettext_lazy("step", "dropped"),
}
ROLE_TITLES = {
    "system": _("the system"),
    "applicant": _("the applicant"),
    "operator": _("the side of the facility"),
    "authority": _("the authority"),
    "expert": _("the experts"),
}
# What the engine refuses, in words.
REFUSALS = {
    "ended": _("The proceeding has come to its end."),
    "no-such-step": _("The track has no such step."),
    "not-open": _("This step is not open."),
    "unknown-outcome": _("This step cannot come to that."),
    "backwards": _("Something later has been written down already."),
    "too-early": _("The time that has to pass before this step may end is not over yet."),
    "nothing-asked": _("Nothing was asked of the applicant here."),
    "before-start": _("The day lies before the start."),
}


def is_party(who: Actor, proceeding: Proceeding) -> bool:
    """The applicant's people, and those of the facility that takes part."""
    return who.belongs_to(proceeding.organisation_id) or (
        who.has("operator") and who.belongs_to(proceeding.operator_id)
    )


def may_see(who: Actor, proceeding: Proceeding) -> bool:
    """Both parties, the authority of the place and of the region above it, and the machine."""
    return who.is_system or is_party(who, proceeding) or who.answers_for(proceeding.region)


def may_act(who: Actor, run: StepRun) -> bool:
    """Whose the step is: its authority, which also writes down what its experts found, or the
    organisation whose turn it is."""
    if who.is_system:
        return True
    if run.role in ("authority", "expert"):
        return token_opens(who, "authority", writes=True) and who.answers_for(run.region)
    if run.role in ("applicant", "operator"):
        opens = token_opens(who, run.role, writes=True)
        return opens and who.has(run.role) and who.belongs_to(run.organisation_id)
    return False


def may_answer(who: Actor, proceeding: Proceeding) -> bool:
    """The applicant answers what a step waits for, and may leave."""
    if who.is_system:
        return True
    opens = token_opens(who, "applicant", writes=True)
    return opens and who.belongs_to(proceeding.organisation_id)


def may_urge(who: Actor, run: StepRun) -> bool:
    """Whoever answers for the place urges; the applicant does not, but sees the trail."""
    opens = token_opens(who, "authority", writes=True)
    return opens and who.answers_for(run.proceeding.region)


def problems_of_outcome(
    run: StepRun, track: Track, outcome: str, reasons: str, rulebook: Rulebook, who: Actor
) -> Iterator[Problem]:
    """Every reason why this step may not come to this outcome with these words."""
    known = {o.id for o in track.walk.step(run.step).outcomes}
    word = rulebook.outcomes.get(outcome)
    if outcome not in known:
        yield Problem("unknown-outcome", _("Choose one of the outcomes."), field="outcome")
    elif word is not None and word.words_required and not reasons and not who.is_system:
        yield Problem("no-reasons", _("Give the reasons."), field="reasons")
    if run.holder is not None and who.id is not None and run.holder != who.id:
        yield Problem(
            "taken", _("{name} has taken this step on.").format(name=run.holder_name or "—")
        )
    yield from problems_of_words(reasons, "reasons")


def problems_of_words(words: str, field: str, most: int = MAX_WORDS) -> Iterator[Problem]:
    """Words that are too long."""
    if len(words) > most:
        text = _("At most {most} characters, please: these are {found}.")
        yield Problem("too-long", text.format(most=most, found=len(words)), field=field)
