"""An application on its track: what the machine does there, and what the end of it means."""

from datetime import datetime

from django.db import transaction

from pilotline.desks.calls.events import ApplicationDecided
from pilotline.desks.calls.models import Application, Call
from pilotline.desks.calls.queries.calls import program_of
from pilotline.desks.calls.services.hold import keep, locked_application, turn
from pilotline.desks.journal.queries import rulebook_of
from pilotline.desks.journal.services import emit
from pilotline.desks.review import services as review
from pilotline.desks.review.queries.proceedings import open_steps
from pilotline.kernel.actor import SYSTEM

SUBJECT = "application"


def set_out(found: Application, now: datetime) -> None:
    """Put an accepted application on its track; what is complete passes its first step at once."""
    opened = review.open_proceeding(
        who=SYSTEM,
        subject=(SUBJECT, found.pk),
        track=program_of(found.call).track,
        title=found.title,
        title_en=found.title_en,
        region=found.region,
        number=found.number or "",
        organisation=found.organisation_id,
        case=found.case_id,
        is_demo=found.is_demo,
        now=now,
    )
    found.proceeding = opened.pk
    pass_steps(applications={found.pk: ""}, act="completeness", now=now)


def pass_steps(*, applications: dict[int, str], act: str, now: datetime) -> None:
    """End the open steps of this act that have only one way on; the values are the reasons."""
    runs = open_steps(subject_kind=SUBJECT, subjects=applications, act=act)
    for run in runs:
        track = rulebook_of(run.proceeding.release).tracks[run.proceeding.track]
        ways = track.walk.step(run.step).outcomes
        if len(ways) == 1:
            reasons = applications[run.proceeding.subject]
            review.finish_step(who=SYSTEM, run=run.pk, outcome=ways[0].id, reasons=reasons, now=now)


@transaction.atomic
def end_course(*, application: int, outcome: str, now: datetime) -> Application:
    """Through its track, it goes into the ranking; else it is refused. Told twice, done once."""
    found = locked_application(application)
    if found.state != Application.State.ACCEPTED:
        return found
    track = rulebook_of(found.call.release).tracks[program_of(found.call).track]
    passed = outcome in track.good
    turn(found, "reviewed" if passed else "refused")
    if not passed:
        found.decided_at = now
    keep(SYSTEM, found, "end-course", now, outcome=outcome)
    if not passed:
        tell_decided(found, now)
    return found


def drop_all(call: Call, reason: str, now: datetime) -> None:
    """A call that is taken back ends whatever was applied for in it: courses, marks, seats."""
    rows = Application.objects.select_for_update(no_key=True, of=("self",)).filter(call=call)
    for row in rows.exclude(state__in=["granted", "refused", "withdrawn"]).order_by("pk"):
        was = row.state
        turn(row, Application.State.WITHDRAWN)
        row.reasons, row.decided_at = reason, now
        if row.proceeding is not None and was == Application.State.ACCEPTED:
            review.withdraw_proceeding(
                who=SYSTEM, proceeding=row.proceeding, reasons=reason, now=now
            )
        review.withdraw_subject(who=SYSTEM, subject=(SUBJECT, row.pk), now=now)
        keep(SYSTEM, row, "drop", now, before={"state": was}, reason=reason)


def tell_decided(found: Application, now: datetime) -> None:
    """Announce what an application has come to."""
    emit(
        ApplicationDecided(
            application=found.pk,
            number=found.number or "",
            call=found.call_id,
            organisation=found.organisation_id,
            state=found.state,
            granted=str(found.granted),
        ),
        now=now,
    )
