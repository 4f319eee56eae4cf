"""What approvals does, one file a noun."""

from pilotline.desks.approvals.services.conditions import (
    answer_condition,
    list_key_project,
    record_envelope,
    remind_conditions,
    report_condition,
    unlist_key_project,
)
from pilotline.desks.approvals.services.permits import (
    answer_extension,
    ask_extension,
    close_permit,
    remind_permits,
    start_running,
)
from pilotline.desks.approvals.services.projects import (
    decide,
    held_against,
    open_project,
    settle,
    withdraw_project,
)

__all__ = [
    "answer_condition",
    "answer_extension",
    "ask_extension",
    "close_permit",
    "decide",
    "held_against",
    "list_key_project",
    "open_project",
    "record_envelope",
    "remind_conditions",
    "remind_permits",
    "report_condition",
    "settle",
    "start_running",
    "unlist_key_project",
    "withdraw_project",
]
