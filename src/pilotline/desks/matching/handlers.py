"""What matching does when news comes from below."""

from datetime import datetime

from django.utils import timezone

from pilotline.desks.demand import queries as demand
from pilotline.desks.demand.events import (
    CaseAmended,
    CaseClosed,
    CaseWithdrawn,
    NeedAccepted,
    TechnologyAccepted,
)
from pilotline.desks.journal.events import on
from pilotline.desks.matching.events import MatchAgreed, MatchEnded
from pilotline.desks.matching.services import (
    close_gap,
    end_talks,
    has_fresh_shortlist,
    leave_facilities,
    propose,
)
from pilotline.desks.registry.events import FacilitiesLeft
from pilotline.desks.review import services as review
from pilotline.kernel.actor import SYSTEM


@on(NeedAccepted)
def shortlist_need(event: NeedAccepted, now: datetime) -> None:
    _propose_once(event.case, now)


@on(TechnologyAccepted)
def shortlist_technology(event: TechnologyAccepted, now: datetime) -> None:
    _propose_once(event.case, now)


def _propose_once(case: int, now: datetime) -> None:
    """Late news of a case that has moved on, or has its shortlist, changes nothing."""
    looking = demand.is_looking(demand.case(who=SYSTEM, id=case))
    if looking and not has_fresh_shortlist(case=case):
        propose(case=case, now=now)


@on(CaseAmended)
def shortlist_again(event: CaseAmended, now: datetime) -> None:
    """A case that still looks for a partner is searched anew with what it says now."""
    if demand.is_looking(demand.case(who=SYSTEM, id=event.case)):
        propose(case=event.case, now=now)


@on(MatchEnded)
def search_after_ending(event: MatchEnded, now: datetime) -> None:
    """What came to nothing looks for a partner among the lines of today."""
    _propose_once(event.case, now)


@on(FacilitiesLeft)
def leave_with_facilities(event: FacilitiesLeft, now: datetime) -> None:
    leave_facilities(facilities=event.facilities, reason=event.reason, now=now)


@on(CaseWithdrawn)
def leave_after_withdrawal(event: CaseWithdrawn, now: datetime) -> None:
    close_gap(case=event.case)
    end_talks(case=event.case, now=now, with_match=True)


@on(CaseClosed)
def leave_after_closing(event: CaseClosed, now: datetime) -> None:
    close_gap(case=event.case)
    end_talks(case=event.case, now=now)


@on(MatchAgreed)
def note_dealing(event: MatchAgreed, now: datetime) -> None:
    """Who serves and who is served have to do with each other: experts of both keep away."""
    if event.operator is not None:
        review.note_dealing(
            supplier=event.operator,
            client=event.applicant,
            on=timezone.localdate(now),
            record_of=("match", event.match),
            now=now,
        )
