"""The states of a call and of an application, as tables."""

from pilotline.desks.calls.models import Application, Call

CALL_MOVES: dict[str, frozenset[str]] = {
    "draft": frozenset({"open", "cancelled"}),
    "open": frozenset({"judged", "ended", "cancelled"}),
    "judged": frozenset({"notice", "ended", "cancelled"}),
    "notice": frozenset({"judged", "ended", "cancelled"}),
    "ended": frozenset(),
    "cancelled": frozenset(),
}

APPLICATION_MOVES: dict[str, frozenset[str]] = {
    "draft": frozenset({"joining", "accepted", "seated", "waiting", "withdrawn"}),
    "joining": frozenset({"draft", "accepted", "withdrawn"}),
    "accepted": frozenset({"reviewed", "refused", "withdrawn"}),
    "reviewed": frozenset({"listed", "not_listed", "withdrawn"}),
    "listed": frozenset({"reviewed", "granted", "refused", "withdrawn"}),
    "not_listed": frozenset({"reviewed", "refused", "withdrawn"}),
    "seated": frozenset({"withdrawn"}),
    "waiting": frozenset({"seated", "withdrawn"}),
    "granted": frozenset(),
    "refused": frozenset(),
    "withdrawn": frozenset(),
}

# What a call still counts: neither given up nor not yet handed in.
LIVING = ("accepted", "reviewed", "listed", "not_listed", "granted", "refused", "seated", "waiting")
# What anybody may see of a call.
PUBLIC = ("open", "judged", "notice", "ended")


def may_move_call(call: Call, state: str) -> bool:
    return state in CALL_MOVES[call.state]


def may_move(application: Application, state: str) -> bool:
    return state in APPLICATION_MOVES[application.state]
