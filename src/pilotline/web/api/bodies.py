"""Request bodies and query strings, taken in only when they can be kept and understood."""

import json
import re
from typing import Any

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from ninja.parser import Parser

from pilotline.kernel.errors import PilotlineError

# PostgreSQL keeps no NUL, and half a character is none.
UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")
DEEPEST = 20


class BadBody(PilotlineError):
    """The request cannot be read."""

    code = "unreadable"
    status = 400


class WrongMedia(BadBody):
    """Send JSON: Content-Type application/json."""

    code = "media-type"
    status = 415


class Unkeepable(BadBody):
    """A text holds a NUL or half a character."""

    code = "unkeepable"
    status = 422


class StrictParser(Parser):
    """JSON in UTF-8 and nothing else; no NaN, no NUL, no endless nesting."""

    def parse_body(self, request: HttpRequest) -> Any:
        if request.content_type != "application/json":
            raise WrongMedia(_("Send JSON: Content-Type application/json."))
        try:
            found = json.loads(request.body.decode("utf-8"), parse_constant=_no_number)
        except UnicodeDecodeError:
            raise BadBody(_("The body is not UTF-8.")) from None
        except (ValueError, RecursionError) as error:
            told = _("The body is not JSON: %(why)s") % {"why": str(error)[:200]}
            raise BadBody(told) from None
        _check(found, 0)
        return found

    def parse_querydict(
        self, data: MultiValueDict[str, Any], list_fields: list[str], request: HttpRequest
    ) -> dict[str, Any]:
        for name, given in data.lists():
            _check([name, *(one for one in given if isinstance(one, str))], 0)
        return super().parse_querydict(data, list_fields, request)


def _no_number(word: str) -> Any:
    raise ValueError(word)


def _check(value: Any, depth: int) -> None:
    if isinstance(value, str):
        if UNKEEPABLE.search(value):
            raise Unkeepable(_("A text holds a NUL or half a character."))
    elif depth > DEEPEST:
        raise BadBody(_("The body is nested too deeply."))
    elif isinstance(value, list):
        for one in value:
            _check(one, depth + 1)
    elif isinstance(value, dict):
        for key, one in value.items():
            _check(key, depth + 1)
            _check(one, depth + 1)
