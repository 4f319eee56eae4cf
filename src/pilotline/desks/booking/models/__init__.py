"""Tables of booking."""

from pilotline.desks.booking.models.bookable import Bookable, Changeover, Closure, Licence, Opening
from pilotline.desks.booking.models.booking import Booking, Occupation, Series
from pilotline.desks.booking.models.feed import Feed
from pilotline.desks.booking.models.proposal import PlanConsent, PlanLine, PlanProposal
from pilotline.desks.booking.models.quotation import Quotation
from pilotline.desks.booking.models.tariff import CostBasis, Tariff, TariffFile
from pilotline.desks.booking.models.waiting import Waiting, WaitingPlace, WaitingStep

__all__ = [
    "Bookable",
    "Booking",
    "Changeover",
    "Closure",
    "CostBasis",
    "Feed",
    "Licence",
    "Occupation",
    "Opening",
    "PlanConsent",
    "PlanLine",
    "PlanProposal",
    "Quotation",
    "Series",
    "Tariff",
    "TariffFile",
    "Waiting",
    "WaitingPlace",
    "WaitingStep",
]
