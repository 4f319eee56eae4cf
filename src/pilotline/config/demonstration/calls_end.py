"""From applications to results: votes, the list, objections, the decision, and what follows it."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from pilotline.config.demonstration.calls_course import Filed
from pilotline.config.demonstration.calls_stage import Stage, day_of
from pilotline.desks.calls import queries, services
from pilotline.kernel.actor import SYSTEM

DAY = timedelta(days=1)
LISTED = {"listed", "notice", "published"}


def end(stage: Stage, call: Any, row: dict[str, Any], filed: list[Filed], ready: datetime) -> None:
    """Take a call from its last day to where its row says. `ready`: the reviews are over."""
    course, who = row["course"], stage.official(call.region)
    closed = ready_after_close(stage, call, ready)
    if course == "cancelled":
        services.cancel_call(who=who, call=call.pk, reason=row["reason"], now=ready)
        return
    if course in ("open", "draft"):
        return
    services.close_call(who=SYSTEM, call=call.pk, now=closed)
    _vote(stage, call, filed)
    if course == "held":
        for one in filed:
            if one.row.get("came"):
                services.check_in(who=who, application=one.made.pk, now=call.begins_at)
    if course in LISTED:
        _list(stage, call, course, filed, ready)


def ready_after_close(stage: Stage, call: Any, ready: datetime) -> datetime:
    """The hour after midnight at which the worker closes what was open until yesterday."""
    after = stage.now - DAY * ((day_of(stage.now) - call.closes).days - 1)
    return min(after, ready)


def _vote(stage: Stage, call: Any, filed: list[Filed]) -> None:
    """Each voter gives their votes to those that still lack most of theirs."""
    left = {one.made.pk: one.row["votes"] for one in filed if "votes" in one.row}
    if not left or call.vote_from is None:
        return
    most = queries.program_of(call).vote.choices
    at = stage.now - DAY * max(0, (day_of(stage.now) - call.vote_from).days - 1)
    owners = {one.made.pk: one.made.organisation_id for one in filed}
    for organisation, user in stage.cast.applicants[4:]:
        able = [pk for pk, n in left.items() if n > 0 and owners[pk] != organisation]
        chosen = sorted(able, key=lambda pk: -left[pk])[:most]
        if not chosen:
            return
        services.cast_ballot(who=stage.cast.actor(user), call=call.pk, choices=chosen, now=at)
        for pk in chosen:
            left[pk] -= 1


def _list(stage: Stage, call: Any, course: str, filed: list[Filed], ready: datetime) -> None:
    who = stage.official(call.region)
    at = ready + DAY if course == "published" else stage.now - 4 * DAY
    if call.vote_to is not None:
        at = max(at, stage.now - DAY * ((day_of(stage.now) - call.vote_to).days - 1))
    services.make_list(who=who, call=call.pk, now=at)
    if course == "listed":
        return
    found = services.open_notice(who=who, call=call.pk, now=at + DAY)
    for one in filed:
        for told in one.row.get("objections", ()):
            _object(stage, one, told, at + DAY)
    if course == "published":
        over = stage.now - DAY * ((day_of(stage.now) - found.notice_to).days - 1)
        services.publish_results(who=who, call=call.pk, now=over)


def _object(stage: Stage, one: Filed, told: dict[str, Any], at: datetime) -> None:
    body = stage.body(told["by"])
    if body is None:
        return
    made = services.raise_objection(
        who=body[1],
        call=one.made.call_id,
        application=one.made.pk,
        text=told["text"],
        now=at + timedelta(hours=3),
    )
    if "answer" in told:
        services.answer_objection(
            who=stage.official(one.made.call.region),
            objection=made.pk,
            upheld=told["upheld"],
            answer=told["answer"],
            now=at + DAY,
        )


def follow_up(stage: Stage, one: Filed) -> None:
    """Milestones of a granted application as far as they are, and the test of its goals."""
    if "milestones" not in one.row and "test" not in one.row:
        return
    found = queries.application(who=SYSTEM, id=one.made.pk)
    if found.state != "granted":
        return
    who = stage.official(found.call.region)
    at = found.decided_at + DAY
    for told in one.row.get("milestones", ()):
        row = services.add_milestone(
            who=who,
            application=found.pk,
            title=told["title"],
            due=day_of(at, told["days"]),
            amount=Decimal(told["amount"]),
            now=at,
        )
        if "report" not in told:
            continue
        reported = min(at + DAY * (told["days"] - 1), stage.now)
        services.report_milestone(
            who=one.who, milestone=row.pk, report=told["report"], now=reported
        )
        if "passed" in told:
            services.judge_milestone(
                who=who,
                milestone=row.pk,
                passed=told["passed"],
                verdict=told.get("verdict", ""),
                now=min(reported + 2 * DAY, stage.now),
            )
    test = one.row.get("test")
    if test is not None:
        measured = {n: Decimal(value) for n, value in enumerate(test["measured"])}
        services.enter_test(
            who=who, application=found.pk, measured=measured, proof=test["proof"], now=stage.now
        )
