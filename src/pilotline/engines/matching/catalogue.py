"""The catalogue: records in, snapshots out. New records are found at once.

Records live in segments that never change: one large, one small for what came since, one of a
few rows for what came just now. A change makes new small segments and swaps them in; a query
works on the snapshot it began with. `merge` folds all into one beside the running service.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from threading import RLock

import numpy as np

from pilotline.engines.matching.encode import Encoder, Vocabulary, encode_all
from pilotline.engines.matching.layout import Floats, Ints, Layout, Truths
from pilotline.engines.matching.schema import Record, Schema
from pilotline.engines.matching.segment import Rows, Segment, join
from pilotline.engines.matching.tokenise import Tokeniser

FRESH_ROWS = 64
SMALL_CATALOGUE = 20_000


@dataclass(frozen=True, slots=True)
class Part:
    """A segment, its removed rows, and in how many of those each term occurs."""

    segment: Segment
    dead: Truths | None = None
    lost: dict[int, int] = field(default_factory=dict)

    @property
    def alive(self) -> int:
        return len(self.segment) - (0 if self.dead is None else int(self.dead.sum()))

    def without(self, row: int) -> "Part":
        """The same part with one row removed."""
        dead = np.zeros(len(self.segment), bool) if self.dead is None else self.dead.copy()
        dead[row] = True
        lost = dict(self.lost)
        text = self.segment.text
        for term in text.terms[text.starts[row] : text.starts[row + 1]].tolist():
            lost[term] = lost.get(term, 0) + 1
        return Part(self.segment, dead, lost)

    def row_of(self, record: int) -> int:
        """The row of a record that has not been removed, or -1."""
        row = self.segment.row_of(record)
        # Within a segment an id occurs once: what replaces a record goes to a later segment.
        return -1 if row >= 0 and self.dead is not None and self.dead[row] else row

    @property
    def kept(self) -> Truths | None:
        return None if self.dead is None else ~self.dead


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All records as they were at one moment."""

    layout: Layout
    tokeniser: Tokeniser
    vocabulary: Vocabulary
    parts: tuple[Part, ...]

    def __len__(self) -> int:
        return sum(part.alive for part in self.parts)

    @property
    def has_alternatives(self) -> bool:
        """True when some candidate may have more than one record."""
        return any(part.segment.census.has_alternatives for part in self.parts)

    def idf(self, terms: Ints) -> Floats:
        """ln(1 + (N - df + 1/2) / (df + 1/2)) of each term over the records of the moment."""
        frequency = np.zeros(len(terms), np.int64)
        for part in self.parts:
            frequency += part.segment.text.frequencies(terms)
            if part.lost:
                frequency -= [part.lost.get(int(term), 0) for term in terms]
        return np.log1p((len(self) - frequency + 0.5) / (frequency + 0.5))

    def find(self, record: int) -> tuple[Part, int]:
        """The part and row of a record. Raises KeyError when there is none."""
        for part in self.parts:
            row = part.row_of(record)
            if row >= 0:
                return part, row
        raise KeyError(record)


class Catalogue:
    """A searchable set of records under one schema. Safe to use from several threads."""

    def __init__(
        self,
        schema: Schema,
        records: Iterable[Record] = (),
        tokeniser: Tokeniser | None = None,
    ) -> None:
        self.schema = schema
        self._encoder = Encoder(Layout(schema), tokeniser or Tokeniser())
        self._changing = RLock()
        self._merging = RLock()
        rows = encode_all(self._encoder, records)
        _refuse_twins(rows.columns.ids)
        self._nothing = Part(Segment(self._encoder.encode(())))
        self._settled: tuple[Part, ...] = (Part(Segment(rows)),)
        self._recent = self._fresh = self._nothing
        self._publish()

    def __len__(self) -> int:
        return len(self._snapshot)

    def __contains__(self, record: int) -> bool:
        return any(part.row_of(record) >= 0 for part in self._snapshot.parts)

    def snapshot(self) -> Snapshot:
        """The catalogue as it is now; later changes do not touch it."""
        return self._snapshot

    def insert(self, *records: Record) -> None:
        """Add records, each in place of one with the same id. Found by the next query.

        Raises ValueError, and changes nothing, when the schema does not allow a record.
        """
        with self._changing:
            rows = self._encoder.encode(records)
            _refuse_twins(rows.columns.ids)
            for record in records:
                self._drop(record.id)
            self._fresh = _combine(self._fresh, rows)
            if len(self._fresh.segment) > FRESH_ROWS:
                # What is fresh holds no removed row here: it was combined a moment ago.
                self._recent = _combine(self._recent, self._fresh.segment.rows)
                self._fresh = self._nothing
            self._publish()
        if self.wants_merge and len(self) <= SMALL_CATALOGUE:
            self.merge()

    def remove(self, record: int) -> bool:
        """Take a record out. False when there was none."""
        with self._changing:
            found = self._drop(record)
            self._publish()
        return found

    @property
    def wants_merge(self) -> bool:
        """True when enough has changed for `merge` to be worth its while."""
        settled = self._settled[0]
        recent = len(self._recent.segment) + len(self._fresh.segment)
        gone = len(settled.segment) - settled.alive
        return recent + gone > max(FRESH_ROWS, len(settled.segment) // 8)

    def merge(self) -> None:
        """Fold all parts into one, for instance in a background thread. Queries and changes go
        on meanwhile; two merges do not run at once."""
        with self._merging:
            with self._changing:
                before = (*self._settled, self._recent, self._fresh)
                self._settled = before
                self._recent = self._fresh = self._nothing
            rows = join([part.segment.rows for part in before], [part.kept for part in before])
            merged = Part(Segment(rows))
            with self._changing:
                for record in _removed_since(before, self._settled):
                    merged = merged.without(merged.segment.row_of(record))
                self._settled = (merged,)
                self._publish()

    def _drop(self, record: int) -> bool:
        """Mark a record as removed wherever it is."""
        for name in ("_fresh", "_recent"):
            part: Part = getattr(self, name)
            if (row := part.row_of(record)) >= 0:
                setattr(self, name, part.without(row))
                return True
        for i, part in enumerate(self._settled):
            if (row := part.row_of(record)) >= 0:
                changed = part.without(row)
                self._settled = (*self._settled[:i], changed, *self._settled[i + 1 :])
                return True
        return False

    def _publish(self) -> None:
        parts = (*self._settled, self._recent, self._fresh)
        self._snapshot = Snapshot(
            self._encoder.layout,
            self._encoder.tokeniser,
            self._encoder.vocabulary,
            tuple(part for part in parts if part.alive),
        )


def _combine(part: Part, more: Rows) -> Part:
    """A part with more rows; its removed rows are left behind."""
    return Part(Segment(join([part.segment.rows, more], [part.kept, None])))


def _removed_since(before: Sequence[Part], now: Sequence[Part]) -> list[int]:
    """Ids of records that were alive in the parts `before` and are not in the same parts `now`."""
    gone: list[int] = []
    for old, new in zip(before, now, strict=True):
        if new.dead is not None:
            newly = new.dead if old.dead is None else new.dead & ~old.dead
            gone.extend(new.segment.columns.ids[newly].tolist())
    return gone


def _refuse_twins(ids: Ints) -> None:
    ordered = np.sort(ids)
    twins = ordered[1:][ordered[1:] == ordered[:-1]]
    if len(twins):
        raise ValueError(f"record {int(twins[0])} is given twice")
