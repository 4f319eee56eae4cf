"""The course of a subject on its track, as every page beside it shows it: the way, who has it now
and until when, what happened. The moves are those of the page of proceedings."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from pilotline.desks.review.queries import proceedings as queries
from pilotline.web.shared import book
from pilotline.web.shared.proceedings import open_step, picture_of
from pilotline.web.shared.steps import timeline


def of(request: HttpRequest, kind: str, subject: int) -> dict[str, Any] | None:
    """The newest proceeding of a subject; None when there is none."""
    found = queries.of_subject(who=request.who, kind=kind, subject=subject)
    if found is None:
        return None
    rulebook, today = book.rulebook(), timezone.localdate()
    runs = queries.runs(found)
    abilities = queries.abilities(who=request.who, proceeding=found, runs=runs)
    return {
        "proceeding": found,
        "track": rulebook.tracks.get(found.track) if rulebook else None,
        "picture": picture_of(request, found, runs),
        "open": [
            open_step(request, run, abilities, rulebook, today)
            for run in runs
            if run.state in ("open", "waiting", "held")
        ],
        "told": timeline(runs, rulebook),
    }
