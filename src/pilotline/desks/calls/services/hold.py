"""Taking a call or an application in hand: locked, by those who may, and written down after."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from pilotline.desks.calls.models import Application, Call
from pilotline.desks.calls.rules.access import (
    is_applicant,
    is_authority,
    may_see_application,
    may_see_call,
)
from pilotline.desks.calls.rules.states import may_move, may_move_call
from pilotline.desks.journal.services import record
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import Conflict, NotAllowed, NotFound

MOVED = _("This was changed meanwhile: look at the present state and try again.")


def held_call(who: Actor, id: int, *, seen: int | None = None) -> Call:
    """The call, locked, for its authority. Raises NotFound, NotAllowed, or Conflict when it is
    not the version that was seen."""
    found = Call.objects.select_for_update(no_key=True).filter(pk=id).first()
    if found is None or not may_see_call(who, found):
        raise NotFound
    if not is_authority(who, found):
        raise NotAllowed(_("Only the authority that opened this call decides on it."))
    if seen is not None and seen != found.version:
        raise Conflict(MOVED)
    return found


def locked_application(id: int) -> Application:
    """The application with its call, locked until the transaction ends. Raises NotFound."""
    rows = Application.objects.select_for_update(no_key=True, of=("self",))
    found = rows.select_related("call", "organisation", "facility").filter(pk=id).first()
    if found is None:
        raise NotFound
    return found


def held_application(who: Actor, id: int) -> Application:
    """The application, locked, for its own people. Raises NotFound or NotAllowed."""
    found = locked_application(id)
    if not may_see_application(who, found):
        raise NotFound
    if not (is_applicant(who, found) or who.is_system):
        raise NotAllowed(_("Only the applicant may do this."))
    return found


def judged_application(who: Actor, id: int) -> Application:
    """The application, locked, for the authority of its call. Raises NotFound or NotAllowed."""
    found = locked_application(id)
    if not may_see_application(who, found):
        raise NotFound
    if not is_authority(who, found.call):
        raise NotAllowed(_("Only the authority that opened this call decides on it."))
    return found


def turn_call(call: Call, state: str) -> None:
    """Move a call on (not saved yet); Conflict when its state does not allow it any more."""
    if not may_move_call(call, state):
        raise Conflict(MOVED)
    call.state = state


def turn(application: Application, state: str) -> None:
    """Move an application on (not saved yet); Conflict when its state does not allow it."""
    if not may_move(application, state):
        raise Conflict(MOVED)
    application.state = state


def keep_call(who: Actor, call: Call, action: str, now: datetime, **after: Any) -> None:
    """Save the call as changed, with its entry in the journal."""
    call.version += 1
    call.save()
    record(
        who=who,
        action=f"calls.{action}",
        subject=("call", call.pk),
        after={"state": call.state, **after},
        now=now,
    )


def keep(
    who: Actor,
    application: Application,
    action: str,
    now: datetime,
    *,
    before: Mapping[str, Any] | None = None,
    **after: Any,
) -> None:
    """Save the application as changed, with its entry in the journal."""
    application.version += 1
    application.changed_at = now
    application.save()
    record(
        who=who,
        action=f"calls.{action}",
        subject=("application", application.pk),
        case=application.case_id,
        organisation=application.organisation_id,
        before=before,
        after={"state": application.state, **after},
        now=now,
    )
