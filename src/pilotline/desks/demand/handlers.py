"""What demand does when news comes from below."""

from datetime import datetime

from pilotline.desks.demand.services import withdraw_all
from pilotline.desks.journal.events import on
from pilotline.desks.people.events import OrganisationRevoked


@on(OrganisationRevoked)
def withdraw_cases(event: OrganisationRevoked, now: datetime) -> None:
    withdraw_all(organisation=event.organisation, reason=event.reason, now=now)
