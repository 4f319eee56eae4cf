"""Sheets: saved as often as one likes, submitted once, never changed after that."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Q
from django.utils.translation import get_language

from pilotline.desks.demand.forms import storable
from pilotline.desks.journal.rules import canonical
from pilotline.desks.journal.services import emit
from pilotline.desks.review import queries
from pilotline.desks.review.events import PanelMarked, SheetSubmitted
from pilotline.desks.review.models import Assignment, Panel, PanelItem, Sheet
from pilotline.desks.review.rules.marks import problems_of_move, problems_of_sheet
from pilotline.desks.review.services.assignments import _own
from pilotline.desks.review.services.giving import record_assignment
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import refuse

MOST_WORDS = 4000


@transaction.atomic
def save_sheet(
    *,
    who: Actor,
    assignment: int,
    marks: Mapping[str, Any],
    comments: Mapping[str, str],
    overall: str = "",
    now: datetime,
) -> Sheet:
    """Keep a draft as it is, whole or not."""
    found = _own(who, assignment)
    refuse(problems_of_move(found, found.item.panel, "submitted"))
    sheet, is_new = _keep(found, marks, comments, overall, now)
    if is_new:
        record_assignment(who, "begun", found, now)
    return sheet


@transaction.atomic
def submit_sheet(
    *,
    who: Actor,
    assignment: int,
    marks: Mapping[str, Any],
    comments: Mapping[str, str],
    overall: str = "",
    now: datetime,
) -> Sheet:
    """Hand the sheet in. A second click finds it handed in and changes nothing."""
    found = _own(who, assignment)
    if found.state == Assignment.State.SUBMITTED:
        return Sheet.objects.get(assignment=found)
    # Two last sheets at one moment: the panel's row decides which of them was the last.
    panel = Panel.objects.select_for_update(no_key=True).get(pk=found.item.panel_id)
    problems = list(problems_of_move(found, panel, "submitted"))
    rubric = queries.rubric_of(panel)
    problems += problems_of_sheet(rubric, marks, comments, get_language() or "zh")
    refuse(problems)
    sheet, _new = _keep(found, marks, comments, overall, now, hands_in=True)
    found.state, found.closed_at = Assignment.State.SUBMITTED, now
    found.save()
    record_assignment(who, "submitted", found, now, digest=sheet.digest)
    emit(SheetSubmitted(found.pk, panel.pk, found.item_id, found.expert_id), now=now)
    if _is_marked(panel):
        emit(PanelMarked(panel.pk, panel.about_kind, panel.about), now=now)
    return sheet


def _keep(
    found: Assignment,
    marks: Mapping[str, Any],
    comments: Mapping[str, str],
    overall: str,
    now: datetime,
    *,
    hands_in: bool = False,
) -> tuple[Sheet, bool]:
    known = {c.id for c in queries.rubric_of(found.item.panel).criteria}
    kept: dict[str, Any] = {
        "marks": {
            key: str(mark) for key, mark in marks.items() if key in known and mark is not None
        },
        "comments": {
            key: storable(words).strip() for key, words in comments.items() if key in known
        },
        "overall": storable(overall).strip()[:MOST_WORDS],
        "saved_at": now,
    }
    if hands_in:
        kept |= {"submitted_at": now, "digest": digest_of(Sheet(assignment=found, **kept))}
    return Sheet.objects.update_or_create(assignment=found, defaults=kept)


def digest_of(sheet: Sheet) -> str:
    """SHA-256 of what a sheet says, by which a later change of its row shows."""
    said = {
        "assignment": sheet.assignment_id,
        "marks": sheet.marks,
        "comments": sheet.comments,
        "overall": sheet.overall,
    }
    return hashlib.sha256(canonical(said).encode()).hexdigest()


def _is_marked(panel: Panel) -> bool:
    """True when no item wants another sheet."""
    items = PanelItem.objects.filter(panel=panel, withdrawn_at=None)
    handed_in = Count("assignments", filter=Q(assignments__state="submitted"))
    return not items.annotate(handed_in=handed_in).filter(wanted__gt=F("handed_in")).exists()
