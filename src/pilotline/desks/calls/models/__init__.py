"""Tables of calls."""

from pilotline.desks.calls.models.application import (
    Application,
    CultivationPlan,
    GoalTest,
    Milestone,
    Paper,
    Partner,
)
from pilotline.desks.calls.models.call import Ballot, Call, Objection

__all__ = [
    "Application",
    "Ballot",
    "Call",
    "CultivationPlan",
    "GoalTest",
    "Milestone",
    "Objection",
    "Paper",
    "Partner",
]
