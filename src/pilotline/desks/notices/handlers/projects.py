"""News of pilot projects: opened, decided, conditions and permits that fall due."""

from datetime import date, datetime
from typing import Any

from pilotline.desks.approvals.events import (
    ConditionDue,
    ConditionMoved,
    PermitEnding,
    PermitMoved,
    ProjectDecided,
    ProjectOpened,
)
from pilotline.desks.approvals.queries import projects
from pilotline.desks.journal.events import on
from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.notices.services import tell
from pilotline.desks.people import queries as people
from pilotline.kernel.actor import SYSTEM


def _operators(found: Any) -> list[int]:
    place = found.facility
    return people.operators_of(place.operator_id) if place and place.operator_id else []


def _tell(
    found: Any, users: list[int], kind: str, key: str, now: datetime, **facts: object
) -> None:
    """Of a project; its page is that of its proceeding."""
    tell(
        users=users,
        kind=kind,
        facts={"number": found.number, "title": found.title, **facts},
        subject=("proceeding", found.proceeding_id or 0),
        key=f"{kind}:{key}",
        now=now,
    )


@on(ProjectOpened)
def tell_of_project(event: ProjectOpened, now: datetime) -> None:
    found = projects.project(who=SYSTEM, id=event.project)
    key = str(event.project)
    _tell(found, people.users_of(event.organisation), "project.opened", key, now)
    _tell(found, people.authorities_of(found.region), "project.arrived", key, now)
    _tell(found, _operators(found), "project.here", key, now)


@on(ProjectDecided)
def tell_of_decision(event: ProjectDecided, now: datetime) -> None:
    """Whoever withdrew knows it; the facility is told all the same."""
    found = projects.project(who=SYSTEM, id=event.project)
    key = str(event.project)
    if found.state == "withdrawn":
        users = [*_operators(found), *people.authorities_of(found.region)]
        _tell(found, users, "project.withdrawn", key, now)
        return
    word = current_rulebook().outcomes.get(event.outcome)
    outcome = {"zh": word.title.zh, "en": word.title.en} if word else event.outcome
    users = [*people.users_of(event.organisation), *_operators(found)]
    _tell(found, users, "project.decided", key, now, outcome=outcome)


@on(ConditionDue)
def tell_of_condition(event: ConditionDue, now: datetime) -> None:
    """Before its day the applicant; when it has passed also those who set it."""
    found = projects.project(who=SYSTEM, id=event.project)
    overdue = date.fromisoformat(event.due) < now.date()
    users = people.users_of(event.organisation)
    if overdue:
        users += people.authorities_of(found.region)
    kind = "condition.overdue" if overdue else "condition.due"
    _tell(found, users, kind, f"{event.condition}:{now:%Y%m%d}", now, due=event.due)


@on(ConditionMoved)
def tell_of_report(event: ConditionMoved, now: datetime) -> None:
    found = projects.project(who=SYSTEM, id=event.project)
    if event.move == "reported":
        users = people.authorities_of(found.region)
    else:
        users = people.users_of(found.organisation_id)
    kind, key = f"condition.{event.move}", f"{event.condition}:{event.number}"
    _tell(found, users, kind, key, now)


@on(PermitEnding)
def tell_of_permit(event: PermitEnding, now: datetime) -> None:
    """Both sides before its end; the authority too when it has ended and was not closed."""
    permit = projects.permit(who=SYSTEM, id=event.permit)
    users = people.users_of(event.organisation) + _operators(permit.project)
    ended = event.days < 0
    if ended:
        users += people.authorities_of(permit.project.region)
    kind = "permit.ended" if ended else "permit.ending"
    key = f"{event.permit}:{permit.ends}:{event.days}"
    facts = {"permit": event.number, "ends": f"{permit.ends:%Y-%m-%d}"}
    _tell(permit.project, users, kind, key, now, **facts)


@on(PermitMoved)
def tell_of_extension(event: PermitMoved, now: datetime) -> None:
    permit = projects.permit(who=SYSTEM, id=event.permit)
    found = permit.project
    if event.move in ("asked", "closed"):
        users = people.authorities_of(found.region)
    else:
        users = people.users_of(found.organisation_id) + _operators(found)
    kind, key = f"permit.{event.move}", f"{event.permit}:{event.number}"
    facts = {"permit": permit.number, "ends": f"{permit.ends:%Y-%m-%d}"}
    _tell(found, users, kind, key, now, **facts)
