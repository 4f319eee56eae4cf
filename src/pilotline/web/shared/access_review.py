"""The rows of the access table for experts, panels and committees; see access.py."""

ANYONE = frozenset({"anyone"})
KNOWN = frozenset({"known"})
EXPERT = frozenset({"expert"})
AUTHORITY = frozenset({"authority"})

REVIEW: dict[str, frozenset[str]] = {
    "public:draws": ANYONE,
    "public:draw": ANYONE,
    "public:draw-file": ANYONE,
    "public:committees": ANYONE,
    "expert:assignments": EXPERT,
    "expert:assignment": EXPERT,
    "expert:answer": EXPERT,
    "expert:meetings": EXPERT,
    "expert:leave": EXPERT,
    "expert:data": KNOWN,
    "expert:bond-add": KNOWN,
    "expert:bond-end": KNOWN,
    "expert:apply": KNOWN,
    "authority:experts": AUTHORITY,
    "authority:expert-invite": AUTHORITY,
    "authority:expert": AUTHORITY,
    "authority:expert-decide": AUTHORITY,
    "authority:panels": AUTHORITY,
    "authority:panel-new": AUTHORITY,
    "authority:panel": AUTHORITY,
    "authority:panel-meeting": AUTHORITY,
    "authority:panel-add": AUTHORITY,
    "authority:panel-act": AUTHORITY,
    "authority:assignment": AUTHORITY,
    "authority:meeting": AUTHORITY,
    "authority:meeting-cancel": AUTHORITY,
    "authority:committees": AUTHORITY,
    "authority:committee": AUTHORITY,
    "authority:committee-seat": AUTHORITY,
    "authority:committee-ask": AUTHORITY,
    "authority:committee-meeting": AUTHORITY,
    "authority:term-end": AUTHORITY,
    "authority:question": AUTHORITY,
}
