"""From experts and items to a ballot, and from a stored draw to what anybody may check."""

from collections.abc import Mapping, Sequence
from typing import Any

from pilotline.engines.drawing.problem import Ballot, Lot, Problem, Ticket, sha256
from pilotline.engines.drawing.solve import solve, ticket
from pilotline.engines.drawing.verify import faults


def ballot_of(
    *,
    items: Sequence[tuple[str, int]],
    experts: Sequence[tuple[str, str, int]],
    barred: Sequence[tuple[str, str]],
    beacon: str,
) -> tuple[dict[str, Any], str]:
    """The ballot as JSON and its hash: items (key, wanted), experts (code, group, places)."""
    ballot = Ballot(
        tuple(Lot(*item) for item in items),
        tuple(Ticket(*expert) for expert in experts),
        frozenset(barred),
        beacon,
    )
    return ballot.content(), ballot.digest


def commitment_of(seed: str) -> str:
    """What is published of a seed before it is revealed."""
    return sha256(seed)


def drawn(*, ballot: Mapping[str, Any], seed: str, figure: str) -> dict[str, list[str]]:
    """Codes by item."""
    problem = Problem(Ballot.read(dict(ballot)), seed, figure)
    return {item: list(codes) for item, codes in solve(problem).codes.items()}


def order_of(*, ballot: Mapping[str, Any], seed: str, figure: str, item: str) -> list[str]:
    """All codes in the order of their tickets for an item: who would be drawn next."""
    problem = Problem(Ballot.read(dict(ballot)), seed, figure)
    return sorted(
        (e.code for e in problem.ballot.experts), key=lambda code: ticket(problem, item, code)
    )


def check(
    *,
    ballot: Mapping[str, Any],
    digest: str,
    commitment: str,
    seed: str,
    figure: str,
    result: Mapping[str, Sequence[str]],
) -> list[dict[str, Any]]:
    """What does not fit: `kind` seed, ballot, figure, result or unreadable, with the item where
    one is meant."""
    try:
        read = Ballot.read(dict(ballot))
    except (ValueError, TypeError):
        return [{"kind": "unreadable", "item": "", "told": [], "found": []}]
    found = faults(
        ballot=read, digest=digest, commitment=commitment, seed=seed, figure=figure, told=result
    )
    return [
        {"kind": f.kind, "item": f.item, "told": list(f.told), "found": list(f.found)}
        for f in found
    ]
