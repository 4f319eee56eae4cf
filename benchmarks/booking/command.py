"""The command: a database, a server and its clients; then count what the database holds."""

import argparse
import json
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg

from benchmarks.booking.load import CONNECTIONS, Round, Target, run
from benchmarks.reporting import Figures, machine, print_table, spread, write_json

ROOT = Path(__file__).resolve().parents[2]
MODES = ("single", "multi")
TEMPLATE = "benchmark_template_"
UNFINISHED = "benchmark_unfinished"
FULL_SLOTS, QUICK_SLOTS = 1000, 20
# How the slots of a mode are shared out among 2, 8 and 64 connections.
SHARES = {2: 0.4, 8: 0.4, 64: 0.2}
# Whoever would write past every lock and check: pairs whose times, changeovers included, overlap.
OVERLAPS = """
SELECT count(*) FROM booking_occupation a JOIN booking_occupation b
ON a.resource_id = b.resource_id AND a.piece = b.piece AND a.id < b.id AND a.living AND b.living
AND lower(a.blocked) < upper(b.blocked) AND lower(b.blocked) < upper(a.blocked)
WHERE a.resource_id = ANY(%s)
"""
# Two bookings of the same start on one resource, whatever their state says of them.
TWICE = """
SELECT count(*) FROM (
    SELECT resource_id, piece, lower(use) FROM booking_occupation
    WHERE living AND resource_id = ANY(%s) GROUP BY 1, 2, 3 HAVING count(*) > 1
) AS twice
"""
# A booking of two resources of which only one was written.
HALF = """
SELECT count(*) FROM (
    SELECT booking_id FROM booking_occupation
    WHERE living AND resource_id = ANY(%s) GROUP BY 1 HAVING count(*) <> %s
) AS half
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark; 0 when it ran and no time was given away twice."""
    options = _parse(argv)
    slots = options.slots or (QUICK_SLOTS if options.quick else FULL_SLOTS)
    about = machine(("gunicorn", "django", "psycopg"))
    with _database() as url, tempfile.TemporaryDirectory() as home:
        surroundings = _surroundings(url, Path(home))
        world = _world(surroundings, slots)
        with _server(surroundings) as port:
            columns = {mode: _measure(mode, slots, world, port, url) for mode in MODES}
    about["load_average_after"] = [round(x, 2) for x in os.getloadavg()]
    notes = [
        f"{slots} slots a mode; each is posted by all its connections at the same moment.",
        "multi: two resources of two facilities in one booking, all or none.",
        "attempts_per_s counts every answer, bookings_per_s those that won.",
        f"Machine: {json.dumps(about, ensure_ascii=False)}",
    ]
    print_table("booking", _rows(columns), columns, notes)
    if options.json:
        figures = {f"{mode}_{k}": v for mode in MODES for k, v in columns[mode].items()}
        write_json(options.json, "booking", figures, {}, about | {"notes": notes})
    failed = sum(columns[mode][name] or 0 for mode in MODES for name in columns[mode] if _bad(name))
    return 1 if failed else 0


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="pilotline benchmark booking", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer slots, under 40 seconds")
    parser.add_argument("--seed", type=int, default=1, help="taken and not used: nothing is drawn")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--slots", type=int, help="how many a mode")
    return parser.parse_args(argv)


def _bad(name: str) -> bool:
    return "double_bookings" in name or name in ("slots_without_one_winner", "half_bookings")


def _rows(columns: dict[str, Figures]) -> list[tuple[str, str]]:
    names = list(dict.fromkeys(name for column in columns.values() for name in column))
    return [(name, "0" if _bad(name) or name == "unclear_answers" else "") for name in names]


def _measure(mode: str, slots: int, world: dict[str, Any], port: int, url: str) -> Figures:
    """All rounds of one mode, and what the database says of them afterwards."""
    target = Target(port, world["tokens"], world[mode], world["start"])
    figures: Figures = {}
    rounds: list[Round] = []
    first = 0
    for connections in CONNECTIONS:
        count = max(2, round(slots * SHARES[connections]))
        done = run(target, connections, range(first, first + count))
        first += count
        rounds.append(done)
        figures |= _figures(f"c{connections}", done)
    resources = [pk for group in world[mode] for pk in group]
    size = len(world[mode][0])
    with psycopg.connect(url) as connection:
        for name, sql, given in (
            ("double_bookings", OVERLAPS, [resources]),
            ("double_bookings_same_start", TWICE, [resources]),
            ("half_bookings", HALF, [resources, size]),
        ):
            row = connection.execute(sql, given).fetchone()
            figures[name] = float(row[0]) if row else None
    figures["slots"] = float(first)
    figures["slots_without_one_winner"] = float(
        sum(winners != 1 for done in rounds for winners in done.winners)
    )
    figures["losers_told_next_free"] = float(sum(done.told for done in rounds))
    figures["unclear_answers"] = float(sum(done.unclear for done in rounds))
    return figures


