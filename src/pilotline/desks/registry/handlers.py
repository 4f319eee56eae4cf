"""What the registry does when news comes from below."""

from datetime import datetime

from pilotline.desks.journal.events import on
from pilotline.desks.people.events import OrganisationRevoked
from pilotline.desks.registry.services import release_facilities


@on(OrganisationRevoked)
def leave_the_catalogue(event: OrganisationRevoked, now: datetime) -> None:
    release_facilities(organisation=event.organisation, reason=event.reason, now=now)
