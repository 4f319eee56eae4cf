"""Tables of approvals, one file a noun."""

from pilotline.desks.approvals.models.line import Envelope, Permit
from pilotline.desks.approvals.models.project import Condition, KeyProject, Project

__all__ = ["Condition", "Envelope", "KeyProject", "Permit", "Project"]
