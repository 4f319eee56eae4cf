"""The course of a subject on its track, as every page beside it shows it."""

from typing import Any

from django.http import HttpRequest

from pilotline.desks.journal.queries import rulebook_of
from pilotline.desks.review.queries import proceedings as queries
from pilotline.desks.review.rules.proceedings import STEP_TITLES
from pilotline.web.shared.values import language

TONES = {"open": "info", "waiting": "warn", "held": "warn", "done": "good"}


def of(request: HttpRequest, kind: str, subject: int) -> dict[str, Any] | None:
    """The newest proceeding of a subject with its steps in words; None when there is none."""
    found = queries.of_subject(who=request.who, kind=kind, subject=subject)
    if found is None:
        return None
    book, lang = rulebook_of(found.release), language()
    track = book.tracks[found.track]
    runs = [
        {
            "run": run,
            "title": track.step(run.step).title.say(lang),
            "words": STEP_TITLES[run.state],
            "tone": TONES.get(run.state, "quiet"),
            "outcome": book.title("outcomes", run.outcome, lang) if run.outcome else "",
        }
        for run in queries.runs(found)
    ]
    return {"proceeding": found, "title": track.title.say(lang), "runs": runs}
