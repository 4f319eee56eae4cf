"""States in words and with their tone, wherever they are shown."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

ORGANISATION_WORDS = {
    "pending": _("waits for confirmation"),
    "confirmed": _("confirmed"),
    "refused": pgettext_lazy("organisation", "refused"),
    "revoked": pgettext_lazy("organisation", "revoked"),
}
ORGANISATION_TONES = {"pending": "warn", "confirmed": "good", "refused": "bad", "revoked": "bad"}
DELIVERY_WORDS = {"waiting": _("waits"), "done": _("done"), "stuck": _("stuck")}
DELIVERY_TONES = {"waiting": "info", "done": "good", "stuck": "bad"}
ROLE_WORDS = {
    "applicant": _("applicant"),
    "operator": _("operator of facilities"),
    "expert": _("expert"),
    "authority": _("authority"),
    "sysop": _("operator of the system"),
}
