"""What review does, one file a noun."""

from pilotline.desks.review.services.assignments import (
    answer,
    chase,
    replace_assignment,
)
from pilotline.desks.review.services.clocks import escalate_late, renew_clocks
from pilotline.desks.review.services.committees import (
    ask_committee,
    end_term,
    give_advice,
    seat_expert,
    set_up_committee,
)
from pilotline.desks.review.services.draws import (
    check_draw,
    commit_draw,
    reveal_draw,
    void_draw,
)
from pilotline.desks.review.services.experts import (
    accept_expert,
    add_bond,
    amend_profile,
    apply_as_expert,
    end_bond,
    invite_expert,
    leave_pool,
    note_dealing,
    refuse_expert,
)
from pilotline.desks.review.services.holding import (
    answer_urge,
    give_back_step,
    take_step,
    urge_step,
)
from pilotline.desks.review.services.marks import (
    save_sheet,
    submit_sheet,
)
from pilotline.desks.review.services.meetings import (
    call_meeting,
    cancel_meeting,
    seal_minutes,
)
from pilotline.desks.review.services.namesakes import (
    confirm_namesake,
    end_namesake,
    state_namesake,
)
from pilotline.desks.review.services.panels import (
    add_by_hand,
    add_items,
    close_panel,
    confirm,
    drop,
    open_panel,
    propose,
    standings_now,
    withdraw_item,
    withdraw_subject,
)
from pilotline.desks.review.services.proceedings import (
    answer_step,
    finish_step,
    open_proceeding,
    withdraw_proceeding,
)
from pilotline.desks.review.services.seats import end_seat, give_seat
from pilotline.desks.review.services.standing import bpmn_of, picture, standing, ways

__all__ = [
    "accept_expert",
    "add_bond",
    "add_by_hand",
    "add_items",
    "amend_profile",
    "answer",
    "answer_step",
    "answer_urge",
    "apply_as_expert",
    "ask_committee",
    "bpmn_of",
    "call_meeting",
    "cancel_meeting",
    "chase",
    "check_draw",
    "close_panel",
    "commit_draw",
    "confirm",
    "confirm_namesake",
    "drop",
    "end_bond",
    "end_namesake",
    "end_seat",
    "end_term",
    "escalate_late",
    "finish_step",
    "give_advice",
    "give_back_step",
    "give_seat",
    "invite_expert",
    "leave_pool",
    "note_dealing",
    "open_panel",
    "open_proceeding",
    "picture",
    "propose",
    "refuse_expert",
    "renew_clocks",
    "replace_assignment",
    "reveal_draw",
    "save_sheet",
    "seal_minutes",
    "seat_expert",
    "set_up_committee",
    "standing",
    "standings_now",
    "state_namesake",
    "submit_sheet",
    "take_step",
    "urge_step",
    "void_draw",
    "ways",
    "withdraw_item",
    "withdraw_proceeding",
    "withdraw_subject",
]
