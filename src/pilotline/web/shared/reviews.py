"""Words and tones of what experts and panels are, wherever they are shown."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

EXPERT_WORDS = {
    "invited": pgettext_lazy("expert", "invited"),
    "applied": _("waits for a decision"),
    "active": _("in the pool"),
    "refused": pgettext_lazy("expert", "refused"),
    "left": _("has left"),
}
EXPERT_TONES = {
    "invited": "info",
    "applied": "warn",
    "active": "good",
    "refused": "bad",
    "left": "quiet",
}
BOND_WORDS = {
    "employment": _("employer"),
    "work": _("paper or patent"),
    "holding": _("holding"),
    "declared": _("other interest"),
}
ASSIGNMENT_WORDS = {
    "proposed": _("proposed"),
    "offered": _("asked"),
    "accepted": _("is being marked"),
    "submitted": _("marks handed in"),
    "declined": pgettext_lazy("assignment", "declined"),
    "conflict": _("conflict declared"),
    "replaced": _("given to others"),
}
ASSIGNMENT_TONES = {
    "proposed": "quiet",
    "offered": "warn",
    "accepted": "info",
    "submitted": "good",
    "declined": "bad",
    "conflict": "bad",
    "replaced": "quiet",
}
PANEL_WORDS = {
    "open": _("being put together"),
    "marking": _("being marked"),
    "closed": pgettext_lazy("panel", "closed"),
}
PANEL_TONES = {"open": "info", "marking": "warn", "closed": "good"}
REASON_WORDS = {
    "left-pool": _("left the pool"),
    "item-withdrawn": _("the item was withdrawn"),
    "panel-closed": _("the panel was closed"),
    "no-answer": _("no answer in time"),
    "late": _("marks were late"),
    "conflict-stands": _("a conflict of interest counts after all"),
    "by-hand": _("taken away by the authority"),
}
NAMESAKE_WORDS = {
    "stated": _("waits for a second official"),
    "confirmed": _("confirmed: set aside"),
    "refused": pgettext_lazy("namesake", "refused"),
    "revoked": pgettext_lazy("namesake", "revoked"),
}
NAMESAKE_TONES = {"stated": "warn", "confirmed": "good", "refused": "bad", "revoked": "bad"}
WHY_WORDS = {
    "barred": _("must keep away: conflict of interest"),
    "stranger": _("too little expertise"),
    "full": _("has no place left"),
    "colleague": _("a colleague marks it already"),
    "even": _("would carry more than an even share"),
    "needed": _("is needed more elsewhere"),
    "weaker": _("others know more of it"),
    "taken": _("was asked for it before"),
}
FAULT_WORDS = {
    "seed": _("The seed is not the one that was committed to."),
    "ballot": _("The list is not the one that was committed to."),
    "figure": _("The public figure is missing, or none was named before."),
    "result": _("The result of an item differs from what comes out."),
    "unreadable": _("The list cannot be read."),
}
SEAT_WORDS = {"chair": _("chair"), "deputy": _("deputy chair"), "member": _("committee member")}
QUESTION_WORDS = {
    "asked": pgettext_lazy("question", "asked"),
    "called": _("on the agenda"),
    "answered": _("answered"),
    "withdrawn": pgettext_lazy("question", "withdrawn"),
}
QUESTION_TONES = {"asked": "warn", "called": "info", "answered": "good", "withdrawn": "quiet"}
MEETING_WORDS = {
    "called": pgettext_lazy("meeting", "called"),
    "sealed": _("minutes sealed"),
    "cancelled": _("called off"),
}
MEETING_TONES = {"called": "info", "sealed": "good", "cancelled": "quiet"}
FINDING_WORDS = {
    "recommended": _("recommended"),
    "with_changes": _("recommended with changes"),
    "not_recommended": _("not recommended"),
}
