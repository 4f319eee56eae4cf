"""From applications to results: closed, marked, listed, up for notice, decided."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from pilotline.desks.calls import problem
from pilotline.desks.calls.events import NoticeOpened, ResultsPublished
from pilotline.desks.calls.models import Application, Call
from pilotline.desks.calls.queries.calls import program_of, votes
from pilotline.desks.calls.services.actions import carry_out
from pilotline.desks.calls.services.courses import tell_decided
from pilotline.desks.calls.services.hold import held_call, keep, keep_call, turn, turn_call
from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.journal.services import emit
from pilotline.kernel.actor import SYSTEM, Actor
from pilotline.kernel.errors import Problem, Refused, refuse
from pilotline.rulebook.calendar import Calendar


@transaction.atomic
def close_call(*, who: Actor, call: int, now: datetime) -> Call:
    """No more applications. An event, which is not judged, is over with it."""
    found = held_call(who, call)
    if found.state == Call.State.JUDGED:
        return found
    today = timezone.localdate(now)
    if found.state == Call.State.OPEN and today <= found.closes:
        told = format_lazy(_("It takes applications up to {day}."), day=found.closes.isoformat())
        refuse([Problem("still-open", told)])
    is_event = program_of(found).capacity is not None
    turn_call(found, Call.State.ENDED if is_event else Call.State.JUDGED)
    if is_event:
        found.ended_at = now
    keep_call(who, found, "close-call", now)
    return found


@transaction.atomic
def take_marks(
    *, call: int, points: Mapping[int, tuple[Decimal, Decimal]], now: datetime
) -> dict[int, tuple[Decimal, Decimal]]:
    """Keep what the panel gave: by application the corrected and the raw total out of 100.

    Returns those that had no marks before; marks that are there stand.
    """
    taken = {}
    rows = Application.objects.select_for_update(no_key=True, of=("self",))
    for row in rows.filter(call=call, pk__in=points, points=None):
        row.points, row.raw_points = taken[row.pk] = points[row.pk]
        keep(SYSTEM, row, "take-marks", now, points=row.points, raw=row.raw_points)
    return taken


def problems_of_listing(call: Call, now: datetime) -> list[Problem]:
    """Why a list cannot be made yet."""
    found: list[Problem] = []
    program, today = program_of(call), timezone.localdate(now)
    if call.state not in (Call.State.JUDGED, Call.State.NOTICE):
        found.append(Problem("not-closed", _("Close the call first.")))
    on_track = call.applications.filter(state="accepted").count()
    if on_track:
        told = format_lazy(_("{count} applications are still on their track."), count=on_track)
        found.append(Problem("on-track", told))
    reviewed = call.applications.filter(state__in=["reviewed", "listed", "not_listed"])
    if not reviewed.exists():
        found.append(Problem("nothing", _("No application has come through its track.")))
    if program.rubric and reviewed.filter(points=None).exists():
        found.append(Problem("not-marked", _("Not all applications have their marks.")))
    if program.vote and call.vote_to is not None and today <= call.vote_to:
        told = format_lazy(_("The vote runs up to {day}."), day=call.vote_to.isoformat())
        found.append(Problem("vote-open", told))
    return found


@transaction.atomic
def make_list(*, who: Actor, call: int, now: datetime, seen: int | None = None) -> Call:
    """Rank all by marks, vote, quota and budget; made again, it takes everything anew."""
    found = held_call(who, call, seen=seen)
    refuse(problems_of_listing(found, now))
    take_down_notice(found)
    rows = found.applications.select_for_update(no_key=True, of=("self",)).filter(
        state__in=["reviewed", "listed", "not_listed"]
    )
    for row, decision in problem.decide(rows, program_of(found), votes(call=found)):
        if row.state != Application.State.REVIEWED:
            turn(row, Application.State.REVIEWED)
        turn(row, "listed" if decision.passes else "not_listed")
        row.rank, row.why, row.granted = decision.rank, decision.why, decision.granted
        keep(who, row, "list", now, rank=row.rank, why=row.why, total=row.total)
    keep_call(who, found, "make-list", now)
    return found


def take_down_notice(call: Call) -> None:
    """A list that is made again is not the one that was up for notice (not saved yet)."""
    if call.state == Call.State.NOTICE:
        turn_call(call, Call.State.JUDGED)
        call.notice_from = call.notice_to = None


@transaction.atomic
def open_notice(*, who: Actor, call: int, now: datetime, seen: int | None = None) -> Call:
    """Put the list up for objections, for the program's working days."""
    found = held_call(who, call, seen=seen)
    if found.state == Call.State.NOTICE:
        return found
    if not found.applications.filter(state="listed").exists():
        refuse([Problem("no-list", _("Make the list first; nothing is on it."))])
    turn_call(found, Call.State.NOTICE)
    today = timezone.localdate(now)
    found.notice_from = today
    found.notice_to = _calendar().add(today, program_of(found).notice_days)
    keep_call(who, found, "open-notice", now, until=found.notice_to)
    emit(NoticeOpened(found.pk, found.number or "", found.notice_to.isoformat()), now=now)
    return found


