"""News of calls: who may apply, what became of it, whose turn it is."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pilotline.desks.calls import queries as calls
from pilotline.desks.calls.events import (
    ApplicationAccepted,
    ApplicationDecided,
    CallCancelled,
    CallOpened,
    GoalsTested,
    MilestoneAgreed,
    MilestoneDue,
    MilestoneJudged,
    MilestoneReported,
    NoticeOpened,
    ObjectionAnswered,
    ObjectionRaised,
    PartnerAnswered,
    PartnerAsked,
    PlanReady,
    ResultsPublished,
    SeatOffered,
)
from pilotline.desks.journal.events import on
from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.notices.services import tell
from pilotline.desks.people import queries as people
from pilotline.desks.registry import queries as registry
from pilotline.kernel.actor import SYSTEM


@on(CallOpened)
def tell_of_open_call(event: CallOpened, now: datetime) -> None:
    """Those whom it concerns; not after it was closed again."""
    found = calls.call(who=SYSTEM, id=event.call)
    if found.state == "open":
        users = _people_of(calls.likely_applicants(call=found))
        _of_call("call.opened", event.call, users, now, day=event.closes)


@on(CallCancelled)
def tell_of_cancelled_call(event: CallCancelled, now: datetime) -> None:
    users = _people_of(calls.concerned(call=calls.call(who=SYSTEM, id=event.call)))
    _of_call("call.cancelled", event.call, users, now, reason=event.reason)


@on(NoticeOpened)
def tell_of_notice(event: NoticeOpened, now: datetime) -> None:
    users = _people_of(calls.concerned(call=calls.call(who=SYSTEM, id=event.call)))
    _of_call("call.notice", event.call, users, now, once=event.until, day=event.until)


@on(ResultsPublished)
def tell_who_waits_for_results(event: ResultsPublished, now: datetime) -> None:
    """Who objected or voted; applicants are told of their own application."""
    users = calls.watchers(call=calls.call(who=SYSTEM, id=event.call))
    _of_call("call.results", event.call, users, now)


@on(ObjectionRaised)
def tell_of_objection(event: ObjectionRaised, now: datetime) -> None:
    users = people.authorities_of(event.region)
    _of_call("objection.raised", event.call, users, now, once=str(event.objection))


@on(ObjectionAnswered)
def tell_who_objected(event: ObjectionAnswered, now: datetime) -> None:
    users = [] if event.by is None else [event.by]
    _of_call("objection.answered", event.call, users, now, once=str(event.objection))


@on(ApplicationAccepted)
def tell_of_accepted_application(event: ApplicationAccepted, now: datetime) -> None:
    """The applicant of a number, a seat or a place in line; the authority of something new."""
    found = calls.application(who=SYSTEM, id=event.application)
    kind = found.state if found.state in ("seated", "waiting") else "accepted"
    _of_application(f"application.{kind}", event.application, _people(event.organisation), now)
    if kind == "accepted":
        users = people.authorities_of(event.region)
        _of_application("call.arrived", event.application, users, now)


@on(SeatOffered)
def tell_of_seat(event: SeatOffered, now: datetime) -> None:
    users = _people(event.organisation)
    _of_application("application.seated", event.application, users, now, once="offered")


@on(ApplicationDecided)
def tell_of_decision(event: ApplicationDecided, now: datetime) -> None:
    """The applicant of what it came to; the authority of who left."""
    if event.state == "withdrawn":
        found = calls.call(who=SYSTEM, id=event.call)
        users = people.authorities_of(found.region) if event.number else []
        _of_application("call.left", event.application, users, now)
    else:
        kind = f"application.{event.state}"
        _of_application(kind, event.application, _people(event.organisation), now)


@on(PartnerAsked)
def tell_who_is_named(event: PartnerAsked, now: datetime) -> None:
    _of_partner("partner.asked", event.application, event.organisation, event.lead, now)


@on(PartnerAnswered)
def tell_the_lead(event: PartnerAnswered, now: datetime) -> None:
    kind = "partner.agreed" if event.agreed else "partner.declined"
    _of_partner(kind, event.application, event.lead, event.organisation, now)


@on(MilestoneAgreed)
def tell_of_milestone(event: MilestoneAgreed, now: datetime) -> None:
    _of_milestone("milestone.agreed", event, _people(event.organisation), now)


@on(MilestoneDue)
def tell_what_is_due(event: MilestoneDue, now: datetime) -> None:
    _of_milestone("milestone.due", event, _people(event.organisation), now, day=event.due)


@on(MilestoneReported)
def tell_who_checks(event: MilestoneReported, now: datetime) -> None:
    users = people.authorities_of(event.region)
    _of_milestone("milestone.reported", event, users, now, once=f"{now:%Y%m%d}")


@on(MilestoneJudged)
def tell_of_verdict(event: MilestoneJudged, now: datetime) -> None:
    kind = "milestone.passed" if event.passed else "milestone.failed"
    _of_milestone(kind, event, _people(event.organisation), now, once=f"{now:%Y%m%d}")


@on(GoalsTested)
def tell_of_test(event: GoalsTested, now: datetime) -> None:
    kind = "goals.reached" if event.reached else "goals.missed"
    users = _people(event.organisation)
    _of_application(kind, event.application, users, now, once=f"{now:%Y%m%d}")


@on(PlanReady)
def tell_who_has_become_ready(event: PlanReady, now: datetime) -> None:
    title = current_rulebook().programs[event.program].title
    tell(
        users=people.operators_of(event.organisation),
        kind="plan.ready",
        facts={
            "facility": registry.visible_by(SYSTEM, event.facility).name,
            "program": {"zh": title.zh, "en": title.en},
        },
        subject=("readiness", event.facility),
        key=f"plan.ready:{event.plan}",
        now=now,
    )


def _people(organisation: int) -> list[int]:
    return people.users_of(organisation)


def _people_of(organisations: Iterable[int]) -> set[int]:
    return {user for users in people.members_of(organisations).values() for user in users}


def _title(call: Any) -> dict[str, str]:
    return {"zh": call.title, "en": call.title_en or call.title}


def _of_call(
    kind: str, call: int, users: Iterable[int], now: datetime, *, once: str = "", **more: Any
) -> None:
    found = calls.call(who=SYSTEM, id=call)
    tell(
        users=users,
        kind=kind,
        facts={"call": _title(found), **more},
        subject=("call", call),
        key=f"{kind}:{call}:{once}",
        now=now,
    )


def _of_application(
    kind: str, application: int, users: Iterable[int], now: datetime, *, once: str = "", **more: Any
) -> None:
    found = calls.application(who=SYSTEM, id=application)
    tell(
        users=users,
        kind=kind,
        facts={
            "number": found.number or "",
            "title": found.title,
            "call": _title(found.call),
            **more,
        },
        subject=("application", application),
        key=f"{kind}:{application}:{once}",
        now=now,
    )


def _of_partner(kind: str, application: int, to: int, about: int, now: datetime) -> None:
    """Once a day for each: an answer may change while the application is not handed in."""
    name = people.names([about]).get(about, "")
    once = f"{about}:{to}:{now:%Y%m%d}"
    _of_application(kind, application, _people(to), now, once=once, name=name)


def _of_milestone(
    kind: str, event: Any, users: Iterable[int], now: datetime, *, once: str = "", **more: Any
) -> None:
    title = calls.milestone_title(id=event.milestone)
    key = f"{event.milestone}:{once}"
    _of_application(kind, event.application, users, now, once=key, milestone=title, **more)
