"""A mail that lets a browser in: the way out when strangers keep the common lane busy.

The link is not tied to the browser that asked, so a mail that an attacker caused helps its owner.
Opening it does not log anybody in: it gives this browser a lane of its own, then the password is
asked as ever.
"""

from allauth.account.adapter import get_adapter
from allauth.account.internal.userkit import user_email
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from pilotline.gateways.identity import browsers, tries
from pilotline.gateways.identity.adapters import enter
from pilotline.gateways.identity.forms import LetInForm
from pilotline.kernel.errors import NotFound

SALT = "pilotline.let-in"
HOURS = 2


@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for the mail. The answer is the same whether or not such a user exists."""
    form = LetInForm(request.POST or None)
    if form.is_valid():
        found = tries.users_called(form.cleaned_data["login"])
        try:
            enter(tries.mail_lanes(request, found))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            for user in get_user_model().objects.filter(pk__in=found, is_active=True):
                _send(request, user)
            return render(request, "account/let_in_sent.html", {"hours": HOURS})
    return render(request, "account/let_in.html", {"form": form})


@require_http_methods(["GET", "POST"])
def arrive(request: HttpRequest, key: str) -> HttpResponse:
    """Open the link: make this browser known after one more press of a button."""
    try:
        user = signing.loads(key, salt=SALT, max_age=HOURS * 3600)
    except signing.BadSignature:
        raise NotFound(_("This link has ended. Ask for a new one.")) from None
    if request.method == "GET":
        return render(request, "account/let_in_here.html", {})
    response = redirect("account_login")
    browsers.remember(request, response, user)
    messages.success(request, _("This browser is known now. Please log in."))
    return response


def _send(request: HttpRequest, user: object) -> None:
    address = user_email(user)
    if not address:
        return
    key = signing.dumps(user.pk, salt=SALT)  # type: ignore[attr-defined]
    url = request.build_absolute_uri(reverse("account_let_in_here", args=[key]))
    get_adapter().send_mail("account/email/let_in", address, {"url": url, "hours": HOURS})
