"""Tables of review, one file a noun."""

from pilotline.desks.review.models.proceeding import Proceeding, StepRun, Urge

__all__ = ["Proceeding", "StepRun", "Urge"]
