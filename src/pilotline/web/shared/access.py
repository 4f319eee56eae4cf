"""Who may open which page: one table, deny by default.

A view name that is not listed here is refused to everybody. What a person may see *inside* a
page is decided by the desk whose function fetches it. tests/web/test_access.py walks every
address as every role and as nobody against this table.
"""

from pilotline.kernel.actor import Actor

ANYONE = frozenset({"anyone"})
KNOWN = frozenset({"known"})
APPLICANT = frozenset({"applicant", "known"})
OPERATOR = frozenset({"operator"})
AUTHORITY = frozenset({"authority"})
SYSOP = frozenset({"sysop"})

ACCESS: dict[str, frozenset[str]] = {
    "shared:language": ANYONE,
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
    # people and the book
    "applicant:profile": KNOWN,
    "applicant:tokens": KNOWN,
    "applicant:token-make": KNOWN,
    "applicant:token-revoke": KNOWN,
    "applicant:organisations": KNOWN,
    "applicant:organisation-register": KNOWN,
    "applicant:organisation": KNOWN,
    "applicant:organisation-amend": KNOWN,
    "applicant:invite": KNOWN,
    "applicant:invitation-withdraw": KNOWN,
    "applicant:member-remove": KNOWN,
    "applicant:member-own": KNOWN,
    "applicant:join": KNOWN,
    "authority:organisations": AUTHORITY | SYSOP,
    "authority:organisation": AUTHORITY | SYSOP,
    "authority:organisation-confirm": AUTHORITY,
    "authority:organisation-refuse": AUTHORITY,
    "authority:journal": AUTHORITY,
    "authority:entry": AUTHORITY,
    "authority:journal-check": AUTHORITY,
    "authority:outbox": AUTHORITY | SYSOP,
    "authority:delivery": AUTHORITY | SYSOP,
    "authority:retry": AUTHORITY | SYSOP,
    "authority:retry-all": AUTHORITY | SYSOP,
    "authority:users": SYSOP,
    "authority:user": SYSOP,
    "authority:user-grant": SYSOP,
    "authority:user-revoke": SYSOP,
    "authority:user-close": SYSOP,
    "authority:user-open": SYSOP,
    # public: the service hall
    "public:home": ANYONE,
    "public:begin": ANYONE,
    "public:search": ANYONE,
    "public:rulebook": ANYONE,
    "public:about": ANYONE,
    "shared:notices": KNOWN,
    "shared:notice": KNOWN,
    "shared:notices-read": KNOWN,
    # demand
    "public:needs": ANYONE,
    "public:need": ANYONE,
    "public:technologies": ANYONE,
    "public:technology": ANYONE,
    "public:receipt": ANYONE,
    "shared:attachment": KNOWN,
    "shared:receipt": KNOWN,
    "shared:receipt-pdf": KNOWN,
    "applicant:cases": APPLICANT,
    "applicant:case": APPLICANT,
    "applicant:case-edit": APPLICANT,
    "applicant:received": APPLICANT,
    "applicant:case-withdraw": APPLICANT,
    "applicant:case-requirements": APPLICANT,
    "applicant:case-aside": APPLICANT,
    "applicant:case-files": APPLICANT,
    "applicant:case-file-remove": APPLICANT,
    "applicant:need-new": APPLICANT,
    "applicant:technology-new": APPLICANT,
    "authority:cases": AUTHORITY,
    "authority:case": AUTHORITY,
    # matching
    "applicant:shortlist": APPLICANT,
    "applicant:shortlist-refresh": APPLICANT,
    "applicant:ask": APPLICANT,
    "applicant:talks": APPLICANT,
    "applicant:talk": APPLICANT,
    "operator:talks": OPERATOR,
    "operator:talk": OPERATOR,
    "operator:fitting": OPERATOR,
    "operator:offer": OPERATOR,
    "authority:overview": AUTHORITY,
    "authority:gaps": AUTHORITY,
    "authority:talks": AUTHORITY,
    "authority:talk": AUTHORITY,
    "authority:shortlist": AUTHORITY,
}


def may_open(who: Actor, view_name: str) -> bool:
    """True when the table lets this actor open the page of that name."""
    allowed = ACCESS.get(view_name, frozenset())
    if "anyone" in allowed:
        return True
    if who.id is None:
        return False
    return "known" in allowed or bool(allowed & who.roles)
