"""Makes people, organisations, actors and a published rulebook, through the services of real use.

Each desk's own records have their makers in `factories_<desk>.py`.
"""

from datetime import UTC, datetime
from functools import lru_cache
from itertools import count
from typing import Any

from django.conf import settings

from pilotline.desks.journal.models import Release
from pilotline.desks.journal.services import publish_release
from pilotline.desks.people import services
from pilotline.desks.people.models import Organisation, User
from pilotline.desks.people.queries import actor_for
from pilotline.kernel.actor import NOBODY, SYSTEM, Actor
from pilotline.kernel.ids import CREDIT_ALPHABET, credit_check_character
from pilotline.rulebook.draft import read_folder

NOW = datetime(2026, 11, 2, 1, 30, tzinfo=UTC)
PASSWORD = "hang-dao-7391"
PROVINCE, CITY, OTHER_CITY = "370000", "370100", "370200"

_numbers = count(1)


@lru_cache(maxsize=1)
def rulebook_content() -> dict[str, Any]:
    """The content of the region's rulebook folder, read once a test run."""
    return read_folder(settings.RULEBOOKS / settings.RULEBOOK_REGION).content()


def publish_rulebook() -> Release:
    """Put the rulebook of the settings' region in force."""
    return publish_release(who=SYSTEM, content=rulebook_content(), now=NOW)


def credit_code() -> str:
    """A valid unified social credit code that no other call gives."""
    number, digits = next(_numbers), ""
    for _ in range(9):
        number, digit = divmod(number, len(CREDIT_ALPHABET))
        digits = CREDIT_ALPHABET[digit] + digits
    first = f"91370100{digits}"
    return first + credit_check_character(first)


def user(**given: Any) -> User:
    """A user whose password is PASSWORD, unless `password` says otherwise."""
    number = next(_numbers)
    values = {
        "username": f"person{number}",
        "email": f"person{number}@example.org",
        "password": PASSWORD,
        "name": f"张{number}",
    }
    return services.register_user(**{"who": NOBODY, "now": NOW} | values | given)


def organisation(
    *, owner: User | None = None, confirmed: bool = True, **given: Any
) -> Organisation:
    """An organisation of the first kind that may do all, confirmed unless told otherwise."""
    values = {
        "name": f"泉城新材料{next(_numbers)}有限公司",
        "credit_code": credit_code(),
        "kind": "sme",
        "region": CITY,
        "now": NOW,
    }
    who = actor_for(owner or user())
    made = services.register_organisation(**{"who": who} | values | given)
    if confirmed:
        return services.confirm_organisation(who=SYSTEM, organisation=made.pk, now=NOW)
    return made


def actor(role: str = "applicant", *, region: str = PROVINCE, **given: Any) -> Actor:
    """A new person in a role: applicant, operator, expert, authority (of `region`), sysop, known.

    `known` is somebody without any role. Applicants and operators own a confirmed organisation.
    """
    return actor_for(person(role, region=region, **given))


def person(role: str = "applicant", *, region: str = PROVINCE, **given: Any) -> User:
    """The user behind `actor`, for logging in."""
    made = user(**given)
    if role in {"applicant", "operator"}:
        organisation(owner=made, operates=role == "operator")
    elif role != "known":
        where = region if role == "authority" else ""
        services.grant_role(who=SYSTEM, user=made.pk, role=role, region=where, now=NOW)
    return made
