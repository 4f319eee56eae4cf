"""One step decided, one subject withdrawn: by the desk whose subject it is."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from pilotline.desks.approvals import services as approvals
from pilotline.desks.approvals.rules.projects import KIND_TITLES
from pilotline.desks.calls import services as calls
from pilotline.desks.review import services as review
from pilotline.desks.review.queries import proceedings as queries
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import Problem, refuse

APPLICATION = "application"


def finish(
    *,
    who: Actor,
    run: int,
    outcome: str,
    reasons: str = "",
    conditions: Sequence[tuple[str, date | None]] = (),
    readiness: Mapping[str, str] | None = None,
    now: datetime,
) -> None:
    """Give a step its outcome. Only a project's decision takes conditions and readiness."""
    found = queries.run(who=who, id=run)
    given: dict[str, Any] = {"who": who, "run": run, "outcome": outcome, "reasons": reasons}
    if found.proceeding.subject_kind in KIND_TITLES:
        approvals.decide(**given, conditions=conditions, readiness=readiness, now=now)
        return
    if conditions or readiness:
        text = _("Only a project’s decision takes these.")
        refuse([Problem("no-room", text, "conditions" if conditions else "readiness")])
    review.finish_step(**given, now=now)


def withdraw(*, who: Actor, proceeding: int, reasons: str = "", now: datetime) -> None:
    """The applicant leaves in the middle; what belongs to the subject ends with its course."""
    found = queries.proceeding(who=who, id=proceeding)
    if found.subject_kind in KIND_TITLES:
        approvals.withdraw_project(who=who, project=found.subject, reasons=reasons, now=now)
    elif found.subject_kind == APPLICATION:
        calls.withdraw_application(who=who, application=found.subject, reason=reasons, now=now)
    else:
        review.withdraw_proceeding(who=who, proceeding=proceeding, reasons=reasons, now=now)
