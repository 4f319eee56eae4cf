"""The peers on PilotSearch: the same words, the same filters, each in the way its makers advise."""

import os
import sqlite3
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.matching import workload
from benchmarks.matching.workload import Query
from benchmarks.reporting import Figures

FLOATS = (
    "volume_low",
    "volume_high",
    "temperature_low",
    "temperature_high",
    "pressure",
    "price",
)


class Peer:
    """What all peers have in common: nothing extra to measure."""

    def extras(self, queries: list[Query], repetitions: int) -> Figures:
        return {}


def _wishes(query: Query) -> list[tuple[str, float | None, float | None]]:
    """Column, least and greatest value allowed."""
    return [
        ("volume_low", None, query.volume[0]),
        ("volume_high", query.volume[1], None),
        ("temperature_low", None, query.temperature[0]),
        ("temperature_high", query.temperature[1], None),
        ("pressure", query.pressure, None),
        ("price", None, query.price),
    ]


class Tantivy(Peer):
    """tantivy: terms for codes and sets, fast fields for numbers; filters do not score."""

    def __init__(self, folder: Path) -> None:
        import tantivy

        self.api = tantivy
        builder = tantivy.SchemaBuilder()
        for name in ("words", "materials", "certificates"):
            builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
        for name in ("process", "region"):
            builder.add_unsigned_field(name, indexed=True)
        builder.add_unsigned_field("hazard", indexed=True, fast=True)
        for name in FLOATS:
            builder.add_float_field(name, indexed=True, fast=True)
        builder.add_unsigned_field("id", stored=True, fast=True)
        self.schema = builder.build()
        self.home = tempfile.TemporaryDirectory()
        self.index = tantivy.Index(self.schema, path=self.home.name)
        writer = self.index.writer(200_000_000, 1)
        for start, block in workload.blocks(folder):
            for i in range(len(block["process"])):
                writer.add_document(self._document(start + i, block, i))
        writer.commit()
        writer.wait_merging_threads()
        self.index.reload()
        self.searcher = self.index.searcher()

    def _document(self, number: int, block: dict[str, list[Any]], i: int) -> Any:
        document = self.api.Document()
        document.add_unsigned("id", number)
        document.add_text("words", " ".join(map(str, block["words"][i])))
        for name in ("materials", "certificates"):
            document.add_text(name, " ".join(map(str, workload.bits(block[name][i]))))
        for name in ("process", "region", "hazard"):
            document.add_unsigned(name, block[name][i])
        for name in FLOATS:
            document.add_float(name, block[name][i])
        return document

    def prepare(self, query: Query, filtered: bool) -> Any:
        q, must, should = self.api.Query, self.api.Occur.Must, self.api.Occur.Should
        words = [(should, q.term_query(self.schema, "words", str(w))) for w in query.words]
        text = q.boolean_query(words)
        if not filtered:
            return text
        limits = [
            q.term_query(self.schema, "process", query.process),
            q.term_query(self.schema, "materials", str(query.material)),
            q.term_query(self.schema, "certificates", str(query.certificate)),
            q.term_set_query(self.schema, "region", list(query.regions)),
            q.range_query(self.schema, "hazard", self.api.FieldType.Unsigned, query.hazard, None),
        ]
        for name, least, most in _wishes(query):
            kind = self.api.FieldType.Float
            limits.append(q.range_query(self.schema, name, kind, least, most))
        silent = q.const_score_query(q.boolean_query([(must, x) for x in limits]), 0.0)
        return q.boolean_query([(must, silent), (must, text)])

    def search(self, prepared: Any) -> list[int]:
        hits = self.searcher.search(prepared, 10, count=False).hits
        return [int(self.searcher.doc(address)["id"][0]) for _, address in hits]


