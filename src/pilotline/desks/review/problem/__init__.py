"""The bridge from review to the engines: tracks, assignment, drawing, scoring."""

from pilotline.desks.review.problem.assigning import assign, employer_of
from pilotline.desks.review.problem.drawing import (
    ballot_of,
    check,
    commitment_of,
    drawn,
    order_of,
)
from pilotline.desks.review.problem.standing import standings

__all__ = [
    "assign",
    "ballot_of",
    "check",
    "commitment_of",
    "drawn",
    "employer_of",
    "order_of",
    "standings",
]
