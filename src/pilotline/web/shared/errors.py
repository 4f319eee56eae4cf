"""Error pages that say what happened and what to do next; for programs the same as JSON."""

import logging
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.template.loader import render_to_string
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from pilotline.kernel.errors import PilotlineError, Refused
from pilotline.web.shared import programs

log = logging.getLogger("pilotline.web")

BACK = _("Go back with your browser: what you typed is still there.")
FRESH = _("Open the page anew and try once more.")
TELL = _("If it goes on, tell the operator of the system what you did and when.")

# What the names of errors say by themselves; said here, they are in the catalogue.
SPOKEN = (
    gettext_noop("No rulebook has been published yet: run `pilotline rulebook publish`."),
    gettext_noop(
        "This resource is open on working days only, and the rulebook has no working calendar."
    ),
    gettext_noop(
        "The working calendar does not reach that day; the authority extends it in the rulebook."
    ),
    gettext_noop("This quotation is not what was worked out: its content and its digest differ."),
    gettext_noop("These tariffs or quantities cannot be priced."),
    gettext_noop("This track cannot be walked."),
    gettext_noop("That cannot happen on this track now."),
    gettext_noop("The working days that were given do not reach that far."),
    gettext_noop("The file cannot be read."),
    gettext_noop("This is not the content of a rulebook release that this version can read."),
    gettext_noop("The rulebook has faults; run `pilotline rulebook check` to see them."),
)

WORDS: dict[int, tuple[Any, Any, tuple[Any, ...]]] = {
    400: (
        _("This request could not be read"),
        _("The address or the form holds something that we cannot understand."),
        (_("Check the address for missing or extra characters."), FRESH, TELL),
    ),
    403: (
        _("This page is not open to you"),
        _("You are logged in without the role that this page asks for, or not logged in."),
        (
            _("Log in with the account that has the role."),
            _("Ask an owner of your organisation or the authority of your city for the role."),
        ),
    ),
    404: (
        _("There is nothing here"),
        _("The page was moved or taken away, or you may not see it."),
        (_("Check the address."), _("Search from the first page."), TELL),
    ),
    409: (
        _("Somebody else was faster"),
        _("This was changed while you were looking at it. Nothing of yours was overwritten."),
        (_("Open the page anew, look at the present state and decide again."),),
    ),
    413: (
        _("This is too large to be sent"),
        _("What you sent is larger than this page takes. Nothing was saved."),
        (
            _("Send a smaller file: the page of the form names the limit."),
            _("Split large documents, or save pictures in them with less detail."),
            BACK,
        ),
    ),
    422: (
        _("This could not be done"),
        _("The rules do not allow it in the present state. Nothing was changed."),
        (_("Go back, put right what is named here, and try again."),),
    ),
    429: (
        _("Too many tries"),
        _("To protect accounts we wait a little after many tries in a row."),
        (_("Wait some minutes and try again."), _("Forgot your password? Ask for a new one.")),
    ),
    500: (
        _("Something went wrong on our side"),
        _("It was written down. Nothing half-finished was saved."),
        (BACK, TELL),
    ),
}


def page(request: HttpRequest, status: int, error: Exception | None = None) -> HttpResponse:
    """The page of a status; an error that has a name adds its own words."""
    heading, text, advices = WORDS[status]
    if isinstance(error, PilotlineError) and not isinstance(error, Refused):
        text = spoken(error)
    if programs.is_program(request):
        return _for_program(status, text, error)
    context = {
        "status": status,
        "heading": heading,
        "text": text,
        "advices": advices,
        "problems": error.problems if isinstance(error, Refused) else (),
        "login_url": resolve_url(settings.LOGIN_URL) if status == 403 and _nobody(request) else "",
    }
    return render(request, "shared/error.html", context, status=status)


def spoken(error: PilotlineError) -> Any:
    """The words of an error: its own, or those that its name carries, which are English in code."""
    text = error.text
    return gettext(text) if isinstance(text, str) and text else text


def explain(request: HttpRequest, error: PilotlineError, *, status: int) -> HttpResponse:
    return page(request, status, error)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return too_large(request)
    return plain(request, 400)


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return page(request, 403, exception)


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return page(request, 404, exception)


def too_large(request: HttpRequest) -> HttpResponse:
    return plain(request, 413)


def too_many(request: HttpRequest) -> HttpResponse:
    return page(request, 429)


def server_error(request: HttpRequest) -> HttpResponse:
    """Asks neither database nor session: they may be what failed."""
    return plain(request, 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose secret does not fit: opened too long ago, or sent from elsewhere."""
    log.info("csrf refused at %s: %s", request.path, reason)
    return plain(
        request,
        403,
        heading=_("This form has grown too old"),
        text=_("For your safety a form is only taken from a page that was opened recently here."),
        advices=(_("Go back, open the page anew and send the form again."), BACK, COOKIES),
    )


COOKIES = _("Cookies must be allowed for this address.")


def plain(request: HttpRequest, status: int, **words: Any) -> HttpResponse:
    """A page that needs nothing but its words: no person, no database."""
    heading, text, advices = WORDS[status]
    if programs.is_program(request):
        return programs.trouble(status, words.get("text", text))
    context = {"status": status, "heading": heading, "text": text, "advices": advices} | words
    return HttpResponse(render_to_string("shared/error_plain.html", context), status=status)


def _for_program(status: int, text: Any, error: Exception | None) -> HttpResponse:
    """The same words for a program, with the error's own code, problems and data."""
    if not isinstance(error, PilotlineError):
        return programs.trouble(status, text)
    problems = error.problems if isinstance(error, Refused) else ()
    return programs.trouble(status, text, code=error.code, problems=problems, data=error.data)


def _nobody(request: HttpRequest) -> bool:
    return getattr(getattr(request, "who", None), "id", None) is None
