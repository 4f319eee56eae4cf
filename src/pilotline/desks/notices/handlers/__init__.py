"""Which news is for whom. Each handler may run twice: `key` makes the notice once."""

from datetime import datetime

from pilotline.desks.demand import queries as demand
from pilotline.desks.demand.events import (
    CaseAmended,
    CaseClosed,
    CaseWithdrawn,
    NeedAccepted,
    TechnologyAccepted,
)
from pilotline.desks.journal.events import JournalFaulty, NewsStuck, on
from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.matching import queries as matching
from pilotline.desks.matching.events import MatchAgreed, MatchEnded, MatchMoved, ShortlistMade
from pilotline.desks.notices import handlers_review as handlers_review  # registers its own
from pilotline.desks.notices import settlement as settlement  # registers its own handlers
from pilotline.desks.notices.handlers import bookings, calls, projects, quotations, steps
from pilotline.desks.notices.services import tell
from pilotline.desks.people import queries as people
from pilotline.desks.people.events import (
    MemberJoined,
    MemberLeft,
    OrganisationConfirmed,
    OrganisationRefused,
    OrganisationRegistered,
    OrganisationRevoked,
    RoleTurned,
)
from pilotline.desks.registry.events import (
    ClaimAnswered,
    FacilitiesLeft,
    FacilityClaimed,
    TierDecided,
)
from pilotline.kernel.actor import SYSTEM
from pilotline.rulebook.model import Entry

# These have files of their own; importing them registers their handlers.
__all__ = ["bookings", "calls", "projects", "quotations", "steps"]

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


@on(OrganisationRevoked)
def tell_of_revocation(event: OrganisationRevoked, now: datetime) -> None:
    tell(
        users=people.users_of(event.organisation),
        kind="organisation.revoked",
        facts={"name": _organisation(event.organisation), "reason": event.reason},
        subject=("organisation", event.organisation),
        key=f"organisation.revoked:{event.organisation}:{now:%Y-%m-%d}",
        now=now,
    )


@on(FacilitiesLeft)
def tell_of_facilities_that_left(event: FacilitiesLeft, now: datetime) -> None:
    """The operator's people are told what became of their facilities."""
    tell(
        users=people.users_of(event.organisation),
        kind="facilities.left",
        facts={"name": _organisation(event.organisation), "count": len(event.facilities)},
        subject=("organisation", event.organisation),
        key=f"facilities.left:{event.organisation}:{now:%Y-%m-%d}",
        now=now,
    )


@on(MemberJoined)
def tell_of_new_member(event: MemberJoined, now: datetime) -> None:
    """Its owners learn who came in by their invitation."""
    tell(
        users=set(people.owners_of(event.organisation)) - {event.user},
        kind="member.joined",
        facts={"name": _organisation(event.organisation), "person": _person(event.user)},
        subject=("organisation", event.organisation),
        key=f"member.joined:{event.entered}",
        now=now,
    )


@on(MemberLeft)
def tell_of_leaving(event: MemberLeft, now: datetime) -> None:
    """Who was removed is told; of who left by themselves the owners are told."""
    tell(
        users=[event.user] if event.removed else people.owners_of(event.organisation),
        kind="member.removed" if event.removed else "member.left",
        facts={"name": _organisation(event.organisation), "person": _person(event.user)},
        subject=("organisation", event.organisation),
        key=f"member.left:{event.entered}",
        now=now,
    )


@on(RoleTurned)
def tell_of_role(event: RoleTurned, now: datetime) -> None:
    tell(
        users=[event.user],
        kind=f"role.{event.role}.{'given' if event.given else 'taken'}",
        facts={"region": _region(event.region)},
        subject=("role", event.role),
        key=f"role:{event.grant}:{event.given}",
        now=now,
    )