class Sqlite(Peer):
    """SQLite FTS5 with full detail, joined with an indexed table of the limits."""

    def __init__(self, folder: Path) -> None:
        self.home = tempfile.TemporaryDirectory()
        self.base = sqlite3.connect(Path(self.home.name) / "peer.db")
        numbers = ", ".join(f"{name} real" for name in FLOATS)
        self.base.executescript(
            f"""
            pragma journal_mode = off; pragma synchronous = off;
            create virtual table text using fts5(words, content='', detail=full);
            create table record (id integer primary key, process int, hazard int, region int,
                materials int, certificates int, {numbers});
            """
        )
        marks = ", ".join("?" * (6 + len(FLOATS)))
        for start, block in workload.blocks(folder):
            ids = range(start, start + len(block["process"]))
            words = (" ".join(f"w{w}" for w in row) for row in block["words"])
            self.base.executemany(
                "insert into text(rowid, words) values (?, ?)", zip(ids, words, strict=True)
            )
            columns = [block[n] for n in ("process", "hazard", "region")]
            columns.append([_signed(bitmap) for bitmap in block["materials"]])
            columns.append(block["certificates"])
            rows = zip(ids, *columns, *(block[name] for name in FLOATS), strict=True)
            self.base.executemany(f"insert into record values ({marks})", rows)
        self.base.executescript(
            "insert into text(text) values ('optimize'); create index p on record(process); analyze"
        )
        self.base.commit()

    def prepare(self, query: Query, filtered: bool) -> Any:
        words = " OR ".join(f"w{word}" for word in query.words)
        if not filtered:
            return "select rowid from text where text match ? order by rank limit 10", (words,)
        limits, values = _sql_limits(query, "?")
        return (
            "select text.rowid from text join record on record.id = text.rowid"
            f" where text match ? and {limits} order by bm25(text) limit 10",
            (words, *values),
        )

    def search(self, prepared: Any) -> list[int]:
        return [row[0] for row in self.base.execute(*prepared)]


def _signed(bitmap: int) -> int:
    """A 64-bit bitmap as the signed number that databases store."""
    return bitmap - (1 << 64) if bitmap >> 63 else bitmap


def _sql_limits(query: Query, mark: str) -> tuple[str, list[Any]]:
    limits = [
        f"process = {mark}",
        f"hazard >= {mark}",
        f"materials & {mark} <> 0",
        f"certificates & {mark} <> 0",
        f"region in ({', '.join(map(str, query.regions))})",
    ]
    values: list[Any] = [
        query.process,
        query.hazard,
        _signed(1 << query.material),
        1 << query.certificate,
    ]
    for name, least, most in _wishes(query):
        limits.append(f"{name} {'>=' if most is None else '<='} {mark}")
        values.append(least if most is None else most)
    return " and ".join(limits), values


class Postgres(Peer):
    """PostgreSQL full text: tsvector with GIN, ts_rank, an index on the process code."""

    def __init__(self, folder: Path) -> None:
        import psycopg

        self.base = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
        numbers = ", ".join(f"{name} float8" for name in FLOATS)
        # A temporary table is gone with the connection, whatever happens.
        self.base.execute(
            "create temporary table peer (id int, process int, hazard int, region int,"
            f" materials bigint, certificates bigint, {numbers}, words tsvector)"
        )
        names = ("process", "hazard", "region")
        with self.base.cursor().copy("copy peer from stdin") as copy:
            for start, block in workload.blocks(folder):
                for i, words in enumerate(block["words"]):
                    row = [start + i, *(block[name][i] for name in names)]
                    row += [_signed(block["materials"][i]), block["certificates"][i]]
                    row += [block[name][i] for name in FLOATS]
                    spaced = " ".join(f"w{w}:{place}" for place, w in enumerate(words, 1))
                    copy.write_row([*row, spaced])
        self.base.execute("create index on peer using gin (words)")
        self.base.execute("create index on peer (process)")
        self.base.execute("analyze peer")

    def prepare(self, query: Query, filtered: bool) -> Any:
        words = " | ".join(f"w{word}" for word in query.words)
        limits, values = _sql_limits(query, "%s") if filtered else ("true", [])
        return (
            f"select id from peer where words @@ %s::tsquery and {limits}"
            " order by ts_rank(words, %s::tsquery) desc limit 10",
            (words, *values, words),
        )

    def search(self, prepared: Any) -> list[int]:
        return [row[0] for row in self.base.execute(*prepared).fetchall()]


class Bm25s(Peer):
    """bm25s on NumPy; limits as a mask over all records, computed for each query."""

    def __init__(self, folder: Path) -> None:
        import bm25s

        from benchmarks.matching.oracle import Scan

        words = workload.column(folder, "words").tolist()
        vocabulary = {str(word): word for word in range(workload.WORDS)}
        self.engine = bm25s.BM25(k1=1.2, b=0.75, backend="numpy")
        self.engine.index((words, vocabulary), show_progress=False)
        self.limits = Scan.__new__(Scan)
        self.limits.columns = {
            name: np.array(workload.column(folder, name))
            for name in workload.COLUMNS
            if name != "words"
        }

    def prepare(self, query: Query, filtered: bool) -> Any:
        return query, filtered

    def search(self, prepared: Any) -> list[int]:
        query, filtered = prepared
        scores = self.engine.get_scores_from_ids(list(query.words))
        if filtered:
            rows = self.limits.passing(query)
            best = rows[np.argsort(-scores[rows], kind="stable")[:10]]
        else:
            best = np.argpartition(-scores, 10)[:10]
            best = best[np.argsort(-scores[best], kind="stable")]
        return [int(i) for i in best if scores[i] > 0]
