"""Tables of booking."""

from pilotline.desks.booking.models.bookable import Bookable, Changeover, Closure, Licence, Opening
from pilotline.desks.booking.models.booking import Booking, Occupation, Series
from pilotline.desks.booking.models.feed import Feed
from pilotline.desks.booking.models.waiting import Waiting

__all__ = [
    "Bookable",
    "Booking",
    "Changeover",
    "Closure",
    "Feed",
    "Licence",
    "Occupation",
    "Opening",
    "Series",
    "Waiting",
]
