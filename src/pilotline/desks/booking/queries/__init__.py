"""What booking answers: what is free, what stands, who waits, how full it is."""

from pilotline.desks.booking.queries.bookings import (
    approvals,
    booking,
    case_bookings,
    closed_bookings,
    due,
    facility_bookings,
    own_bookings,
    region_bookings,
    sides,
)
from pilotline.desks.booking.queries.calendars import Block, Row, calendar
from pilotline.desks.booking.queries.costs import (
    Costs,
    costs,
)
from pilotline.desks.booking.queries.feeds import (
    FeedFile,
    feed_by,
    feed_file,
    own_feeds,
    title_of,
)
from pilotline.desks.booking.queries.free import Free, free_times, next_free
from pilotline.desks.booking.queries.rulebook import NoBookingRules, booking_rules
from pilotline.desks.booking.queries.settings import (
    bookable_of,
    bookable_things,
    bookables_at,
    closures,
    in_the_way,
    licences,
    own_bookables,
    own_licences,
    settings_by_resource,
    settings_of,
)
from pilotline.desks.booking.queries.usage import (
    Fullness,
    Use,
    by_scale,
    governed_bookables,
    idle,
    last_uses,
    own_used,
    use_of,
)
from pilotline.desks.booking.queries.waiting import line, own_waiting

__all__ = [
    "Block",
    "Costs",
    "FeedFile",
    "Free",
    "Fullness",
    "NoBookingRules",
    "Row",
    "Use",
    "approvals",
    "bookable_of",
    "bookable_things",
    "bookables_at",
    "booking",
    "booking_rules",
    "by_scale",
    "calendar",
    "case_bookings",
    "closed_bookings",
    "closures",
    "costs",
    "due",
    "facility_bookings",
    "feed_by",
    "feed_file",
    "free_times",
    "governed_bookables",
    "idle",
    "in_the_way",
    "last_uses",
    "licences",
    "line",
    "next_free",
    "own_bookables",
    "own_bookings",
    "own_feeds",
    "own_licences",
    "own_used",
    "own_waiting",
    "region_bookings",
    "settings_by_resource",
    "settings_of",
    "sides",
    "title_of",
    "use_of",
]
