"""What may happen to a case, and who sees how much of it."""

from pilotline.desks.demand.rules.sight import (
    Sight,
    is_owner,
    may_change,
    may_hide,
    open_fields,
    public_fields,
    released_by,
    sight,
)
from pilotline.desks.demand.rules.states import (
    ACCEPTED,
    KIND_TITLES,
    LOOKING,
    MAX_REASON,
    MAX_REQUIREMENTS,
    MOVES,
    OPEN,
    PUBLIC,
    STATUS_TITLES,
    may,
    problems_of,
)
from pilotline.desks.demand.rules.wording import problems_from, said, say

__all__ = [
    "ACCEPTED",
    "KIND_TITLES",
    "LOOKING",
    "MAX_REASON",
    "MAX_REQUIREMENTS",
    "MOVES",
    "OPEN",
    "PUBLIC",
    "STATUS_TITLES",
    "Sight",
    "is_owner",
    "may",
    "may_change",
    "may_hide",
    "open_fields",
    "problems_from",
    "problems_of",
    "public_fields",
    "released_by",
    "said",
    "say",
    "sight",
]
