"""What is wrong with an input: all problems at once, each with its field."""

import re
import unicodedata
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.text import format_lazy
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from pilotline.desks.people.rules.permissions import SCOPES, scopes_of
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import Problem
from pilotline.kernel.ids import is_credit_code
from pilotline.rulebook.book import Rulebook

LOG_IN_LETTER = r"[\w.+-]"
LOG_IN_NAME = re.compile(LOG_IN_LETTER + "{3,60}")
LANGUAGES = ("zh-hans", "en")
LONGEST_TOKEN = timedelta(days=366)


def problems_of_text(
    field: str, text: str, *, longest: int, required: bool = True
) -> list[Problem]:
    """Empty, too long, or with characters that no one can see."""
    if not text:
        return [Problem("missing", _("Please fill this in."), field)] if required else []
    if len(text) > longest:
        told = _("At most {longest} characters, please.")
        return [Problem("too-long", format_lazy(told, longest=longest), field)]
    if any(unicodedata.category(c) in {"Cc", "Cs", "Co"} for c in text):
        return [Problem("strange", _("There are characters in it that cannot be shown."), field)]
    return []


def fits_log_in_name(letter: str) -> bool:
    """True for a character that a log-in name may hold: no `@`, so that no name looks like an
    e-mail address of somebody else."""
    return re.fullmatch(LOG_IN_LETTER, letter) is not None


def problems_of_user(
    *, username: str, email: str, name: str, language: str, phone: str = ""
) -> list[Problem]:
    """What is wrong with a person's own data, as far as it shows without looking at others'."""
    found = problems_of_text("name", name, longest=60)
    found += problems_of_text("phone", phone, longest=30, required=False)
    if not LOG_IN_NAME.fullmatch(username):
        told = _("A log-in name has 3 to 60 letters, digits, dots, dashes or underscores.")
        found.append(Problem("log-in-name", told, "username"))
    if email:
        try:
            validate_email(email)
        except ValidationError:
            found.append(Problem("email", _("This is not an e-mail address."), "email"))
    if language not in LANGUAGES:
        found.append(Problem("language", _("Please choose one of the languages."), "language"))
    return found


def problems_of_password(password: str, user: Any) -> list[Problem]:
    """What the configured validators say about a new password."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        return [Problem("password", text, "password") for text in error.messages]
    return []


def problems_of_organisation(
    *,
    book: Rulebook,
    now: datetime,
    name: str,
    credit_code: str,
    kind: str,
    region: str,
    operates: bool,
    address: str,
    contact: str,
    phone: str,
) -> list[Problem]:
    """What is wrong with an organisation's data under this rulebook."""
    found = problems_of_text("name", name, longest=120)
    found += problems_of_text("address", address, longest=200, required=False)
    found += problems_of_text("contact", contact, longest=60, required=False)
    found += problems_of_text("phone", phone, longest=30, required=False)
    if not is_credit_code(credit_code):
        told = _("This is not a valid unified social credit code: 18 characters, GB 32100.")
        found.append(Problem("credit-code", told, "credit_code"))
    entry = book.organisation_kinds.get(kind)
    if entry is None or not entry.is_valid(localdate(now)):
        found.append(Problem("kind", _("Please choose one of the kinds."), "kind"))
    elif operates and "operate" not in entry.may:
        told = _("An organisation of this kind does not run facilities.")
        found.append(Problem("operates", told, "operates"))
    if region not in book.cities and region not in book.elsewhere:
        found.append(Problem("region", _("Please choose one of the cities."), "region"))
    return found


def problems_of_token(
    *, who: Actor, name: str, scopes: frozenset[str], lasts: timedelta
) -> list[Problem]:
    """A token needs a name, scopes of its person's roles, and an end within a year."""
    found = problems_of_text("name", name, longest=60)
    if not scopes or not scopes <= set(SCOPES):
        found.append(Problem("scopes", _("Please choose what the token may do."), "scopes"))
    elif beyond := sorted(scopes - set(scopes_of(who))):
        told = _("You have no role that opens this: %(scopes)s.") % {"scopes": ", ".join(beyond)}
        found.append(Problem("scopes", told, "scopes", data={"scopes": beyond}))
    if not timedelta(0) < lasts <= LONGEST_TOKEN:
        told = _("A token ends in the future, within a year.")
        found.append(Problem("expires", told, "expires"))
    return found
