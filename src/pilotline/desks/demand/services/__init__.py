"""What demand does: keep drafts, read texts, accept on arrival, amend, attach, end."""

from pilotline.desks.demand.services.acceptance import amend, submit
from pilotline.desks.demand.services.course import (
    close_case,
    close_to,
    mark_matched,
    open_to,
    reopen,
    withdraw,
    withdraw_all,
)
from pilotline.desks.demand.services.drafts import drop_aside, save_draft, start_case, take_offered
from pilotline.desks.demand.services.papers import attach, detach
from pilotline.desks.demand.services.reading import (
    add_requirement,
    confirm_requirements,
    correct_requirement,
    dismiss_requirement,
    read_text,
)

__all__ = [
    "add_requirement",
    "amend",
    "attach",
    "close_case",
    "close_to",
    "confirm_requirements",
    "correct_requirement",
    "detach",
    "dismiss_requirement",
    "drop_aside",
    "mark_matched",
    "open_to",
    "read_text",
    "reopen",
    "save_draft",
    "start_case",
    "submit",
    "take_offered",
    "withdraw",
    "withdraw_all",
]
