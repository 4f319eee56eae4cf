"""What matching does: propose a shortlist, carry the talk, agree, end what came to nothing."""

from pilotline.desks.matching.services.endings import (
    end_match,
    end_talks,
    leave_facilities,
)
from pilotline.desks.matching.services.shortlists import (
    close_gap,
    current_shortlist,
    has_fresh_shortlist,
    propose,
    refresh_stale,
)
from pilotline.desks.matching.services.talks import ask_facility, offer_line, say

__all__ = [
    "ask_facility",
    "close_gap",
    "current_shortlist",
    "end_match",
    "end_talks",
    "has_fresh_shortlist",
    "leave_facilities",
    "offer_line",
    "propose",
    "refresh_stale",
    "say",
]
