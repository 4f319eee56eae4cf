"""What each state may become."""

ORDER_MOVES = {
    "draft": frozenset({"agreed", "withdrawn"}),
    "agreed": frozenset({"completed", "terminated"}),
    "completed": frozenset(),
    "terminated": frozenset(),
    "withdrawn": frozenset(),
}
BILL_MOVES = {
    "draft": frozenset({"issued", "dropped"}),
    "issued": frozenset({"paid", "cancelled"}),
    "paid": frozenset({"settled", "cancelled"}),
    "settled": frozenset({"cancelled"}),
    "cancelled": frozenset(),
    "dropped": frozenset(),
}
LIVING = frozenset({"draft", "agreed"})
OWED = frozenset({"issued", "paid", "settled"})
EARNED = frozenset({"settled"})


def may_become(moves: dict[str, frozenset[str]], state: str, wanted: str) -> bool:
    """True when the table leads there; a state that is not known leads nowhere."""
    return wanted in moves.get(state, frozenset())
