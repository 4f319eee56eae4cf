"""Which news is for whom. Each handler may run twice: `key` makes the notice once."""

from datetime import datetime

from pilotline.desks.demand import queries as demand
from pilotline.desks.demand.events import (
    CaseAmended,
    CaseWithdrawn,
    NeedAccepted,
    TechnologyAccepted,
)
from pilotline.desks.journal.events import on
from pilotline.desks.matching import queries as matching
from pilotline.desks.matching.events import MatchAgreed, MatchMoved, ShortlistMade
from pilotline.desks.notices.services import tell
from pilotline.desks.people import queries as people
from pilotline.desks.people.events import (
    OrganisationConfirmed,
    OrganisationRefused,
    OrganisationRegistered,
)
from pilotline.kernel.actor import SYSTEM

# What the other side is told when one side makes a move.
TOLD = {
    "ask": "match.asked",
    "offer": "match.offered",
    "question": "match.message",
    "answer": "match.message",
    "accept": "match.accepted",
    "decline": "match.declined",
    "withdraw": "match.withdrawn",
}


@on(OrganisationRegistered)
def tell_of_registration(event: OrganisationRegistered, now: datetime) -> None:
    tell(
        users=people.authorities_of(event.region),
        kind="organisation.registered",
        facts={"name": _organisation(event.organisation)},
        subject=("organisation", event.organisation),
        key=f"organisation.registered:{event.organisation}",
        now=now,
    )


@on(OrganisationConfirmed)
def tell_of_confirmation(event: OrganisationConfirmed, now: datetime) -> None:
    tell(
        users=people.users_of(event.organisation),
        kind="organisation.confirmed",
        facts={"name": _organisation(event.organisation)},
        subject=("organisation", event.organisation),
        key=f"organisation.confirmed:{event.organisation}",
        now=now,
    )


@on(OrganisationRefused)
def tell_of_refusal(event: OrganisationRefused, now: datetime) -> None:
    tell(
        users=people.users_of(event.organisation),
        kind="organisation.refused",
        facts={"name": _organisation(event.organisation), "reason": event.reason},
        subject=("organisation", event.organisation),
        key=f"organisation.refused:{event.organisation}",
        now=now,
    )


@on(NeedAccepted)
def tell_of_need(event: NeedAccepted, now: datetime) -> None:
    _tell_of_arrival(event.case, event.number, event.organisation, now)


@on(TechnologyAccepted)
def tell_of_technology(event: TechnologyAccepted, now: datetime) -> None:
    _tell_of_arrival(event.case, event.number, event.organisation, now)


def _tell_of_arrival(case: int, number: str, organisation: int, now: datetime) -> None:
    found = demand.case(who=SYSTEM, id=case)
    facts = {"number": number, "title": found.title}
    tell(
        users=people.users_of(organisation),
        kind="case.accepted",
        facts=facts,
        subject=("case", case),
        key=f"case.accepted:{case}",
        now=now,
    )
    tell(
        users=people.authorities_of(found.region),
        kind="case.arrived",
        facts=facts,
        subject=("case", case),
        key=f"case.arrived:{case}",
        now=now,
    )


@on(CaseAmended)
def tell_of_amendment(event: CaseAmended, now: datetime) -> None:
    version = demand.case(who=SYSTEM, id=event.case).version
    _tell_operators(event.case, event.number, "case.amended", f"{event.case}:{version}", now)


@on(CaseWithdrawn)
def tell_of_withdrawal(event: CaseWithdrawn, now: datetime) -> None:
    _tell_operators(event.case, event.number, "case.withdrawn", str(event.case), now)


def _tell_operators(case: int, number: str, kind: str, key: str, now: datetime) -> None:
    for match in matching.case_matches(who=SYSTEM, case=case):
        if match.facility.operator_id is not None:
            tell(
                users=people.operators_of(match.facility.operator_id),
                kind=kind,
                facts={"number": number},
                subject=("match", match.pk),
                key=f"{kind}:{key}",
                now=now,
            )


@on(ShortlistMade)
def tell_of_shortlist(event: ShortlistMade, now: datetime) -> None:
    """Told when there is an answer for the first time, and when a gap has closed or opened."""
    served = bool(event.count or event.pairs)
    tell(
        users=people.users_of(event.organisation),
        kind="shortlist.ready" if served else "shortlist.gap",
        facts={"number": event.number, "count": event.count or event.pairs},
        subject=("case", event.case),
        key=f"shortlist:{event.case}:{served}",
        now=now,
    )


@on(MatchMoved)
def tell_of_move(event: MatchMoved, now: datetime) -> None:
    if event.move not in TOLD:
        return
    match = matching.match(who=SYSTEM, id=event.match)
    if event.side == "operator":
        users = people.users_of(event.applicant)
    else:
        users = people.operators_of(event.operator) if event.operator is not None else []
    tell(
        users=users,
        kind=TOLD[event.move],
        facts={
            "number": event.number,
            "title": match.case.title,
            "facility": match.facility.name,
            "reason": event.reason,
        },
        subject=("match", event.match),
        key=f"match:{event.message}",
        now=now,
    )


@on(MatchAgreed)
def tell_of_agreement(event: MatchAgreed, now: datetime) -> None:
    match = matching.match(who=SYSTEM, id=event.match)
    operators = people.operators_of(event.operator) if event.operator is not None else []
    tell(
        users=[
            *people.users_of(event.applicant),
            *operators,
            *people.authorities_of(match.case.region),
        ],
        kind="match.agreed",
        facts={"number": event.number, "facility": match.facility.name},
        subject=("match", event.match),
        key=f"match.agreed:{event.match}",
        now=now,
    )


def _organisation(pk: int) -> str:
    return people.names([pk]).get(pk, "")
