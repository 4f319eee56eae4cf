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


@dataclass(frozen=True, slots=True)
class OrganisationRevoked(Event):
    """The authority took back its confirmation. Desks above end what lives with it."""

    organisation: int
    reason: str


@dataclass(frozen=True, slots=True)
class MemberJoined(Event):
    """A user came in by an invitation. `entered` is the number of this membership."""

    organisation: int
    user: int
    entered: int


@dataclass(frozen=True, slots=True)
class MemberLeft(Event):
    """A user was removed by an owner, or left. `entered` is as in `MemberJoined`."""

    organisation: int
    user: int
    entered: int
    removed: bool


@dataclass(frozen=True, slots=True)
class RoleTurned(Event):
    """A role was given to a user or taken back. `grant` is the number of that giving."""

    user: int
    role: str
    region: str
    given: bool
    grant: int
