"""What the desk of calls does."""

from pilotline.desks.calls.services.applying import (
    save_application,
    start_application,
    submit_application,
    withdraw_application,
)
from pilotline.desks.calls.services.courses import end_course
from pilotline.desks.calls.services.cultivation import look_again, make_plan
from pilotline.desks.calls.services.follow_up import (
    add_milestone,
    enter_test,
    judge_milestone,
    remind_of_milestones,
    report_milestone,
)
from pilotline.desks.calls.services.judging import (
    close_call,
    end_without_list,
    follow_the_clock,
    make_list,
    open_notice,
    publish_results,
)
from pilotline.desks.calls.services.objections import answer_objection, raise_objection
from pilotline.desks.calls.services.opening import (
    amend_call,
    cancel_call,
    draft_call,
    move_end,
    open_call,
)
from pilotline.desks.calls.services.panels import bring_marks, gather_panel
from pilotline.desks.calls.services.papers import attach_paper, detach_paper
from pilotline.desks.calls.services.partners import answer_partnership, name_partners
from pilotline.desks.calls.services.seats import check_in, fill_seats
from pilotline.desks.calls.services.voting import cast_ballot

__all__ = [
    "add_milestone",
    "amend_call",
    "answer_objection",
    "answer_partnership",
    "attach_paper",
    "bring_marks",
    "cancel_call",
    "cast_ballot",
    "check_in",
    "close_call",
    "detach_paper",
    "draft_call",
    "end_course",
    "end_without_list",
    "enter_test",
    "fill_seats",
    "follow_the_clock",
    "gather_panel",
    "judge_milestone",
    "look_again",
    "make_list",
    "make_plan",
    "move_end",
    "name_partners",
    "open_call",
    "open_notice",
    "publish_results",
    "raise_objection",
    "remind_of_milestones",
    "report_milestone",
    "save_application",
    "start_application",
    "submit_application",
    "withdraw_application",
]
