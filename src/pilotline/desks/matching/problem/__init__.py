"""The bridge to the matching engine: rows become a problem, a result becomes a stored answer."""

from pilotline.desks.matching.problem.answers import Made, shortlist_for

__all__ = ["Made", "shortlist_for"]
