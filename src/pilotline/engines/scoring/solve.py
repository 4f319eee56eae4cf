"""Solve: both figures for every item, and what each marker is like."""

from collections import defaultdict

from pilotline.engines.scoring.effects import effects, groups, shared, supported
from pilotline.engines.scoring.problem import Problem
from pilotline.engines.scoring.ranking import standings
from pilotline.engines.scoring.result import Kept, Marker, Result


def solve(problem: Problem) -> Result:
    """Standings with raw and corrected figures. Where there is too little to go by, nothing is
    corrected and the markers say so. Deterministic."""
    totals = {(s.marker, s.item): float(problem.total(s)) for s in problem.sheets}
    able = supported(totals, problem.shared)
    found = effects(totals, able, problem.shrink)
    cut = {m: max(-problem.most, min(problem.most, effect)) for m, effect in found.items()}
    corrected = {
        (marker, item): min(float(problem.scale), max(0.0, total - cut[marker]))
        for (marker, item), total in totals.items()
        if cut.get(marker)
    }
    number = groups(totals, able)
    return Result(
        standings(problem, corrected),
        tuple(_markers(totals, found, cut, number)),
        len(set(number.values())),
    )


def _markers(
    totals: dict[tuple[str, str], float],
    found: dict[str, float],
    cut: dict[str, float],
    number: dict[str, int],
) -> list[Marker]:
    mine: dict[str, list[float]] = defaultdict(list)
    for (marker, _item), total in totals.items():
        mine[marker].append(total)
    joint = shared(totals, frozenset(mine))
    return [
        Marker(
            marker,
            len(given),
            joint[marker],
            found.get(marker, 0.0),
            cut.get(marker, 0.0),
            Kept.CORRECTED if marker in found else Kept.FEW,
            found.get(marker, 0.0) != cut.get(marker, 0.0),
            len(given) >= 3 and len(set(given)) == 1,
            number.get(marker, -1),
        )
        for marker, given in sorted(mine.items())
    ]
