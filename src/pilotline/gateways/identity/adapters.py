"""What we ask allauth to do our way."""

import logging
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any

import requests
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.userkit import user_email
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.sites.shortcuts import get_current_site
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from pilotline.desks.people import services
from pilotline.desks.people.queries import free_username
from pilotline.gateways.identity import browsers, tasks, tries
from pilotline.kernel.actor import NOBODY
from pilotline.kernel.errors import PilotlineError, Refused

log = logging.getLogger("pilotline.identity")
PATIENCE = 8


class AccountAdapter(DefaultAccountAdapter):
    """Slows tries down in our lanes, and makes a browser known once somebody is in."""

    # The same for both, in the words of the form.
    error_messages = DefaultAccountAdapter.error_messages | dict.fromkeys(
        ("username_password_mismatch", "email_password_mismatch"),
        _("Log-in name or e-mail and password do not fit together."),
    )

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        login = credentials.get("username") or credentials.get("email") or ""
        taken = enter(tries.password_lanes(request, login))
        user = super().authenticate(request, **credentials)
        if user is not None:
            services.leave_lanes(tries=taken)
        return user

    def post_login(self, request: HttpRequest, user: Any, **rest: Any) -> HttpResponse:
        response = super().post_login(request, user, **rest)
        browsers.remember(request, response, user.pk)
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            response.set_cookie(settings.LANGUAGE_COOKIE_NAME, user.language)
        return response

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        shown = {"email": email, "current_site": get_current_site(self.request)} | context
        mail = self.render_mail(template_prefix, email, shown)
        tasks.send_mail.defer(to=email, subject=str(mail.subject), text=str(mail.body))

    def get_client_ip(self, request: HttpRequest) -> str:
        return tries.address_of(request)


class ServiceSilent(PilotlineError):
    """The identity service cannot be reached. Try later, or log in another way."""

    code = "identity-service-silent"


class ServiceSession(requests.Session):
    """Speaks with the identity service, not for ever, and says plainly when it is silent."""

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        try:
            answer = super().request(*args, **{"timeout": PATIENCE} | kwargs)
        except (requests.ConnectionError, requests.Timeout) as error:
            raise self._silent(str(error)) from error
        if answer.status_code >= 500:
            raise self._silent(f"{answer.status_code} for {answer.url}")
        return answer

    def _silent(self, why: str) -> ServiceSilent:
        log.warning("the identity service is silent: %s", why)
        return ServiceSilent(
            _("The identity service cannot be reached. Try later, or log in another way.")
        )


class SocialAdapter(DefaultSocialAccountAdapter):
    """People who come from the region's own identity service are registered by the people desk."""

    def get_requests_session(self) -> requests.Session:
        return ServiceSession()

    def save_user(
        self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None
    ) -> AbstractBaseUser:
        claimed, claims = sociallogin.user, _claims(sociallogin)
        wish = claimed.username or str(claims.get("preferred_username") or "")
        data = form.cleaned_data if form else {}
        username = data.get("username") or free_username(wish)
        sociallogin.user = services.register_user(
            who=NOBODY,
            username=username,
            email=data.get("email") or user_email(claimed) or "",
            password=None,
            name=claimed.name or wish or username,
            language=get_language() or settings.LANGUAGE_CODE,
            now=timezone.now(),
        )
        sociallogin.save(request)
        return sociallogin.user

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: Any) -> Any:
        user = super().populate_user(request, sociallogin, data)
        user.name = str(_claims(sociallogin).get("name") or data.get("name") or "")[:60]
        return user


class MfaAdapter(DefaultMFAAdapter):
    """Keeps the secrets of authenticator apps and recovery codes encrypted."""

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _box().decrypt(encrypted_text.encode()).decode()


def _claims(sociallogin: SocialLogin) -> dict[str, Any]:
    """What the service says about somebody; its user page knows more than its token."""
    told: dict[str, Any] = sociallogin.account.extra_data
    return told.get("userinfo") or told.get("id_token") or told


def enter(lanes: Any) -> services.Tries:
    """Take the lanes, or say in a form's own way how long they are closed."""
    try:
        return services.enter_lanes(lanes=lanes, now=timezone.now())
    except Refused as error:
        [problem] = error.problems
        raise ValidationError(problem.text, code=problem.code) from None


def _box() -> Fernet:
    key = sha256(b"pilotline.mfa" + settings.SECRET_KEY.encode()).digest()
    return Fernet(urlsafe_b64encode(key))
