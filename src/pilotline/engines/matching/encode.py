"""From records to packed rows: values to columns, words to weighted terms."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain

import numpy as np

from pilotline.engines.matching.gathering import Gatherer
from pilotline.engines.matching.layout import ALL_ONES, Bits, Floats, Ints, Layout
from pilotline.engines.matching.schema import Record, TextField, check_bounds
from pilotline.engines.matching.segment import Columns, Rows, Sources
from pilotline.engines.matching.text_index import FULL, Integers, Shorts, narrow
from pilotline.engines.matching.tokenise import Tokeniser


class Vocabulary(dict[str, int]):
    """Numbers for words, handed out in order of arrival and never taken back.

    Looking a word up with `[]` numbers it when it is new; `get` and `in` do not.
    """

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self.words)
        self.words.append(word)
        return number


@dataclass(slots=True)
class Encoder:
    """Packs records under one schema. Raises ValueError for what the schema does not know."""

    layout: Layout
    tokeniser: Tokeniser
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    _bits: dict[str, dict[str, int]] = field(init=False)
    _codes: dict[str, int] = field(init=False)
    _names: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        schema = self.layout.schema
        self._bits = {
            a.name: {v: 1 << self.layout.first_bit[a.name] + i for i, v in enumerate(a.values)}
            for a in schema.attributes
            if a.name in self.layout.first_bit
        }
        values = schema.attribute(schema.partition).values if schema.partition else ()
        self._codes = {value: i for i, value in enumerate(values)}
        self._names = frozenset(a.name for a in schema.attributes)

    def encode(self, records: Sequence[Record]) -> Rows:
        """These records packed, in order of partition, then as given."""
        for record in records:
            if not record.values.keys() <= self._names:
                [strange, *_] = sorted(record.values.keys() - self._names)
                raise ValueError(f"record {record.id}: the schema has no attribute {strange!r}")
        codes = np.array([self._code(record) for record in records], np.int64)
        order = np.argsort(codes, kind="stable")
        ordered = [records[i] for i in order]
        counts = np.bincount(codes, minlength=self.layout.partitions)
        bounds = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
        sources: Sources = None
        if any(record.sources for record in ordered):
            sources = tuple(dict(r.sources) if r.sources else None for r in ordered)
        return Rows(self._columns(ordered), bounds, *self._text(ordered), sources)

    def _code(self, record: Record) -> int:
        name = self.layout.schema.partition
        value = record.values.get(name) if name else None
        if value is None:
            return self.layout.partitions - 1
        if len(value) != 1 or value[0] not in self._codes:
            raise ValueError(f"record {record.id}: {name!r} takes one known value, not {value!r}")
        return self._codes[value[0]]

    def _columns(self, records: Sequence[Record]) -> Columns:
        bounds = [pack_ranges(name, records) for name in self.layout.ranges]
        shape = (len(bounds), len(records))
        words, known = self._bitmaps(records)
        places = [record.place or (np.nan, np.nan) for record in records]
        return Columns(
            np.array([record.id for record in records], np.int64),
            np.array([record.group for record in records], np.int64),
            np.array([r.id if r.candidate is None else r.candidate for r in records], np.int64),
            np.array([low for low, _ in bounds], np.float64).reshape(shape),
            np.array([high for _, high in bounds], np.float64).reshape(shape),
            words,
            known,
            self._numbers([m.name for m in self.layout.schema.measures], records),
            np.ascontiguousarray(np.array(places, np.float64).reshape(len(records), 2).T),
        )

    def _numbers(self, names: list[str], records: Sequence[Record]) -> Floats:
        rows = [[record.measures.get(name, np.nan) for record in records] for name in names]
        return np.array(rows, np.float64).reshape(len(names), len(records))

    def _bitmaps(self, records: Sequence[Record]) -> tuple[Bits, Bits]:
        """One integer of all bits a record, cut into 64-bit words at the end."""
        columns = [
            (name, bits, 1 << self.layout.known_bit[name], sum(bits.values()))
            for name, bits in self._bits.items()
        ]
        everything, known = [], []
        for record in records:
            packed, sure = 0, 0
            for name, bits, known_bit, unknown in columns:
                offered = record.values.get(name)
                if offered is None:
                    packed |= unknown
                    continue
                sure |= known_bit
                for value in offered:
                    if value not in bits:
                        raise ValueError(f"record {record.id}: {name!r} has no value {value!r}")
                    packed |= bits[value]
            everything.append(packed)
            known.append(sure)
        words = [
            np.array([packed >> 64 * i & ALL_ONES for packed in everything], np.uint64)
            for i in range(self.layout.words)
        ]
        shape = (self.layout.words, len(records))
        return np.array(words, np.uint64).reshape(shape), np.array(known, np.uint64)

    def _text(self, records: Sequence[Record]) -> tuple[Ints, Integers, Shorts]:
        """Row starts, terms and 16-bit weights of these records."""
        fields = self.layout.schema.text_fields
        terms, rows, points = [], [], []
        for text_field in fields:
            found = [self._words(record, text_field) for record in records]
            lengths = np.array([len(words) for words in found], np.int64)
            # A word counts for less in a long field: BM25F's per-field normalisation.
            norm = 1 - text_field.length_penalty * (1 - lengths / text_field.typical_length)
            owners = np.repeat(np.arange(len(records)), lengths)
            number = self.vocabulary.__getitem__
            numbers = map(number, chain.from_iterable(found))
            terms.append(np.fromiter(numbers, np.int64, int(lengths.sum())))
            rows.append(owners)
            points.append((text_field.weight / np.where(norm > 0, norm, 1.0))[owners])
        if not fields or not records:
            return np.zeros(len(records) + 1, np.int64), np.zeros(0, np.uint16), _no_weights()
        return _weigh(
            np.concatenate(rows) << 32 | np.concatenate(terms),
            np.concatenate(points),
            len(records),
            self.layout.schema.saturation,
        )

    def _words(self, record: Record, text_field: TextField) -> Sequence[str]:
        text = record.texts.get(text_field.name, ())
        return self.tokeniser.words(text) if isinstance(text, str) else text


def _no_weights() -> Shorts:
    return np.zeros(0, np.uint16)


def _weigh(
    keys: Ints, points: Floats, count: int, saturation: float
) -> tuple[Ints, Integers, Shorts]:
    """Sum the points of each (row, term) key and saturate them: f / (k1 + f), in 16 bits."""
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    first = np.flatnonzero(np.diff(ordered, prepend=-1))
    sums = np.add.reduceat(points[order], first) if len(first) else points
    weights = np.clip(np.rint(sums / (saturation + sums) * FULL), 1, FULL).astype(np.uint16)
    terms = ordered[first] & 0xFFFFFFFF
    terms = terms.astype(narrow(int(terms.max(initial=0))))
    starts = np.searchsorted(ordered[first] >> 32, np.arange(count + 1)).astype(np.int64)
    return starts, terms, weights


def pack_ranges(name: str, records: Sequence[Record]) -> tuple[Floats, Floats]:
    """Both ends of a range for all records; unknown ends become infinities that pass all tests.

    Raises ValueError for what is not a pair of finite numbers or None, or runs backwards.
    """
    nothing = (None, None)
    values = [record.values.get(name, nothing) for record in records]
    try:
        ends = np.array(values, np.float64).reshape(len(records), 2)
    except (TypeError, ValueError):
        ends = np.array([check_bounds(name, value) for value in values], np.float64)
    low, high = ends[:, 0], ends[:, 1]
    for i in np.flatnonzero(np.isinf(low) | np.isinf(high) | (low > high)):
        check_bounds(name, values[i])
    return np.where(np.isnan(low), -np.inf, low), np.where(np.isnan(high), np.inf, high)


BLOCK = 4_096


def encode_all(encoder: Encoder, records: Iterable[Record]) -> Rows:
    """Any number of records, encoded block by block so that they need not all be in memory."""
    gathered: Gatherer | None = None
    waiting: list[Record] = []
    for record in records:
        waiting.append(record)
        if len(waiting) == BLOCK:
            block = encoder.encode(waiting)
            if gathered is None:
                gathered = Gatherer(block)
            else:
                gathered.add(block)
            waiting = []
    rest = encoder.encode(waiting)
    if gathered is None:
        return rest
    gathered.add(rest)
    return gathered.finish()
