"""Steps in words: what they are called, whose they are, how they went."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from pilotline.desks.review.rules.proceedings import ROLE_TITLES, STEP_TITLES
from pilotline.web.shared.values import language

STEP_TONES = {
    "open": "info",
    "waiting": "warn",
    "held": "quiet",
    "done": "good",
    "skipped": "quiet",
    "dropped": "quiet",
}


def step_title(run: Any, rulebook: Any, track: str = "") -> str:
    """The step's title; its id when the release in force lacks the track."""
    found = rulebook.tracks.get(track or run.proceeding.track) if rulebook else None
    try:
        return str(found.step(run.step).title.say(language())) if found else run.step
    except KeyError:
        return str(run.step)


def body_title(run: Any, rulebook: Any) -> str:
    """The office whose the step is, or the role."""
    body = rulebook.bodies.get(run.body) if rulebook and run.body else None
    return str(body.title.say(language())) if body else str(ROLE_TITLES[run.role])


def outcome(name: str, rulebook: Any) -> tuple[str, str]:
    """An outcome's words and tone."""
    word = rulebook.outcomes.get(name) if rulebook and name else None
    return (str(word.title.say(language())), word.tone) if word else (name, "quiet")


def timeline(runs: Iterable[Any], rulebook: Any) -> list[dict[str, Any]]:
    """Every step that has opened, the newest first, with what came out and who said so."""
    told = []
    for run in reversed(list(runs)):
        if run.outcome:
            words, tone = outcome(run.outcome, rulebook)
        else:
            words, tone = str(STEP_TITLES[run.state]), STEP_TONES[run.state]
        who = run.done_by_name
        if run.state == "done" and run.done_by is None:
            who = _("the system, at once")
        told.append(
            {
                "run": run,
                "title": step_title(run, rulebook),
                "whose": body_title(run, rulebook),
                "words": words,
                "tone": tone,
                "who": who,
                "urges": list(run.urges.all()),
                "in_time": run.due is None or run.done_on is None or run.done_on <= run.due,
            }
        )
    return told
