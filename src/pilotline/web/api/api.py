"""The API itself: its routers, and what each error becomes."""

from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from pilotline.kernel.errors import Conflict, NotAllowed, NotFound, PilotlineError, Problem, Refused
from pilotline.web.api import routes
from pilotline.web.api.bodies import BadBody, StrictParser
from pilotline.web.shared.programs import NoToken, trouble

STATUSES: tuple[tuple[type[PilotlineError], int], ...] = (
    (NoToken, 401),
    (NotAllowed, 403),
    (NotFound, 404),
    (Conflict, 409),
)
# The kernel's errors speak English by themselves; said here, they are in the catalogue.
SPOKEN = (
    gettext_noop("The request was refused."),
    gettext_noop("You may not do this."),
    gettext_noop("There is no such thing, or you may not see it."),
    gettext_noop("Somebody else was faster: look at the present state and try again."),
    gettext_noop("The input could not be read."),
)
# What is wrong with a value, by pydantic's name for it; what is not named here is told in English.
INVALID = {
    "missing": gettext_noop("This is missing."),
    "extra_forbidden": gettext_noop("There is no such field."),
    "string_type": gettext_noop("This must be a text."),
    "string_too_long": gettext_noop("This text is too long."),
    "string_too_short": gettext_noop("This text is too short."),
    "string_pattern_mismatch": gettext_noop("This text does not have the form that is asked for."),
    "int_type": gettext_noop("This must be a whole number."),
    "int_parsing": gettext_noop("This must be a whole number."),
    "int_from_float": gettext_noop("This must be a whole number."),
    "bool_type": gettext_noop("This must be true or false."),
    "bool_parsing": gettext_noop("This must be true or false."),
    "decimal_type": gettext_noop("This must be a number."),
    "decimal_parsing": gettext_noop("This must be a number."),
    "greater_than_equal": gettext_noop("This number is too small."),
    "less_than_equal": gettext_noop("This number is too large."),
    "literal_error": gettext_noop("This is none of the words that are offered."),
    "list_type": gettext_noop("This must be a list."),
    "too_long": gettext_noop("This list is too long."),
    "dict_type": gettext_noop("This must be an object."),
    "model_attributes_type": gettext_noop("This must be an object."),
    "date_from_datetime_parsing": gettext_noop("This must be a day, as 2027-03-01."),
    "date_parsing": gettext_noop("This must be a day, as 2027-03-01."),
    "datetime_from_date_parsing": gettext_noop(
        "This must be a time with its zone, as 2027-03-01T09:00+08:00."
    ),
    "datetime_parsing": gettext_noop(
        "This must be a time with its zone, as 2027-03-01T09:00+08:00."
    ),
    "datetime_type": gettext_noop("This must be a time with its zone, as 2027-03-01T09:00+08:00."),
    "timezone_aware": gettext_noop("This must be a time with its zone, as 2027-03-01T09:00+08:00."),
    "date_type": gettext_noop("This must be a day, as 2027-03-01."),
}

api = NinjaAPI(
    title="Pilotline",
    version="1",
    urls_namespace="api",
    openapi_url=None,
    docs_url=None,
    parser=StrictParser(),
)
for router in routes.ROUTERS:
    api.add_router("", router)


@api.exception_handler(PilotlineError)
def refused(request: HttpRequest, error: PilotlineError) -> HttpResponse:
    """Errors with names, all their problems at once, in the reader's language."""
    status = next((status for kind, status in STATUSES if isinstance(error, kind)), 422)
    problems = error.problems if isinstance(error, Refused) else ()
    text = gettext(str(error.text))
    return trouble(status, text, code=error.code, problems=problems, data=error.data)


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Values that do not have the declared form."""
    problems = [_problem(one) for one in error.errors]
    return trouble(422, _("Some values cannot be taken."), code="invalid", problems=problems)


def _problem(error: dict[str, Any]) -> Problem:
    kind, (_source, *place) = error["type"], error["loc"]
    text = gettext(INVALID[kind]) if kind in INVALID else error["msg"]
    # The name of the whole body's argument is ours and says nothing to the sender.
    return Problem(kind, text, ".".join(str(p) for p in place if p != routes.BODY))


@api.exception_handler(BadBody)
def unreadable(request: HttpRequest, error: BadBody) -> HttpResponse:
    return trouble(error.status, error.text, code=error.code)


@api.exception_handler(HttpError)
def http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    """The framework's own errors; what it could not parse says why by its cause."""
    if isinstance(error.__cause__, BadBody):
        return unreadable(request, error.__cause__)
    return trouble(error.status_code, _("The request cannot be read."))


@api.exception_handler(Http404)
def not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return trouble(404, _("There is no such thing, or you may not see it."))


@api.exception_handler(SuspiciousOperation)
def suspicious(request: HttpRequest, error: SuspiciousOperation) -> HttpResponse:
    if isinstance(error, RequestDataTooBig):
        return trouble(413, _("This is larger than the API takes: at most 4 MB of JSON."))
    return trouble(400, _("The request cannot be read."))
