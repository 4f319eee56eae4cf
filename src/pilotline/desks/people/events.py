"""What people announces. Fields are plain JSON values."""

from dataclasses import dataclass

from pilotline.kernel.event import Event


@dataclass(frozen=True, slots=True)
class OrganisationRegistered(Event):
    """An organisation waits for the authority of its region. `user` registered it."""

    organisation: int
    region: str
    user: int


@dataclass(frozen=True, slots=True)
class OrganisationConfirmed(Event):
    """The authority of its region confirmed an organisation."""

    organisation: int


@dataclass(frozen=True, slots=True)
class OrganisationRefused(Event):
    """The authority of its region refused an organisation, with a reason for its members."""

    organisation: int
    reason: str
