"""Solve: the draw itself, the same for everybody who has ballot and seed."""

from pilotline.engines.drawing.problem import Ballot, Problem, sha256
from pilotline.engines.drawing.result import Drawn


def ticket(problem: Problem, item: str, code: str) -> str:
    """The number an expert holds for an item: the smallest is drawn first."""
    seed, digest = problem.seed, problem.ballot.digest
    return sha256(f"{seed}|{problem.figure}|{digest}|{item}|{code}")


def solve(problem: Problem) -> Drawn:
    """Draw in rounds: in each round every item, in its order, that still wants somebody gets one.

    It gets the expert of the smallest ticket who has a place left, is not barred, is not drawn for
    it yet, and whose group is not there yet; when there is none, a group may come again.
    """
    ballot = problem.ballot
    order = {
        lot.item: sorted(ballot.experts, key=lambda e: ticket(problem, lot.item, e.code))
        for lot in ballot.items
    }
    left = {e.code: e.places for e in ballot.experts}
    drawn: dict[str, list[str]] = {lot.item: [] for lot in ballot.items}
    for number in range(max((lot.wanted for lot in ballot.items), default=0)):
        for lot in ballot.items:
            if number < lot.wanted:
                chosen = _first(ballot, lot.item, [e.code for e in order[lot.item]], left, drawn)
                if chosen:
                    drawn[lot.item].append(chosen)
                    left[chosen] -= 1
    return Drawn(
        {item: tuple(codes) for item, codes in drawn.items()},
        {
            i.item: i.wanted - len(drawn[i.item])
            for i in ballot.items
            if len(drawn[i.item]) < i.wanted
        },
    )


def _first(
    ballot: Ballot, item: str, order: list[str], left: dict[str, int], drawn: dict[str, list[str]]
) -> str:
    """The next expert of an item, "" when nobody is left."""
    group = {e.code: e.group for e in ballot.experts}
    there = {group[code] for code in drawn[item]} - {""}
    able = [
        code
        for code in order
        if left[code] and code not in drawn[item] and (code, item) not in ballot.barred
    ]
    return next((code for code in able if group[code] not in there), able[0] if able else "")
