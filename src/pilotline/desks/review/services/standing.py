"""Reads where a proceeding stands today, what its steps may come to, its picture and its BPMN."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.review.models import Proceeding
from pilotline.desks.review.problem import picture as pictures
from pilotline.desks.review.problem.tracks import Plan, Standing, leads, promised
from pilotline.desks.review.queries.proceedings import proceeding as seen_proceeding
from pilotline.desks.review.queries.proceedings import run as seen_run
from pilotline.desks.review.services.course import track_of, work_out
from pilotline.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Outlook:
    """Where a proceeding stands and what its track promised."""

    standing: Standing
    promised: Plan


def standing(*, who: Actor, proceeding: int, today: date) -> Outlook:
    """Worked out from what has happened. Raises NotFound for strangers."""
    found = seen_proceeding(who=who, id=proceeding)
    day = min(today, found.closed_on) if found.closed_on else today
    return Outlook(work_out(found, max(day, found.opened_on)), promised_by(found))


def promised_by(found: Proceeding) -> Plan:
    return promised(track_of(found), green=found.green)


def ways(*, who: Actor, run: int) -> dict[str, str]:
    """The outcomes of a step and where each leads: on, wait, an end, or a called step."""
    found = seen_run(who=who, id=run)
    return leads(track_of(found.proceeding), found.step)


def picture(*, who: Actor, proceeding: int, language: str) -> Mapping[str, Any]:
    """The track laid out, with the words of each step."""
    return pictures.drawn(track_of(seen_proceeding(who=who, id=proceeding)), language)


def bpmn_of(*, who: Actor, proceeding: int, language: str) -> str:
    """The proceeding's track as BPMN 2.0."""
    track = track_of(seen_proceeding(who=who, id=proceeding))
    return pictures.exported(track, current_rulebook(), language)
