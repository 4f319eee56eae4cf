"""A result of the engine as the answer that is stored, shown and replayed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.matching.problem.index import Index, fresh_index
from pilotline.desks.matching.problem.records import VERIFICATION, Entry
from pilotline.desks.matching.problem.wishes import digest_of, problem_of
from pilotline.desks.registry import queries as registry
from pilotline.engines.matching.problem import Fit, Problem, Requirement
from pilotline.engines.matching.result import Check, Pair, Result, Row, Status
from pilotline.engines.matching.solve import solve
from pilotline.rulebook import Rulebook

ENGINE = "matching/1"
NEAR_SHOWN = 6
WORDS_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Made:
    """A stored answer and what it takes to make it again."""

    answer: dict[str, Any]
    engine: str
    digest: str
    catalogue_version: int
    milliseconds: float


def shortlist_for(case: Any) -> Made:
    """Search the whole catalogue for a case."""
    began = perf_counter()
    version = registry.catalogue_version()
    index = fresh_index()
    rulebook = current_rulebook()
    problem, rows = problem_of(case, rulebook)
    result = solve(problem, index.catalogue)
    answer = _Writer(index, problem, rows, rulebook).answer(result)
    return Made(
        answer=answer,
        engine=ENGINE,
        digest=digest_of(problem),
        catalogue_version=version,
        milliseconds=round((perf_counter() - began) * 1000, 2),
    )


class _Writer:
    """Writes rows of one result, each line once, with the records behind every statement."""

    def __init__(
        self, index: Index, problem: Problem, rows: Mapping[str, Any], rulebook: Rulebook
    ) -> None:
        self.matching = rulebook.matching
        self.together = {a.id for a in rulebook.attributes if a.together}
        self.entries = index.entries
        self.rows = rows
        self.wishes = {wish.key: wish for wish in problem.requirements}
        self.weights = problem.weights
        self.size = len({entry.offer.id for entry in index.entries.values()})

    def answer(self, result: Result) -> dict[str, Any]:
        best = list(self._lines(result.rows))
        full = [row for row in best if row.all_known_met]
        possible = [row for row in best if not row.all_known_met and self._is_likely(row)]
        shown = (full + possible)[: self.matching.length]
        taken = {self._line(row) for row in full + possible}
        near = [
            n.row
            for n in result.near_misses
            if self._line(n.row) not in taken and self._is_likely(n.row)
        ]
        pairs = [] if full else list(self._pairs(result))[: self.matching.pairs]
        served = bool(full or pairs or possible)
        return {
            "full": len(full),
            "possible": len(possible),
            "considered": self.size,
            "rows": [self.row(row) for row in shown],
            "near": [self.row(row) for row in self._lines(near)][:NEAR_SHOWN],
            "pairs": pairs,
            "conflict": [] if served else self._conflict(result, best),
            "waivers": [] if full else list(self._waivers(result)),
        }

    def row(self, row: Row) -> dict[str, Any]:
        entry = self.entries[row.id]
        offer = entry.offer
        return {
            "facility": offer.facility,
            "code": offer.facility_code,
            "name": offer.facility_name,
            "name_en": offer.facility_name_en,
            "line": offer.line,
            "line_name": offer.line_name,
            "line_name_en": offer.line_name_en,
            "region": offer.region,
            "tier": offer.tier,
            "operator": offer.operator,
            "is_demo": offer.is_demo,
            "total": round(row.total, 4),
            "complete": row.all_known_met,
            "km": None if row.distance is None else round(row.distance, 1),
            "price": None if offer.price is None else str(offer.price),
            "price_unit": offer.price_unit,
            "load": offer.load,
            "available_from": offer.available_from and offer.available_from.isoformat(),
            "parts": self._parts(row),
            "terms": [share.word for share in row.words[:WORDS_SHOWN]],
            "requirements": [
                self._check(check, entry) for check in row.checks if check.attribute != VERIFICATION
            ],
        }

    def _parts(self, row: Row) -> dict[str, dict[str, float]]:
        whole = sum(self.weights[name] for name in row.parts if name in self.weights) or 1.0
        return {
            name: {
                "points": round(points * self.weights[name] / whole, 4),
                "weight": round(self.weights[name] / whole, 4),
            }
            for name, points in row.parts.items()
            if name in self.weights
        }

    def _check(self, check: Check, entry: Entry) -> dict[str, Any]:
        said = entry.stated.get(check.attribute)
        known = said is not None and check.status is not Status.UNKNOWN
        return {
            **self._wanted(check.key, check.attribute),
            "status": check.status.value,
            "slack": check.slack,
            "offered": _statement(said.low, said.high, check.offered) if said else None,
            "source": said.resource if said else None,
            "source_name": said.resource_name if said and known else "",
            "source_name_en": said.resource_name_en if said and known else "",
            "written": said.written if said else "",
        }

    def _wanted(self, key: str, attribute: str) -> dict[str, Any]:
        row = self.rows.get(key)
        wish: Requirement = self.wishes[key]
        low, high, values = (row.low, row.high, row.values) if row else (None, None, wish.values)
        return {
            "attribute": attribute,
            "must": wish.hard,
            "either": wish.fit is Fit.ANY_OF,
            "wanted": _statement(low, high, tuple(values)),
        }

    def _line(self, row: Row) -> tuple[int, int | None]:
        offer = self.entries[row.id].offer
        return offer.facility, offer.line

    def _lines(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Each line once, by its best entry: rows come best first."""
        seen = set()
        for row in rows:
            if self._line(row) not in seen:
                seen.add(self._line(row))
                yield row

    def _is_likely(self, row: Row) -> bool:
        """Worth asking: at least one limit is known to be met, and no more are unknown than met.

        A line of which nothing is known is no answer; it would only hide that there is a gap.
        """
        hard = [check for check in row.checks if check.hard]
        met = sum(check.status is Status.MET for check in hard)
        unknown = sum(check.status is Status.UNKNOWN for check in hard)
        return met >= max(1, unknown) if hard else row.parts.get("text", 0.0) > 0

    def _pairs(self, result: Result) -> Iterator[dict[str, Any]]:
        """Pairs in which one facility alone meets all that describes one vessel or machine."""
        seen = set()
        for pair in result.pairs:
            places = frozenset((self._line(pair.first), self._line(pair.second)))
            if places in seen or not self._is_whole(pair):
                continue
            seen.add(places)
            covers = [
                (
                    self._wanted(key, self.wishes[key].attribute),
                    "first" if pair.first.id in ids else "second",
                )
                for key, ids in pair.covers.items()
                if key in self.wishes and self.wishes[key].attribute != VERIFICATION
            ]
            yield {"first": self.row(pair.first), "second": self.row(pair.second), "covers": covers}

    def _is_whole(self, pair: Pair) -> bool:
        held = [
            set(ids)
            for key, ids in pair.covers.items()
            if (wish := self.wishes.get(key)) is not None and wish.attribute in self.together
        ]
        return not held or bool(set.intersection(*held))

    def _conflict(self, result: Result, best: list[Row]) -> list[dict[str, Any]]:
        """The smallest set of limits that no line passes together.

        Where the engine sees none, the limits that no line that is left over is known to meet, or
        all of them where each is met by some line.
        """
        if result.conflicts:
            keys: Iterable[str] = result.conflicts[0]
        else:
            hard = [wish.key for wish in self.wishes.values() if wish.hard]
            keys = [k for k in hard if all(r.status(k) is not Status.MET for r in best)] or hard
        return [self._wanted(key, self.wishes[key].attribute) for key in keys]

    def _waivers(self, result: Result) -> Iterator[dict[str, Any]]:
        for waiver in result.waivers:
            if waiver.opens and len(waiver.keys) == 1:
                key = waiver.keys[0]
                yield {
                    **self._wanted(key, self.wishes[key].attribute),
                    "opens": waiver.opens,
                }


def _statement(low: Any, high: Any, values: Any) -> dict[str, Any]:
    """Numbers as exact texts, so that nothing is lost on the way through JSON."""
    words = values if values and isinstance(values[0], str) else ()
    return {
        "low": None if low is None else str(low),
        "high": None if high is None else str(high),
        "values": list(words),
    }
