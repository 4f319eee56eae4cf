"""How people prove who they are: password, TOTP, passkey, and a region's own OIDC service."""

import os
from urllib.parse import urlsplit

from pilotline.config import environment

_GATEWAY = "pilotline.gateways.identity"

ACCOUNT_ADAPTER = f"{_GATEWAY}.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_FORMS = {
    "login": f"{_GATEWAY}.forms.LogInForm",
    "signup": f"{_GATEWAY}.forms.SignUpForm",
    "reauthenticate": f"{_GATEWAY}.forms.ProofForm",
    "add_email": f"{_GATEWAY}.forms.NewAddressForm",
    "reset_password": f"{_GATEWAY}.forms.AskResetForm",
    "change_password": f"{_GATEWAY}.forms.ChangePasswordForm",
    "set_password": f"{_GATEWAY}.forms.SetPasswordForm",
    "reset_password_from_key": f"{_GATEWAY}.forms.ResetPasswordForm",
}
ACCOUNT_USERNAME_MIN_LENGTH = 3
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# Tries to log in go through the lanes of the people desk. allauth's own limits count by address
# and by name alone, which lets anybody lock anybody out.
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": None}

MFA_ADAPTER = f"{_GATEWAY}.adapters.MfaAdapter"
MFA_FORMS = {
    "authenticate": f"{_GATEWAY}.forms.CodeForm",
    "reauthenticate": f"{_GATEWAY}.forms.CodeAgainForm",
    "activate_totp": f"{_GATEWAY}.forms.AuthenticatorForm",
    "add_webauthn": f"{_GATEWAY}.forms.PasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "Pilotline"
# Browsers allow passkeys without TLS on localhost only; there it is what a first trial needs.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not os.environ.get("PILOTLINE_URL", "").startswith("https://")

SOCIALACCOUNT_ADAPTER = f"{_GATEWAY}.adapters.SocialAdapter"
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_EMAIL_VERIFICATION = "optional"
# With PILOTLINE_OIDC_TRUST_EMAIL, whom the service knows by an address it verified is the user
# who has that address here.
SOCIALACCOUNT_EMAIL_AUTHENTICATION = environment.flag("PILOTLINE_OIDC_TRUST_EMAIL")
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = SOCIALACCOUNT_EMAIL_AUTHENTICATION
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [], "OAUTH_PKCE_ENABLED": True}}
# A form may lead to the identity service, whose log-in page may stand at other origins too.
OIDC_ORIGINS = environment.words("PILOTLINE_OIDC_ORIGINS")
if os.environ.get("PILOTLINE_OIDC_SERVER"):
    SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"] = [
        {
            "provider_id": os.environ.get("PILOTLINE_OIDC_ID", "region"),
            "name": os.environ.get("PILOTLINE_OIDC_NAME", "OIDC"),
            "client_id": os.environ.get("PILOTLINE_OIDC_CLIENT", ""),
            "secret": os.environ.get("PILOTLINE_OIDC_SECRET", ""),
            "settings": {"server_url": os.environ["PILOTLINE_OIDC_SERVER"]},
        }
    ]
    _server = urlsplit(os.environ["PILOTLINE_OIDC_SERVER"])
    OIDC_ORIGINS.append(f"{_server.scheme}://{_server.netloc}")
