"""Does a published draw fit together? What anybody may ask, answered by doing it again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pilotline.engines.drawing.problem import SEED, Ballot, Problem, sha256
from pilotline.engines.drawing.solve import solve


@dataclass(frozen=True, slots=True)
class Fault:
    """`kind`: seed (is not the one committed to), ballot (was changed), figure (is missing or
    strange) or result (differs from what comes out, for one `item`)."""

    kind: str
    item: str = ""
    told: tuple[str, ...] = ()
    found: tuple[str, ...] = ()


def faults(
    *,
    ballot: Ballot,
    digest: str,
    commitment: str,
    seed: str,
    figure: str,
    told: Mapping[str, Sequence[str]],
) -> list[Fault]:
    """Everything in a draw that does not fit; empty when all is as it was committed to."""
    wrong = []
    if not SEED.fullmatch(seed) or sha256(seed) != commitment:
        wrong.append(Fault("seed"))
    if ballot.digest != digest:
        wrong.append(Fault("ballot"))
    if bool(figure) != bool(ballot.beacon):
        wrong.append(Fault("figure"))
    if wrong:
        return wrong
    found = solve(Problem(ballot, seed, figure)).codes
    return [
        Fault("result", item, tuple(told.get(item, ())), found.get(item, ()))
        for item in dict.fromkeys((*found, *told))
        if tuple(told.get(item, ())) != found.get(item, ())
    ]
