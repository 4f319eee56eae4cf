"""What review does, one file a noun."""

from pilotline.desks.review.services.clocks import escalate_late, renew_clocks
from pilotline.desks.review.services.holding import (
    answer_urge,
    give_back_step,
    take_step,
    urge_step,
)
from pilotline.desks.review.services.proceedings import (
    answer_step,
    finish_step,
    open_proceeding,
    withdraw_proceeding,
)

__all__ = [
    "answer_step",
    "answer_urge",
    "escalate_late",
    "finish_step",
    "give_back_step",
    "open_proceeding",
    "renew_clocks",
    "take_step",
    "urge_step",
    "withdraw_proceeding",
]
