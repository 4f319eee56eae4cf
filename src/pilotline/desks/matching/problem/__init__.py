"""The bridge to the matching engine: rows become a problem, a result becomes a stored answer."""

from pilotline.desks.matching.problem.answers import Made, reasons_for, shortlist_for

__all__ = ["Made", "reasons_for", "shortlist_for"]
