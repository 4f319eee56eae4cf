"""PilotSearch: a generated catalogue and queries of which each has a planted answer.

A record has a process code (200, Zipf), ranges of volume and temperature, a highest pressure, a
hazard level, 8 of 64 materials, 6 of 16 certificates, one of 16 regions, a price, and 40 words
drawn from a synthetic topic model: 64 topics over 50,000 words, both background and topic
following a shifted Zipf law whose shift is chosen so that a query of 8 to 10 words touches about
227,000 postings at a million records, as measured on Chinese scientific abstracts. Words are
independent of the process code, so that no engine profits from sorting by process.

A query is drawn from one record: 8 to 10 of its words and hard limits that this record meets.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

PROCESSES = 200
MATERIALS = 64
CERTIFICATES = 16
REGIONS = 16
HAZARDS = 8
WORDS = 50_000
TOPICS = 64
TOPIC_WORDS = 4_000
WORDS_PER_RECORD = 40
BACKGROUND_SHARE = 0.4
SHIFT = 2.0
PROCESS_EXPONENT = 0.7
BLOCK = 50_000

COLUMNS = (
    "process",
    "volume_low",
    "volume_high",
    "temperature_low",
    "temperature_high",
    "pressure",
    "hazard",
    "materials",
    "certificates",
    "region",
    "price",
    "words",
)


@dataclass(frozen=True, slots=True)
class Query:
    """Wanted values; `target` is the record it was drawn from and which must be among the hits."""

    target: int
    process: int
    volume: tuple[float, float]
    temperature: tuple[float, float]
    pressure: float
    hazard: int
    material: int
    certificate: int
    regions: tuple[int, ...]
    price: float
    words: tuple[int, ...]


def generate(count: int, seed: int, folder: Path) -> None:
    """Write the columns of `count` records as .npy files into `folder`, block by block."""
    rng = np.random.default_rng([seed, 1])
    topics = _topic_words(rng)
    files: dict[str, Any] = {}
    for start in range(0, count, BLOCK):
        size = min(BLOCK, count - start)
        for name, values in _block(rng, topics, size).items():
            if name not in files:
                shape = (count, *values.shape[1:])
                files[name] = np.lib.format.open_memmap(
                    folder / f"{name}.npy", mode="w+", dtype=values.dtype, shape=shape
                )
            files[name][start : start + size] = values
    for file in files.values():
        file.flush()


def column(folder: Path, name: str) -> Any:
    """One column of the catalogue, mapped from disk."""
    return np.load(folder / f"{name}.npy", mmap_mode="r")


def size(folder: Path) -> int:
    """The number of records in a folder."""
    return len(column(folder, "process"))


def blocks(folder: Path, rows: int = 8_192) -> Iterator[tuple[int, dict[str, list[Any]]]]:
    """The catalogue in runs of plain Python lists: the first id, and the columns by name.

    The files are mapped anew for each run, so that they do not count as anybody's memory.
    """
    for start in range(0, size(folder), rows):
        yield start, {name: column(folder, name)[start : start + rows].tolist() for name in COLUMNS}


def queries(folder: Path, count: int, seed: int) -> list[Query]:
    """`count` queries, each drawn from a record of the catalogue."""
    rng = np.random.default_rng([seed, 2])
    columns = {name: column(folder, name) for name in COLUMNS}
    targets = rng.integers(0, size(folder), count)
    return [_query(rng, columns, int(target)) for target in targets]


def _topic_words(rng: np.random.Generator) -> Any:
    return np.stack([rng.permutation(WORDS)[:TOPIC_WORDS] for _ in range(TOPICS)])


def _zipf(size: int, exponent: float, shift: float = 0.0) -> Any:
    weights = (np.arange(size) + 1.0 + shift) ** -exponent
    return np.cumsum(weights / weights.sum())


def _draw(rng: np.random.Generator, cumulative: Any, shape: tuple[int, ...]) -> Any:
    found = np.searchsorted(cumulative, rng.random(shape))
    return np.minimum(found, len(cumulative) - 1)


def _choose(rng: np.random.Generator, size: int, of: int, chosen: int) -> Any:
    """Bitmaps with `chosen` of the first `of` bits set."""
    picks = np.argsort(rng.random((size, of)), axis=1)[:, :chosen].astype(np.uint64)
    return np.bitwise_or.reduce(np.uint64(1) << picks, axis=1)


def _block(rng: np.random.Generator, topics: Any, size: int) -> dict[str, Any]:
    shape = (size, WORDS_PER_RECORD)
    words = _draw(rng, _zipf(WORDS, 1.0, SHIFT), shape)
    ranks = _draw(rng, _zipf(TOPIC_WORDS, 1.0, SHIFT), shape)
    topic = rng.integers(0, TOPICS, size)
    from_topic = rng.random(shape) >= BACKGROUND_SHARE
    words = np.where(from_topic, topics[topic[:, None], ranks], words)
    volume_low = 10 ** rng.uniform(0, 2.5, size)
    temperature_low = rng.uniform(-80, 25, size)
    return {
        "process": _draw(rng, _zipf(PROCESSES, PROCESS_EXPONENT), (size,)).astype(np.int16),
        "volume_low": volume_low,
        "volume_high": volume_low * 10 ** rng.uniform(0.5, 2.5, size),
        "temperature_low": temperature_low,
        "temperature_high": temperature_low + rng.uniform(50, 300, size),
        "pressure": 10 ** rng.uniform(-1, 2, size),
        "hazard": rng.integers(0, HAZARDS, size).astype(np.int8),
        "materials": _choose(rng, size, MATERIALS, 8),
        "certificates": _choose(rng, size, CERTIFICATES, 6),
        "region": rng.integers(0, REGIONS, size).astype(np.int8),
        "price": 10 ** rng.uniform(2, 5, size),
        "words": words.astype(np.uint16),
    }


def _query(rng: np.random.Generator, columns: dict[str, Any], target: int) -> Query:
    record = {name: columns[name][target] for name in COLUMNS}
    words = np.unique(record["words"])
    chosen = rng.choice(words, min(int(rng.integers(8, 11)), len(words)), replace=False)
    others = rng.permutation(REGIONS)[:7]
    return Query(
        target=target,
        process=int(record["process"]),
        volume=_inside(rng, float(record["volume_low"]), float(record["volume_high"])),
        temperature=_inside(
            rng, float(record["temperature_low"]), float(record["temperature_high"])
        ),
        pressure=float(record["pressure"]) * rng.uniform(0.1, 1.0),
        hazard=int(rng.integers(0, int(record["hazard"]) + 1)),
        material=int(rng.choice(bits(int(record["materials"])))),
        certificate=int(rng.choice(bits(int(record["certificates"])))),
        regions=tuple(sorted({int(record["region"]), *(int(r) for r in others)})),
        price=float(record["price"]) * rng.uniform(1.0, 3.0),
        words=tuple(int(w) for w in chosen),
    )


def _inside(rng: np.random.Generator, low: float, high: float) -> tuple[float, float]:
    first, second = np.sort(rng.uniform(low, high, 2))
    return float(first), float(second)


def bits(word: int) -> list[int]:
    """The positions of the ones in a bitmap."""
    return [i for i in range(word.bit_length()) if word >> i & 1]
