"""Makes calls, applications and their results, through the services."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from pilotline.desks.calls import services
from pilotline.desks.calls.models import Application, Call
from pilotline.desks.calls.services.judging import take_marks
from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.journal.services import deliver_due
from pilotline.desks.review import services as review
from pilotline.desks.review.models import StepRun
from pilotline.kernel.actor import SYSTEM, Actor
from tests.factories import NOW, PROVINCE, actor

TODAY = date(2026, 11, 2)
LATER = NOW + timedelta(days=40)
GOALS = [{"title": "收率", "at": "85", "unit": "%", "least": True}]
CONTACT = {"contact_name": "李工", "contact_phone": "0531-88886666", "consent": True}


def draft(program: str = "short", who: Actor | None = None, **given: Any) -> Call:
    """A call that only its authority sees; `short` is the program that is quickest to judge."""
    rule = current_rulebook().programs[NAMES.get(program, program)]
    values: dict[str, Any] = {
        "title": rule.title.zh,
        "opens": TODAY,
        "closes": TODAY + timedelta(days=30),
    }
    if rule.challenge:
        issuer = given.pop("issuer", None) or next(iter(actor("applicant").organisations))
        values |= {"goals": GOALS, "prize": Decimal(800_000), "issuer": issuer}
    if rule.capacity:
        values |= {"place": "济南", "begins_at": LATER, "seats": 3}
    who = who or actor("authority")
    return services.draft_call(
        who=who, program=rule.id, region=PROVINCE, values=values | given, now=NOW
    )


# Programs by what the tests want of them, so that no test hangs on a program's name.
NAMES = {
    "short": "first_batch",
    "challenge": "open_challenge",
    "joint": "joint_project",
    "vote": "showcases",
    "event": "pilot_lecture",
    "money": "loan_interest",
    "tier": "provincial_recognition",
}


def opened(program: str = "short", **given: Any) -> Call:
    return services.open_call(who=SYSTEM, call=draft(program, **given).pk, now=NOW)


def answers(call: Call, **given: Any) -> dict[str, Any]:
    """Answers that are complete for any shipped program."""
    form = current_rulebook().programs[call.program].form
    found: dict[str, Any] = {}
    for field in form.fields:
        if field.type in ("text", "long_text"):
            found[field.id] = "中试验证充分的高性能膜材料" * 3
            found[field.id] = found[field.id][: field.limits.max_length or 60]
        elif field.type in ("number", "money"):
            found[field.id] = str(field.limits.low or 1)
        elif field.type == "date":
            found[field.id] = "2027-06-30" if field.id == "end" else "2026-12-01"
        elif field.type == "choice":
            found[field.id] = field.options[0].id
        elif field.type == "flag":
            found[field.id] = True
    return found | CONTACT | given


def begun(call: Call, who: Actor | None = None, **given: Any) -> tuple[Actor, Application]:
    who = who or actor("applicant")
    body = next(iter(who.organisations))
    made = services.start_application(who=who, call=call.pk, organisation=body, now=NOW)
    more = {k: given.pop(k) for k in ("facility", "case", "category") if k in given}
    services.save_application(
        who=who, application=made.pk, answers=answers(call, **given), now=NOW, **more
    )
    return who, Application.objects.get(pk=made.pk)


def applied(call: Call, who: Actor | None = None, **given: Any) -> tuple[Actor, Application]:
    """A complete application, handed in."""
    who, made = begun(call, who, **given)
    return who, services.submit_application(who=who, application=made.pk, now=NOW)


def through(made: Application, now: datetime | None = None) -> Application:
    """Walk an application to the good end of its track."""
    now = now or NOW
    for _turn in range(12):
        run = StepRun.objects.filter(
            proceeding__subject_kind="application", proceeding__subject=made.pk, state="open"
        ).first()
        if run is None:
            break
        review.finish_step(who=SYSTEM, run=run.pk, outcome=GOOD[run.act], reasons="属实", now=now)
    deliver_due(now=now)
    made.refresh_from_db()
    return made


GOOD = {"recommend": "recommend", "marks": "marked", "decision": "propose", "review": "pass"}
GOOD |= {"site_check": "confirmed"}


def marked(call: Call, totals: dict[Application, int]) -> Call:
    """Applications through their tracks with these totals, and the call closed."""
    for made in totals:
        through(made)
    points = {made.pk: (Decimal(total), Decimal(total)) for made, total in totals.items()}
    take_marks(call=call.pk, points=points, now=NOW)
    return services.close_call(who=SYSTEM, call=call.pk, now=NOW + timedelta(days=40))