@on(NewsStuck)
def tell_of_stuck_news(event: NewsStuck, now: datetime) -> None:
    tell(
        users=people.sysops(),
        kind="news.stuck",
        facts={"news": event.news, "attempts": event.attempts},
        subject=("delivery", event.delivery),
        key=f"news.stuck:{event.delivery}:{now:%Y-%m-%d}",
        now=now,
    )


@on(JournalFaulty)
def tell_of_tampering(event: JournalFaulty, now: datetime) -> None:
    tell(
        users=people.sysops(),
        kind="journal.faulty",
        facts={"count": event.faults},
        subject=("journal", event.check),
        key=f"journal.faulty:{event.check}",
        now=now,
    )


@on(TierDecided)
def tell_of_tier(event: TierDecided, now: datetime) -> None:
    """The facility's own people learn what the authority decided."""
    if event.operator is None:
        return
    tier = current_rulebook().tiers[event.tier]
    step = next((one for one in tier.steps if one.id == event.step), None)
    tell(
        users=people.operators_of(event.operator),
        kind="tier.step" if step else "tier.decided",
        facts={
            "facility": event.facility_name,
            "tier": _both(tier),
            "step": _both(step) if step else "",
            "since": event.since,
        },
        subject=("facility", event.code),
        key=f"tier:{event.code}:{event.tier}:{event.step}:{event.since}",
        now=now,
    )


@on(FacilityClaimed)
def tell_of_claim(event: FacilityClaimed, now: datetime) -> None:
    tell(
        users=people.authorities_of(event.region),
        kind="claim.asked",
        facts={"facility": event.facility_name, "name": _organisation(event.organisation)},
        subject=("claim", event.claim),
        key=f"claim.asked:{event.claim}",
        now=now,
    )


@on(ClaimAnswered)
def tell_of_answered_claim(event: ClaimAnswered, now: datetime) -> None:
    kind = "claim.confirmed" if event.confirmed else "claim.refused"
    tell(
        users=people.operators_of(event.organisation),
        kind=kind,
        facts={"facility": event.facility_name, "reason": event.answer},
        subject=("facility" if event.confirmed else "claimed", event.code),
        key=f"claim.answered:{event.claim}",
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


@on(CaseClosed)
def tell_of_closing(event: CaseClosed, now: datetime) -> None:
    tell(
        users=people.users_of(event.organisation),
        kind="case.closed",
        facts={"number": event.number},
        subject=("case", event.case),
        key=f"case.closed:{event.case}",
        now=now,
    )
    _tell_operators(event.case, event.number, "case.closed", f"{event.case}:operator", now)


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
            "reason": _reason(event.reason),
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


@on(MatchEnded)
def tell_of_ending(event: MatchEnded, now: datetime) -> None:
    """Both sides and the authority, but for the side that ended it."""
    match = matching.match(who=SYSTEM, id=event.match)
    sides = {
        "applicant": people.users_of(event.applicant),
        "operator": people.operators_of(event.operator) if event.operator is not None else [],
        "authority": people.authorities_of(match.case.region),
    }
    tell(
        users=[user for side, users in sides.items() if side != event.side for user in users],
        kind="match.ended" if event.was_agreed else "match.withdrawn",
        facts={"number": event.number, "facility": match.facility.name},
        subject=("match", event.match),
        key=f"match.ended:{event.match}",
        now=now,
    )


def _organisation(pk: int) -> str:
    return people.names([pk]).get(pk, "")


def _person(pk: int) -> str:
    return people.user_names([pk]).get(pk, "")


def _both(entry: Entry) -> dict[str, str]:
    """A rulebook's title as a fact: the reader's language is chosen when the notice is shown."""
    return {"zh": entry.title.zh, "en": entry.title.en}


def _region(code: str) -> dict[str, str] | str:
    book = current_rulebook()
    found = book.cities.get(code) or book.elsewhere.get(code)
    found = found or (book.region if code == book.region.id else None)
    return _both(found) if found else code


def _reason(id: str) -> dict[str, str] | str:
    found = current_rulebook().decline_reasons.get(id) if id else None
    return _both(found) if found else id
