"""Tables of the registry."""

from pilotline.desks.registry.models.capability import Capability, Certificate, Paper
from pilotline.desks.registry.models.facility import Claim, Facility, TierStep
from pilotline.desks.registry.models.importing import ImportFile
from pilotline.desks.registry.models.resource import Resource
from pilotline.desks.registry.models.search import IndexRow

__all__ = [
    "Capability",
    "Certificate",
    "Claim",
    "Facility",
    "ImportFile",
    "IndexRow",
    "Paper",
    "Resource",
    "TierStep",
]