def _calendar() -> Calendar:
    calendar = current_rulebook().calendar
    if calendar is None:
        raise Refused([Problem("no-calendar", _("The rulebook has no working calendar."))])
    return calendar


def problems_of_deciding(call: Call, now: datetime) -> list[Problem]:
    """Why the decision cannot be final yet."""
    found: list[Problem] = []
    if call.state != Call.State.NOTICE or call.notice_to is None:
        return [Problem("no-notice", _("The list has not been up for notice."))]
    if timezone.localdate(now) <= call.notice_to:
        told = format_lazy(_("The notice runs up to {day}."), day=call.notice_to.isoformat())
        found.append(Problem("notice-open", told))
    if call.objections.filter(answered_at=None).exists():
        found.append(Problem("objections", _("Every objection is answered first.")))
    return found


@transaction.atomic
def publish_results(*, who: Actor, call: int, now: datetime, seen: int | None = None) -> Call:
    """The final decision: what is listed is granted, with the program's action. Done once."""
    found = held_call(who, call, seen=seen)
    if found.state == Call.State.ENDED:
        return found
    refuse(problems_of_deciding(found, now))
    program = program_of(found)
    rows = found.applications.select_for_update(no_key=True, of=("self",)).filter(
        state__in=["listed", "not_listed"]
    )
    for row in rows.order_by("rank", "id"):
        granted = row.state == Application.State.LISTED
        turn(row, "granted" if granted else "refused")
        row.decided_at = now
        keep(who, row, "grant" if granted else "refuse", now, granted=row.granted)
        if granted:
            carry_out(who, row, program, now)
        tell_decided(row, now)
    turn_call(found, Call.State.ENDED)
    found.ended_at = now
    keep_call(who, found, "publish-results", now)
    emit(ResultsPublished(found.pk, found.number or ""), now=now)
    return found


@transaction.atomic
def end_without_list(*, who: Actor, call: int, reason: str, now: datetime) -> Call:
    """A call to which nobody came, or of which nothing passed, ends with a reason."""
    found = held_call(who, call)
    if not reason.strip():
        refuse([Problem("missing", _("Say why."), "reason")])
    if found.applications.filter(state__in=["accepted", "reviewed", "listed"]).exists():
        told = _("There are applications to be decided: make the list.")
        refuse([Problem("undecided", told)])
    turn_call(found, Call.State.ENDED)
    found.end_reason, found.ended_at = reason.strip()[:1000], now
    keep_call(who, found, "end-call", now, reason=found.end_reason)
    return found


def follow_the_clock(*, now: datetime) -> dict[str, Any]:
    """What the worker does every day: close the calls whose last day is past."""
    yesterday = timezone.localdate(now) - timedelta(days=1)
    due = Call.objects.filter(state="open", closes__lte=yesterday).values_list("pk", flat=True)
    closed = [close_call(who=SYSTEM, call=pk, now=now).pk for pk in due]
    return {"closed": closed}
