"""News of steps on their tracks: what waits for the applicant, what is late, urged, supervised."""

from datetime import datetime
from typing import Any

from pilotline.desks.journal.events import on
from pilotline.desks.journal.queries import current_rulebook, rulebook_of
from pilotline.desks.notices.services import tell
from pilotline.desks.people import queries as people
from pilotline.desks.review.events import StepEnded, StepLate, StepUrged
from pilotline.desks.review.queries import proceedings, seats
from pilotline.kernel.actor import SYSTEM


def _facts(run: Any) -> dict[str, Any]:
    """Number and title of what is on its way, and the step in both languages."""
    proceeding = run.proceeding
    step = rulebook_of(proceeding.release).tracks[proceeding.track].step(run.step)
    return {
        "number": proceeding.number or proceeding.title,
        "title": proceeding.title,
        "step": {"zh": step.title.zh, "en": step.title.en},
    }


def _tell(run: Any, users: list[int], kind: str, key: str, now: datetime, **facts: object) -> None:
    tell(
        users=users,
        kind=kind,
        facts=_facts(run) | facts,
        subject=("proceeding", run.proceeding_id),
        key=f"{kind}:{key}",
        now=now,
    )


@on(StepEnded)
def tell_of_question(event: StepEnded, now: datetime) -> None:
    """Returned for correction: the clock stands until the applicant answers."""
    if event.state != "waiting":
        return
    run = proceedings.run(who=SYSTEM, id=event.run)
    if run.proceeding.organisation_id is not None:
        users = people.users_of(run.proceeding.organisation_id)
        _tell(run, users, "step.asked", f"{event.run}:{run.proceeding.version}", now)


@on(StepLate)
def tell_of_late_step(event: StepLate, now: datetime) -> None:
    """Whoever has it, and the body that it has gone up to."""
    run = proceedings.run(who=SYSTEM, id=event.run)
    body = current_rulebook().bodies.get(event.to)
    region = seats.region_of_body(event.to, run.proceeding.region)
    users = [*seats.officials_of(run), *seats.members(event.to, region)]
    to = {"zh": body.title.zh, "en": body.title.en} if body else event.to
    _tell(run, users, "step.late", f"{event.run}:{event.to}", now, to=to)


@on(StepUrged)
def tell_of_urging(event: StepUrged, now: datetime) -> None:
    run = proceedings.run(who=SYSTEM, id=event.run)
    kind = "step.supervised" if event.kind == "supervise" else "step.urged"
    _tell(run, seats.officials_of(run), kind, str(event.urge), now)
