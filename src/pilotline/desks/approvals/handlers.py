"""What approvals does when news comes from below."""

from datetime import datetime

from pilotline.desks.approvals.queries import projects as queries
from pilotline.desks.approvals.rules.projects import KIND_TITLES
from pilotline.desks.approvals.services import settle, withdraw_project
from pilotline.desks.demand.events import CaseClosed, CaseWithdrawn
from pilotline.desks.journal.events import on
from pilotline.desks.review.events import ProceedingEnded
from pilotline.kernel.actor import SYSTEM


@on(ProceedingEnded)
def take_over_the_end(event: ProceedingEnded, now: datetime) -> None:
    """A step may have been decided past this desk, as in bulk: the project follows."""
    if event.subject_kind in KIND_TITLES:
        settle(project=event.subject, now=now)


@on(CaseWithdrawn)
def leave_after_withdrawal(event: CaseWithdrawn, now: datetime) -> None:
    _leave(event.case, event.reason, now)


@on(CaseClosed)
def leave_after_closing(event: CaseClosed, now: datetime) -> None:
    _leave(event.case, event.reason, now)


def _leave(case: int, reason: str, now: datetime) -> None:
    found = queries.project_of_case(who=SYSTEM, case=case)
    if found is not None and found.state == "open":
        withdraw_project(who=SYSTEM, project=found.pk, reasons=reason, now=now)
