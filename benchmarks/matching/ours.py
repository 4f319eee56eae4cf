"""Our engine on PilotSearch, through its public surface and nothing else."""

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.matching import workload
from benchmarks.matching.workload import Query
from benchmarks.reporting import Figures, best_times_ms, peak_rss_mib, spread
from pilotline.engines.matching.catalogue import Catalogue
from pilotline.engines.matching.problem import Fit, Problem, Requirement
from pilotline.engines.matching.ranking import rank
from pilotline.engines.matching.schema import Attribute, Kind, Record, Schema, TextField
from pilotline.engines.matching.solve import solve


def _names(letter: str, count: int) -> tuple[str, ...]:
    return tuple(f"{letter}{i}" for i in range(count))


PROCESSES = _names("p", workload.PROCESSES)
MATERIALS = _names("m", workload.MATERIALS)
CERTIFICATES = _names("c", workload.CERTIFICATES)
REGIONS = _names("r", workload.REGIONS)
HAZARDS = _names("h", workload.HAZARDS)
WORDS = [str(i) for i in range(workload.WORDS)]

SCHEMA = Schema(
    attributes=(
        Attribute("process", Kind.SET, PROCESSES),
        Attribute("volume", Kind.RANGE),
        Attribute("temperature", Kind.RANGE),
        Attribute("pressure", Kind.RANGE),
        Attribute("price", Kind.RANGE),
        Attribute("hazard", Kind.LEVEL, HAZARDS),
        Attribute("material", Kind.SET, MATERIALS),
        Attribute("certificate", Kind.SET, CERTIFICATES),
        Attribute("region", Kind.SET, REGIONS),
    ),
    text_fields=(TextField("text", typical_length=float(workload.WORDS_PER_RECORD)),),
    partition="process",
)


def _named_bits(names: tuple[str, ...]) -> list[list[tuple[str, ...]]]:
    """For each byte of a bitmap and each of its 256 states, the names it stands for."""
    return [
        [tuple(names[first + bit] for bit in range(8) if state >> bit & 1) for state in range(256)]
        for first in range(0, len(names), 8)
    ]


def _named(table: list[list[tuple[str, ...]]], bitmap: int) -> tuple[str, ...]:
    named: tuple[str, ...] = ()
    for states in table:
        named += states[bitmap & 255]
        bitmap >>= 8
    return named


def records(folder: Path) -> Iterator[Record]:
    """The catalogue as records, one at a time."""
    materials, certificates = _named_bits(MATERIALS), _named_bits(CERTIFICATES)
    for start, block in workload.blocks(folder):
        for i, row in enumerate(zip(*(block[name] for name in workload.COLUMNS), strict=True)):
            process, v_low, v_high, t_low, t_high, pressure, hazard, held, certified = row[:9]
            region, price, words = row[9:]
            yield Record(
                start + i,
                {
                    "process": (PROCESSES[process],),
                    "volume": (v_low, v_high),
                    "temperature": (t_low, t_high),
                    "pressure": (0.0, pressure),
                    "price": (price, price),
                    "hazard": (HAZARDS[hazard],),
                    "material": _named(materials, held),
                    "certificate": _named(certificates, certified),
                    "region": (REGIONS[region],),
                },
                {"text": [WORDS[word] for word in words]},
            )


def problem(query: Query, filtered: bool) -> Problem:
    """A query as a problem: words decide the order, limits who is in."""
    wanted = (
        Requirement("process", "process", Fit.ANY_OF, values=(PROCESSES[query.process],)),
        Requirement("volume", "volume", Fit.COVER, *query.volume),
        Requirement("temperature", "temperature", Fit.COVER, *query.temperature),
        Requirement("pressure", "pressure", Fit.AT_LEAST, low=query.pressure),
        Requirement("price", "price", Fit.AT_MOST, high=query.price),
        Requirement("hazard", "hazard", Fit.AT_LEAST, values=(HAZARDS[query.hazard],)),
        Requirement("material", "material", Fit.SUPERSET, values=(MATERIALS[query.material],)),
        Requirement(
            "certificate", "certificate", Fit.SUPERSET, values=(CERTIFICATES[query.certificate],)
        ),
        Requirement(
            "region", "region", Fit.ANY_OF, values=tuple(REGIONS[r] for r in query.regions)
        ),
    )
    return Problem(
        wanted if filtered else (),
        tuple(WORDS[word] for word in query.words),
        {"text": 1.0},
        must_match_text=True,
    )


class Pilotline:
    """The engine as a contestant."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.catalogue = Catalogue(SCHEMA, records(folder))

    def prepare(self, query: Query, filtered: bool) -> Any:
        return problem(query, filtered)

    def search(self, prepared: Any) -> list[int]:
        return [record for record, _ in rank(prepared, self.catalogue)]

    def extras(self, queries: list[Query], repetitions: int) -> Figures:
        """What only we are asked: reasons, inserts, and queries during a merge."""
        problems = [problem(query, True) for query in queries]
        explained, _ = best_times_ms(
            [lambda p=p: solve(p, self.catalogue) for p in problems], repetitions
        )
        figures = spread("explained", explained)
        figures["insert_searchable_s"] = max(self._insert(query) for query in queries[:20])
        before = peak_rss_mib()
        figures |= self._while_merging(problems)
        figures["merge_peak_rss_mib"] = peak_rss_mib()
        figures["peak_rss_mib"] = before
        return figures

    def _insert(self, query: Query) -> float:
        """Seconds from handing a record in until a query finds it."""
        number = workload.size(self.folder) + query.target
        words = [WORDS[word] for word in query.words]
        record = replace(_like(query), id=number, texts={"text": words})
        start = time.perf_counter()
        self.catalogue.insert(record)
        if number not in self.search(problem(query, True)):
            raise AssertionError("an inserted record was not found")
        return time.perf_counter() - start

    def _while_merging(self, problems: list[Problem]) -> Figures:
        """Query times while another thread folds the inserted records in."""
        merging = threading.Thread(target=self.catalogue.merge)
        cpu = time.process_time()
        merging.start()
        times = []
        while merging.is_alive():
            for each in problems:
                start = time.perf_counter()
                rank(each, self.catalogue)
                times.append((time.perf_counter() - start) * 1000)
        merging.join()
        return {
            "merge_cpu_s": time.process_time() - cpu,
            "while_merging_p50_ms": float(np.median(times)),
            "while_merging_p95_ms": float(np.quantile(times, 0.95)),
        }


def _like(query: Query) -> Record:
    """A record that just meets a query's limits."""
    return Record(
        0,
        {
            "process": (PROCESSES[query.process],),
            "volume": query.volume,
            "temperature": query.temperature,
            "pressure": (0.0, query.pressure),
            "price": (query.price, query.price),
            "hazard": (HAZARDS[query.hazard],),
            "material": (MATERIALS[query.material],),
            "certificate": (CERTIFICATES[query.certificate],),
            "region": (REGIONS[query.regions[0]],),
        },
    )
