"""What the log-in pages show of people."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pilotline.desks.people.queries import demo_logins

register = template.Library()

ROLES = {
    "applicant": _("applicant"),
    "operator": _("operator of facilities"),
    "expert": _("expert"),
    "authority": _("authority"),
    "sysop": _("operator of the system"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One demonstration log-in."""

    username: str
    name: str
    what: str


@register.simple_tag
def demonstration_logins() -> list[Shown]:
    """The demonstration's log-ins with what they are; empty in real use."""
    return [Shown(user.username, user.name, _what(user)) for user in demo_logins()]


def _what(user: Any) -> str:
    words = [str(ROLES[grant.role]) for grant in user.grants.all()]
    for membership in user.memberships.all():
        role = ROLES["operator" if membership.organisation.operates else "applicant"]
        words.append(f"{membership.organisation.name} · {role}")
    return gettext("; ").join(words)
