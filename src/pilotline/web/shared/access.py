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
    # public: the service hall
    "public:home": ANYONE,
    "public:begin": ANYONE,
    "public:search": ANYONE,
    "public:rulebook": ANYONE,
    "public:about": ANYONE,
    "shared:notices": KNOWN,
    "shared:notice": KNOWN,
    "shared:notices-read": KNOWN,
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
