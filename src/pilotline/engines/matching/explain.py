"""Why a candidate stands where it stands: every requirement with its margin, every word's share."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pilotline.engines.matching.catalogue import Part, Snapshot
from pilotline.engines.matching.filtering import MET, judge
from pilotline.engines.matching.layout import Ints
from pilotline.engines.matching.problem import Fit, Requirement
from pilotline.engines.matching.result import Check, Row, Status, WordShare
from pilotline.engines.matching.schema import Bounds, Source
from pilotline.engines.matching.scoring import Scorer, bent, kilometres, text_scores
from pilotline.engines.matching.text_index import FULL

STATUSES = (Status.MET, Status.UNMET, Status.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Place:
    """A row of a part."""

    part: Part
    row: int


def explain(scorer: Scorer, places: Sequence[Place]) -> tuple[Row, ...]:
    """The rows in full, in the order given."""
    return tuple(_explain_one(scorer, place) for place in places)


def _explain_one(scorer: Scorer, place: Place) -> Row:
    part, rows = place.part, np.array([place.row])
    columns = part.segment.columns
    parts = scorer.parts(part, rows, text_scores(part, rows, scorer.question))
    checks = _checks(scorer, place)
    distance = None
    if scorer.problem.place is not None:
        [away] = kilometres(scorer.problem.place, *columns.places[:, rows])
        distance = None if np.isnan(away) else float(away)
    return Row(
        id=int(columns.ids[place.row]),
        group=int(columns.groups[place.row]),
        total=float(scorer.total(parts, 1)[0]),
        parts={name: float(values[0]) for name, values in parts.items()},
        checks=checks,
        words=_word_shares(scorer.snapshot, place, scorer),
        distance=distance,
        all_known_met=all(c.status is Status.MET for c in checks if c.hard),
    )


def _checks(scorer: Scorer, place: Place) -> tuple[Check, ...]:
    verdicts = judge(place.part.segment, np.array([place.row]), scorer.tests)[:, 0]
    sources: dict[str, Source] = {}
    if place.part.segment.sources is not None:
        sources = place.part.segment.sources[place.row] or {}
    return tuple(
        _check(scorer.snapshot, place, requirement, int(verdict), sources)
        for requirement, verdict in zip(scorer.problem.requirements, verdicts, strict=True)
    )


def _check(
    snapshot: Snapshot,
    place: Place,
    requirement: Requirement,
    verdict: int,
    sources: dict[str, Source],
) -> Check:
    attribute = snapshot.layout.schema.attribute(requirement.attribute)
    wanted: Bounds | tuple[str, ...] = requirement.values
    offered: Bounds | tuple[str, ...] | None
    slack: float | None = None
    missing: tuple[str, ...] = ()
    if attribute.is_range:
        wanted = (requirement.low, requirement.high)
        offered = _ends(snapshot, place, attribute.name)
        slack = _slack(requirement, offered)
        if offered == (None, None):
            offered = None
    else:
        offered = _values(snapshot, place, attribute.name)
        if offered is not None and verdict != MET:
            missing = tuple(value for value in requirement.values if value not in offered)
    return Check(
        requirement.key,
        attribute.name,
        requirement.hard,
        STATUSES[verdict],
        wanted,
        offered,
        slack,
        missing,
        sources.get(attribute.name),
    )


def _ends(snapshot: Snapshot, place: Place, name: str) -> Bounds:
    column = snapshot.layout.ranges[name]
    low = float(place.part.segment.columns.lows[column, place.row])
    high = float(place.part.segment.columns.highs[column, place.row])
    return (low if np.isfinite(low) else None, high if np.isfinite(high) else None)


def _values(snapshot: Snapshot, place: Place, name: str) -> tuple[str, ...] | None:
    layout, segment = snapshot.layout, place.part.segment
    attribute = layout.schema.attribute(name)
    if name == layout.schema.partition:
        code = int(np.searchsorted(segment.bounds, place.row, side="right")) - 1
        return None if code == layout.partitions - 1 else (attribute.values[code],)
    known = int(segment.columns.known[place.row])
    if not known >> layout.known_bit[name] & 1:
        return None
    return layout.values_of(attribute, segment.columns.words[:, place.row])


def _slack(requirement: Requirement, offered: Bounds) -> float | None:
    """By how much the nearer end is on the right side; None when an end asked for is unknown."""
    below, above = requirement.low, requirement.high
    if requirement.fit is Fit.OVERLAP:
        below, above = above, below
    elif requirement.fit is Fit.AT_LEAST:
        below, above = None, below
    elif requirement.fit is Fit.AT_MOST:
        below, above = above, None
    slacks = []
    for asked, end, sign in ((below, offered[0], -1.0), (above, offered[1], 1.0)):
        if asked is None:
            continue
        if end is None:
            return None
        slacks.append(sign * (end - asked))
    return min(slacks)


def _word_shares(snapshot: Snapshot, place: Place, scorer: Scorer) -> tuple[WordShare, ...]:
    """The points of every shared word, most first; they add up to the text part."""
    question = scorer.question
    text = place.part.segment.text
    span = slice(int(text.starts[place.row]), int(text.starts[place.row + 1]))
    held: Ints = text.terms[span].astype(np.int64)
    if not len(held):
        return ()
    at = np.minimum(np.searchsorted(held, question.terms), len(held) - 1)
    shared = np.flatnonzero(held[at] == question.terms)
    points = (
        question.factors[shared] * text.weights[span][at[shared]] / FULL / question.ceiling
    ).tolist()
    words = (snapshot.vocabulary.words[term] for term in question.terms[shared].tolist())
    shares = [WordShare(word, each) for word, each in zip(words, points, strict=True)]
    raw = sum(share.points for share in shares)
    if scorer.text_half is not None and raw > 0:
        bend = float(bent(np.array([raw]), scorer.text_half)[0]) / raw
        shares = [WordShare(share.word, share.points * bend) for share in shares]
    return tuple(sorted(shares, key=lambda share: (-share.points, share.word)))