def _figures(name: str, done: Round) -> Figures:
    wins = sum(done.winners)
    found: Figures = {
        f"{name}_double_bookings": float(sum(max(0, w - 1) for w in done.winners)),
        f"{name}_bookings_per_s": wins / done.seconds,
        f"{name}_attempts_per_s": len(done.times_ms) / done.seconds,
    }
    wanted = spread(name, done.times_ms)
    return found | {k: v for k, v in wanted.items() if not k.endswith("mean_ms")}


@contextmanager
def _database() -> Iterator[str]:
    """A migrated database beside the one that DATABASE_URL names, gone afterwards."""
    name = f"benchmark_booking_{secrets.token_hex(4)}"
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        template = _template(connection)
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        try:
            yield _url(name)
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _url(name: str) -> str:
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))


def _template(connection: "psycopg.Connection[Any]") -> str:
    """An empty, migrated database to be copied. It is kept for the next run: migrating takes
    longer than all of `--quick`. Those of other migrations are dropped."""
    name = TEMPLATE + _digest()
    connection.execute("SELECT pg_advisory_lock(hashtext(%s))", [TEMPLATE])
    try:
        rows = connection.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [TEMPLATE]
        ).fetchall()
        for (other,) in rows:
            if other != name:
                connection.execute(f'DROP DATABASE "{other}" WITH (FORCE)')
        if (name,) not in rows:
            _migrate(connection, name)
    finally:
        connection.execute("SELECT pg_advisory_unlock(hashtext(%s))", [TEMPLATE])
    return name


def _migrate(connection: "psycopg.Connection[Any]", name: str) -> None:
    """Under another name first: what is interrupted is never taken for a template."""
    connection.execute(f'DROP DATABASE IF EXISTS "{UNFINISHED}" WITH (FORCE)')
    connection.execute(f'CREATE DATABASE "{UNFINISHED}"')
    with tempfile.TemporaryDirectory() as home:
        argv = [sys.executable, "-m", "django", "migrate", "--verbosity", "0", "--no-input"]
        surroundings = _surroundings(_url(UNFINISHED), Path(home))
        subprocess.run(argv, env=surroundings, cwd=ROOT, check=True)
    connection.execute(f'ALTER DATABASE "{UNFINISHED}" RENAME TO "{name}"')


def _digest() -> str:
    """The same for the same migrations: ours by their text, others' by their versions."""
    found = sha256()
    for path in sorted((ROOT / "src").rglob("migrations/*.py")):
        found.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    for package in ("django", "django-allauth", "procrastinate"):
        found.update(version(package).encode())
    return found.hexdigest()[:16]


def _surroundings(url: str, home: Path) -> dict[str, str]:
    paths = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    return os.environ | {
        "DATABASE_URL": url,
        "PILOTLINE_HOME": str(home),
        "PILOTLINE_SECRET_KEY": secrets.token_urlsafe(32),
        "PILOTLINE_WEB_WORKERS": "2",
        "PYTHONPATH": paths,
        "DJANGO_SETTINGS_MODULE": "pilotline.config.settings",
    }


def _world(surroundings: dict[str, str], slots: int) -> dict[str, Any]:
    """Tables, rulebook, people with tokens and resources, made through the services."""
    argv = [sys.executable, "-m", "benchmarks.booking.world", str(slots)]
    done = subprocess.run(argv, env=surroundings, cwd=ROOT, check=True, stdout=subprocess.PIPE)
    made: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return made


@contextmanager
def _server(surroundings: dict[str, str]) -> Iterator[int]:
    """The web server as `pilotline serve` runs it; yields its port when it answers."""
    # A line for each refusal, of which there are thousands: kept beside, not printed.
    log_file = Path(surroundings["PILOTLINE_HOME"]) / "server.log"
    with socket.socket() as listener, log_file.open("w") as log:
        listener.bind(("127.0.0.1", 0))
        listener.listen(512)
        port = int(listener.getsockname()[1])
        handle = listener.fileno()
        server = subprocess.Popen(
            [sys.executable, "-m", "pilotline.config.processes", "web"],
            env=surroundings | {"PILOTLINE_LISTENER": str(handle)},
            pass_fds=[handle],
            stderr=log,
        )
        try:
            _wait(port)
            yield port
        finally:
            server.terminate()
            server.wait(timeout=20)


def _wait(port: int) -> None:
    """Until both processes are warm: the first answers take the imports' time."""
    end = time.monotonic() + 60
    warm = 0
    while warm < 8 and time.monotonic() < end:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
                line.sendall(
                    b"GET /api/v1/facilities HTTP/1.1\r\nHost: localhost\r\n"
                    b"Connection: close\r\n\r\n"
                )
                warm += line.recv(64).startswith(b"HTTP/1.1 200")
        except OSError:
            time.sleep(0.1)
