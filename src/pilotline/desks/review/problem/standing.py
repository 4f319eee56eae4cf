"""From submitted sheets to the table of standings."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import pilotline
from pilotline.engines.scoring.problem import Criterion, Problem, Sheet
from pilotline.engines.scoring.result import Marker, Standing
from pilotline.engines.scoring.solve import solve
from pilotline.rulebook.reviewing import Rubric

ENGINE = f"scoring/{pilotline.__version__}"


def standings(
    rubric: Rubric, sheets: Iterable[tuple[int, int, Mapping[str, Any]]]
) -> dict[str, Any]:
    """The table as JSON: `items` by rank and `markers`, figures as text. `sheets` are (expert,
    item, marks by criterion), all complete."""
    result = solve(
        Problem(
            tuple(Criterion(c.id, c.full, c.weight) for c in rubric.criteria),
            tuple(
                Sheet(str(expert), str(item), {key: Decimal(str(m)) for key, m in marks.items()})
                for expert, item, marks in sheets
            ),
            shrink=rubric.shrink,
            most=rubric.most,
            shared=rubric.shared,
            trim=rubric.trim,
            spread=rubric.spread,
        )
    )
    return {
        "engine": ENGINE,
        "groups": result.groups,
        "items": [_item(standing) for standing in result.standings],
        "markers": [_marker(marker) for marker in result.markers],
    }


def _item(standing: Standing) -> dict[str, Any]:
    return {
        "item": int(standing.item),
        "sheets": standing.sheets,
        "raw": str(standing.raw),
        "corrected": str(standing.corrected),
        "rank": standing.rank,
        "raw_rank": standing.raw_rank,
        "spread": str(standing.spread),
        "disagree": standing.disagree,
        "tied": standing.tied,
        "left_out": [int(marker) for marker in standing.left_out],
        "means": {key: str(mean) for key, mean in standing.means.items()},
    }


def _marker(marker: Marker) -> dict[str, Any]:
    return {
        "expert": int(marker.key),
        "sheets": marker.sheets,
        "shared": marker.shared,
        "effect": round(marker.effect, 2),
        "correction": round(marker.correction, 2),
        "kept": marker.kept.value,
        "bounded": marker.bounded,
        "flat": marker.flat,
        "group": marker.group,
    }
