"""Who comes in by which token: the access table opens an address, the scopes open the door."""

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja.security.base import AuthBase

from pilotline.desks.people.rules import token_opens
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import NotAllowed
from pilotline.web.shared.programs import SAFE, NoToken

ALL = ("applicant", "operator", "authority", "expert")


class Bearer(AuthBase):
    """A token whose scopes open one of the doors, for reading or, to change something, writing.

    Desks look at roles; here it is seen to that a token made for reading changes nothing.
    """

    openapi_type = "http"
    openapi_scheme = "bearer"
    openapi_description = gettext_noop(
        "A token from “API tokens” in your menu. Scopes: read, write, or one door and verb as "
        "applicant:read, applicant:write, operator:read, operator:write, authority:read, "
        "authority:write, expert:read, expert:write."
    )

    def __init__(self, *doors: str) -> None:
        self.doors = doors or ALL
        super().__init__()

    def __call__(self, request: HttpRequest) -> Actor:
        who = request.who
        if who.id is None:
            raise NoToken(_("This needs a token: send it as “Authorization: Bearer …”."))
        writes = request.method not in SAFE
        if not any(token_opens(who, door, writes=writes) for door in self.doors):
            scope = f"{self.doors[0]}:{'write' if writes else 'read'}"
            raise NotAllowed(_("The token lacks the scope %(scope)s.") % {"scope": scope})
        return who

    def scopes(self, method: str) -> list[str]:
        """The scopes of which one is enough for this method, for the documentation."""
        verbs = ["read", "write"] if method.upper() in SAFE else ["write"]
        return verbs + [f"{door}:{verb}" for door in self.doors for verb in verbs]
