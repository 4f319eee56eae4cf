"""What time does to proceedings: steps that are late go up, clocks follow the calendar."""

import logging
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from pilotline.desks.journal.services import emit, record
from pilotline.desks.review.events import StepLate
from pilotline.desks.review.models import Proceeding, StepRun
from pilotline.desks.review.services.course import keep, work_out
from pilotline.kernel.actor import SYSTEM
from pilotline.kernel.errors import Refused

log = logging.getLogger("pilotline.review")


def escalate_late(*, now: datetime) -> int:
    """Let every late step go up as its track says, each rung once. Returns how many went up."""
    today = timezone.localdate(now)
    late = StepRun.objects.filter(state="open", due__lt=today, proceeding__state="open")
    keys = sorted(set(late.values_list("proceeding_id", flat=True)))
    return sum(_escalate(key, now) for key in keys)


@transaction.atomic
def _escalate(proceeding: int, now: datetime) -> int:
    found = Proceeding.objects.select_for_update(no_key=True).get(pk=proceeding)
    if found.state != "open":
        return 0
    standing = work_out(found, timezone.localdate(now))
    rows = StepRun.objects.filter(proceeding=found).order_by("id")
    count = 0
    for row, run in zip(rows, standing.runs, strict=False):
        if run.goes_up is None or row.escalated_to == run.goes_up.to:
            continue
        row.escalated_to, row.escalated_at = run.goes_up.to, now
        row.save(update_fields=["escalated_to", "escalated_at"])
        emit(
            StepLate(found.pk, row.pk, row.step, run.goes_up.to, found.subject_kind, found.subject),
            now=now,
        )
        record(
            who=SYSTEM,
            action="review.escalate",
            subject=("proceeding", found.pk),
            case=found.case_id,
            organisation=found.organisation_id,
            after={"step": row.step, "to": run.goes_up.to, "late": run.late},
            now=now,
        )
        count += 1
    return count


def renew_clocks(*, now: datetime) -> int:
    """Work every open proceeding out anew, as when the calendar has changed. Returns how many.

    Each in a transaction of its own: one that cannot be worked out keeps its days and stops no
    other.
    """
    keys = list(Proceeding.objects.filter(state="open").values_list("pk", flat=True))
    return sum(_renew(key, now) for key in keys)


def _renew(proceeding: int, now: datetime) -> int:
    try:
        with transaction.atomic():
            found = Proceeding.objects.select_for_update(no_key=True).get(pk=proceeding)
            if found.state != "open":
                return 0
            standing = work_out(found, timezone.localdate(now))
            keep(found, standing, now)
            if found.latest_end != standing.latest:
                found.latest_end = standing.latest
                found.save(update_fields=["latest_end"])
    except Refused as error:
        log.warning("the clocks of proceeding %s stay as they are: %s", proceeding, error)
        return 0
    return 1
