"""How people prove who they are: password, TOTP, passkey, and a region's own OIDC service."""

import os

ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USERNAME_MIN_LENGTH = 3

MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Pilotline"

SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": []}}
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
