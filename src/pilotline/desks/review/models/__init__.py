"""Tables of review, one file a noun."""

from pilotline.desks.review.models.assignment import LIVING, Assignment
from pilotline.desks.review.models.committee import (
    Attendance,
    Committee,
    Meeting,
    Question,
    Term,
)
from pilotline.desks.review.models.expert import Bond, Dealing, Expert
from pilotline.desks.review.models.mark import Sheet
from pilotline.desks.review.models.namesake import Namesake
from pilotline.desks.review.models.panel import Draw, Panel, PanelItem
from pilotline.desks.review.models.proceeding import Proceeding, StepRun, Urge
from pilotline.desks.review.models.seat import Seat

__all__ = [
    "LIVING",
    "Assignment",
    "Attendance",
    "Bond",
    "Committee",
    "Dealing",
    "Draw",
    "Expert",
    "Meeting",
    "Namesake",
    "Panel",
    "PanelItem",
    "Proceeding",
    "Question",
    "Seat",
    "Sheet",
    "StepRun",
    "Term",
    "Urge",
]
