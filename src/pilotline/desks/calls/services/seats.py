"""Places at an event: taken in order, waited for, given on, and checked in on the day."""

from datetime import datetime

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from pilotline.desks.calls.events import SeatOffered
from pilotline.desks.calls.models import Application, Call
from pilotline.desks.calls.queries.calls import program_of
from pilotline.desks.calls.services.hold import judged_application, keep, turn
from pilotline.desks.journal.services import emit
from pilotline.kernel.actor import SYSTEM, Actor
from pilotline.kernel.errors import Problem, refuse
from pilotline.rulebook.answers import as_number


def seat(found: Application) -> None:
    """Take the seats that were asked for, or a place in the line (not saved yet).

    The caller holds the call's lock, so that the last seat is given once.
    """
    form = program_of(found.call).form
    asked = next((f for f in form.fields if f.type == "number"), None)
    wanted = as_number(found.answers.get(asked.id)) if asked else None
    found.seats = max(1, int(wanted or 1))
    waiting = found.call.applications.filter(state="waiting").exists()
    fits = found.seats <= free_seats(found.call)
    turn(found, "seated" if fits and not waiting else "waiting")


def free_seats(call: Call) -> int:
    """How many seats are left; a call without a limit has no end of them."""
    if call.seats is None:
        return 1_000_000
    taken = call.applications.filter(state="seated").aggregate(n=Sum("seats"))["n"] or 0
    return max(0, call.seats - taken)


@transaction.atomic
def fill_seats(*, call: int, now: datetime) -> int:
    """Give free seats to those who wait, in order; the first who does not fit keeps the turn."""
    found = Call.objects.select_for_update(no_key=True).get(pk=call)
    given = 0
    for waiting in found.applications.filter(state="waiting").order_by("accepted_at", "id"):
        if waiting.seats > free_seats(found):
            break
        turn(waiting, Application.State.SEATED)
        keep(SYSTEM, waiting, "seat", now)
        emit(SeatOffered(waiting.pk, waiting.organisation_id), now=now)
        given += 1
    return given


@transaction.atomic
def check_in(*, who: Actor, application: int, now: datetime) -> Application:
    """Somebody has come. Done twice it is done once."""
    found = judged_application(who, application)
    if found.state != Application.State.SEATED:
        refuse([Problem("no-seat", _("There is no seat for this registration."))])
    if found.checked_in_at is None:
        found.checked_in_at = now
        keep(who, found, "check-in", now)
    return found
