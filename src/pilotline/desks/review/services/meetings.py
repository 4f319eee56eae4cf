"""Meetings of panels and committees: called, held, their minutes sealed."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pilotline.desks.journal.queries import rulebook_of
from pilotline.desks.journal.rules import canonical
from pilotline.desks.journal.services import emit, record
from pilotline.desks.review import queries
from pilotline.desks.review.events import MeetingCalled
from pilotline.desks.review.models import (
    Attendance,
    Committee,
    Expert,
    Meeting,
    Panel,
    PanelItem,
    Question,
)
from pilotline.desks.review.queries.committees import may_run
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import Conflict, NotFound, Problem, refuse

OUTCOMES = ("recommended", "with_changes", "not_recommended")


@transaction.atomic
def call_meeting(
    *,
    who: Actor,
    title: str,
    agenda: str,
    starts_at: datetime | None,
    place: str = "",
    panel: int | None = None,
    committee: int | None = None,
    now: datetime,
) -> Meeting:
    """Call the experts of a panel, or the members of a committee, to a meeting.

    Open questions put to the committee come on its agenda.
    """
    body = _body(who, panel, committee)
    refuse(_problems_of_call(title, agenda, starts_at))
    assert starts_at is not None  # noqa: S101  refuse has raised
    meeting = Meeting.objects.create(
        panel=body if isinstance(body, Panel) else None,
        committee=body if isinstance(body, Committee) else None,
        title=title.strip(),
        agenda=agenda.strip(),
        place=place.strip(),
        starts_at=starts_at,
    )
    called = _called(body, starts_at)
    Attendance.objects.bulk_create(Attendance(meeting=meeting, expert_id=pk) for pk in called)
    if isinstance(body, Committee):
        Question.objects.filter(committee=body, state=Question.State.ASKED).update(
            meeting=meeting, state=Question.State.CALLED
        )
    _record(who, "call_meeting", meeting, now, {"experts": called})
    emit(MeetingCalled(meeting.pk, meeting.panel_id, meeting.committee_id, called), now=now)
    return meeting


def _problems_of_call(title: str, agenda: str, starts_at: datetime | None) -> list[Problem]:
    problems = []
    if not title.strip():
        problems.append(Problem("title", _("Give the meeting a title."), "title"))
    if not agenda.strip():
        problems.append(Problem("agenda", _("Give an agenda."), "agenda"))
    if starts_at is None:
        problems.append(Problem("starts_at", _("Give day and hour."), "starts_at"))
    return problems


def _called(body: Panel | Committee, starts_at: datetime) -> list[int]:
    if isinstance(body, Committee):
        found = queries.terms(committee=body, day=starts_at.date())
    else:
        found = queries.assignments(panel=body).filter(state__in=["accepted", "submitted"])
    return sorted(set(found.values_list("expert_id", flat=True)))


@transaction.atomic
def seal_minutes(
    *,
    who: Actor,
    meeting: int,
    minutes: str,
    came: Iterable[int],
    findings: Mapping[int, Mapping[str, str]] | None = None,
    now: datetime,
) -> Meeting:
    """Write the minutes, who came and, for a panel, what was found of each item; then nothing of
    it changes any more.

    An expert with a conflict is noted as away for the items it touches.
    """
    found = _locked(who, meeting)
    called = {a.expert_id: a for a in Attendance.objects.filter(meeting=found)}
    here = set(came) & set(called)
    items = (
        PanelItem.objects.filter(panel=found.panel_id, withdrawn_at=None) if found.panel_id else []
    )
    known = {item.pk for item in items}
    kept = {
        str(pk): dict(f) for pk, f in (findings or {}).items() if pk in known and f.get("outcome")
    }
    problems = []
    if not minutes.strip():
        problems.append(Problem("minutes", _("Write the minutes."), "minutes"))
    if not here:
        problems.append(Problem("came", _("Say who came."), "came"))
    if any(f["outcome"] not in OUTCOMES for f in kept.values()):
        problems.append(Problem("findings", _("Please choose one of the findings.")))
    refuse(problems)
    away = _away(found, sorted(here), now)
    for pk, attendance in called.items():
        attendance.came, attendance.away_for = pk in here, away.get(pk, [])
        attendance.save()
    found.minutes, found.findings = minutes.strip(), kept
    found.state, found.sealed_at = Meeting.State.SEALED, now
    found.sealed_by_name, found.digest = who.name, _digest(found, sorted(here), away)
    found.save()
    _record(who, "seal_minutes", found, now, {"digest": found.digest, "came": sorted(here)})
    return found


def _away(meeting: Meeting, experts: list[int], now: datetime) -> dict[int, list[int]]:
    """Items of the panel for which each expert who came had to leave."""
    if meeting.panel is None:
        return {}
    found = queries.barred(
        queries.conflicts(
            experts=Expert.objects.filter(pk__in=experts),
            items=queries.items(panel=meeting.panel),
            rulebook=rulebook_of(meeting.panel.release),
            today=timezone.localdate(now),
        )
    )
    away: dict[int, list[int]] = {}
    for expert, item in sorted(found):
        away.setdefault(expert, []).append(item)
    return away


def _digest(meeting: Meeting, came: list[int], away: dict[int, list[int]]) -> str:
    said: dict[str, Any] = {
        "meeting": meeting.pk,
        "agenda": meeting.agenda,
        "minutes": meeting.minutes,
        "findings": meeting.findings,
        "came": came,
        "away": {str(pk): items for pk, items in away.items()},
    }
    return hashlib.sha256(canonical(said).encode()).hexdigest()


@transaction.atomic
def cancel_meeting(*, who: Actor, meeting: int, now: datetime) -> Meeting:
    """Call a meeting off; questions on its agenda wait for the next."""
    found = _locked(who, meeting)
    found.state = Meeting.State.CANCELLED
    found.save(update_fields=["state"])
    Question.objects.filter(meeting=found, state=Question.State.CALLED).update(
        state=Question.State.ASKED, meeting=None
    )
    _record(who, "cancel_meeting", found, now)
    return found


def _body(who: Actor, panel: int | None, committee: int | None) -> Panel | Committee:
    if panel is not None:
        return queries.panel(who=who, id=panel)
    found = queries.committee(who=who, id=committee or 0)
    if not may_run(who, found):
        raise NotFound
    return found


def _locked(who: Actor, pk: int) -> Meeting:
    queries.meeting(who=who, id=pk)
    found = Meeting.objects.select_for_update(no_key=True, of=("self",)).get(pk=pk)
    if found.state != Meeting.State.CALLED:
        raise Conflict(_("The minutes are sealed, or the meeting was called off."))
    return found


def _record(
    who: Actor, verb: str, meeting: Meeting, now: datetime, after: dict[str, Any] | None = None
) -> None:
    record(
        who=who,
        action=f"review.{verb}",
        subject=("meeting", meeting.pk),
        after={"state": meeting.state, "title": meeting.title} | (after or {}),
        now=now,
    )
