"""From totals to standings, the same for raw and corrected ones."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from pilotline.engines.scoring.problem import Problem, Sheet
from pilotline.engines.scoring.result import Standing

Number = Fraction | float


def standings(
    problem: Problem, corrected: Mapping[tuple[str, str], float] | None = None
) -> tuple[Standing, ...]:
    """Every marked item by rank. `corrected` replaces totals by (marker, item)."""
    by_item: dict[str, list[Sheet]] = defaultdict(list)
    for sheet in problem.sheets:
        by_item[sheet.item].append(sheet)
    raw, better, outside = {}, {}, {}
    for item, sheets in by_item.items():
        kept, outside[item] = _trimmed(problem, sheets)
        raw[item] = _round(problem, _mean([problem.total(s) for s in kept]))
        values = [(corrected or {}).get((s.marker, item), problem.total(s)) for s in kept]
        better[item] = _round(problem, _mean(values))
    ranks, raw_ranks = _ranks(better), _ranks(raw)
    count = Counter(ranks.values())
    found = []
    for item, sheets in by_item.items():
        totals = [problem.total(s) for s in sheets]
        spread = max(totals) - min(totals)
        found.append(
            Standing(
                item,
                len(sheets),
                raw[item],
                better[item],
                ranks[item],
                raw_ranks[item],
                _round(problem, spread),
                len(sheets) > 1 and float(spread) >= problem.spread,
                count[ranks[item]] > 1,
                outside[item],
                _means(problem, sheets),
            )
        )
    return tuple(sorted(found, key=lambda s: (s.rank, s.raw_rank, s.item)))


def _trimmed(problem: Problem, sheets: list[Sheet]) -> tuple[list[Sheet], tuple[str, ...]]:
    """The sheets that count, and the markers of the highest and lowest when they are left out."""
    if not problem.trim or len(sheets) < problem.trim:
        return sheets, ()
    ordered = sorted(sheets, key=lambda s: (problem.total(s), s.marker))
    return ordered[1:-1], (ordered[0].marker, ordered[-1].marker)


def _means(problem: Problem, sheets: list[Sheet]) -> dict[str, Decimal]:
    return {
        c.key: _round(problem, _mean([Fraction(s.marks[c.key]) for s in sheets]))
        for c in problem.criteria
    }


def _mean(values: list[Number] | list[Fraction]) -> Number:
    exact = [v for v in values if isinstance(v, Fraction)]
    if len(exact) == len(values):
        return sum(exact, Fraction(0)) / len(exact)
    return sum(float(v) for v in values) / len(values)


def _round(problem: Problem, value: Number) -> Decimal:
    places = Decimal(1).scaleb(-problem.decimals)
    if isinstance(value, Fraction):
        exact = Decimal(value.numerator) / Decimal(value.denominator)
        return exact.quantize(places, ROUND_HALF_UP)
    # Nine places are far below what is shown and far above what floats add up to wrongly.
    return Decimal(f"{value:.9f}").quantize(places, ROUND_HALF_UP)


def _ranks(values: Mapping[str, Decimal]) -> dict[str, int]:
    return {
        item: 1 + sum(other > value for other in values.values()) for item, value in values.items()
    }
