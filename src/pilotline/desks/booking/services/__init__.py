"""What booking does: keep, confirm, move, give back, use and close time; keep calendars."""

from pilotline.desks.booking.services.course import approve, change, close, confirm, mark_used
from pilotline.desks.booking.services.ending import cancel, decline, expire, sweep
from pilotline.desks.booking.services.feeds import end_feed, make_feed, note_reading
from pilotline.desks.booking.services.holding import hold, hold_series
from pilotline.desks.booking.services.joint import (
    answer_part,
    keep_joint_plans,
    propose_joint_plan,
)
from pilotline.desks.booking.services.planning import accept_plan, propose_plan, work_out
from pilotline.desks.booking.services.settings import (
    close_resources,
    end_licence,
    give_licence,
    license_person,
    lift_closure,
    set_bookable,
)
from pilotline.desks.booking.services.steps import wait_in_steps
from pilotline.desks.booking.services.waiting import leave_line, wait_for

__all__ = [
    "accept_plan",
    "answer_part",
    "approve",
    "cancel",
    "change",
    "close",
    "close_resources",
    "confirm",
    "decline",
    "end_feed",
    "end_licence",
    "expire",
    "give_licence",
    "hold",
    "hold_series",
    "keep_joint_plans",
    "leave_line",
    "license_person",
    "lift_closure",
    "make_feed",
    "mark_used",
    "note_reading",
    "propose_joint_plan",
    "propose_plan",
    "set_bookable",
    "sweep",
    "wait_for",
    "wait_in_steps",
    "work_out",
]
