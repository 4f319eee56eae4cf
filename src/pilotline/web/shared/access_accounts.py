"""Who may open the pages of logging in: a part of the table in `access.py`."""

ANYONE = frozenset({"anyone"})
KNOWN = frozenset({"known"})

ACCOUNTS: dict[str, frozenset[str]] = {
    # log-in (the pages of allauth that we offer, by their names there)
    "account_login": ANYONE,
    "account_logout": ANYONE,
    "account_signup": ANYONE,
    "account_inactive": ANYONE,
    "account_let_in": ANYONE,
    "account_let_in_here": ANYONE,
    "account_reset_password": ANYONE,
    "account_reset_password_done": ANYONE,
    "account_reset_password_from_key": ANYONE,
    "account_reset_password_from_key_done": ANYONE,
    "account_email_verification_sent": ANYONE,
    "account_confirm_email": ANYONE,
    "mfa_authenticate": ANYONE,
    "mfa_login_webauthn": ANYONE,
    "openid_connect_login": ANYONE,
    "openid_connect_callback": ANYONE,
    "socialaccount_login_cancelled": ANYONE,
    "socialaccount_login_error": ANYONE,
    "socialaccount_signup": ANYONE,
    "account_reauthenticate": KNOWN,
    "account_email": KNOWN,
    "account_change_password": KNOWN,
    "account_set_password": KNOWN,
    "mfa_index": KNOWN,
    "mfa_reauthenticate": KNOWN,
    "mfa_activate_totp": KNOWN,
    "mfa_deactivate_totp": KNOWN,
    "mfa_view_recovery_codes": KNOWN,
    "mfa_generate_recovery_codes": KNOWN,
    "mfa_download_recovery_codes": KNOWN,
    "mfa_list_webauthn": KNOWN,
    "mfa_add_webauthn": KNOWN,
    "mfa_edit_webauthn": KNOWN,
    "mfa_remove_webauthn": KNOWN,
    "mfa_reauthenticate_webauthn": KNOWN,
    "socialaccount_connections": KNOWN,
}
