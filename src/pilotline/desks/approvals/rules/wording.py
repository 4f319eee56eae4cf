"""What the journal says of pilot projects."""

from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "approvals.open": _("Pilot project handed in and accepted"),
    "approvals.decide": _("Step of a project decided"),
    "approvals.settle": _("Project came to its end"),
    "approvals.withdraw": _("Project withdrawn"),
    "approvals.report_condition": _("Condition reported"),
    "approvals.answer_condition": _("Report on a condition answered"),
    "approvals.remind": _("Reminded of a condition"),
    "approvals.list_key": _("Put on the list of key projects"),
    "approvals.unlist_key": _("Taken off the list of key projects"),
    "approvals.envelope": _("Approved envelope entered"),
    "approvals.start": _("Line started up, permit begun"),
    "approvals.ask_extension": _("Extension asked for"),
    "approvals.answer_extension": _("Extension answered"),
    "approvals.close_permit": _("Line closed down and reported"),
    "approvals.remind_permit": _("Reminded that a permit ends"),
}
SUBJECTS = {
    "project": _("pilot project"),
    "permit": _("permit"),
    "condition": _("condition"),
    "envelope": _("approved envelope"),
    "key-project": _("key project"),
}
