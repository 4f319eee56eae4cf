"""The province to be measured: a database and a data folder of its own, made once and kept."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from pilotline.config.opening import start_django
from pilotline.config.serve import child_environment


@dataclass(frozen=True, slots=True)
class Size:
    """How much of the demonstration is loaded; 0 facilities means all."""

    name: str
    cases: int
    facilities: int


WHOLE, SMALL = Size("pages", 300, 0), Size("pages_quick", 12, 2)


def enter(size: Size, *, seed: int) -> float | None:
    """Make the province if it is not there and open Django on it.

    Gives the CPU seconds of our own process for loading it, or None when it was there.
    """
    os.environ["PILOTLINE_HOME"] = str(_folder(size))
    _make_database(f"pilotline_{size.name}")
    argv = [sys.executable, "-m", "pilotline.config.command", "migrate", "--no-demonstration"]
    subprocess.run(argv, env=child_environment(), check=True)
    start_django()
    return _fill(size, seed)


def _folder(size: Size) -> Path:
    folder = Path(os.environ["PILOTLINE_HOME"]) / f"benchmark-{size.name}"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _make_database(name: str) -> None:
    """A database of this name beside the one of DATABASE_URL, which then names it."""
    url = os.environ["DATABASE_URL"]
    with psycopg.connect(url, autocommit=True) as connection:
        there = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if there.fetchone() is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    os.environ["DATABASE_URL"] = urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def _fill(size: Size, seed: int) -> float | None:
    from django.core.management import call_command

    from pilotline.desks.people.queries import is_demonstration

    if is_demonstration():
        return None
    began = time.process_time()
    call_command("load_demonstration", cases=size.cases, facilities=size.facilities, seed=seed)
    spent = time.process_time() - began
    _deliver()
    return spent


def _deliver() -> None:
    """What the worker would do: hand out all news."""
    from django.utils import timezone

    from pilotline.desks.journal.services import deliver_due

    while deliver_due(now=timezone.now()):
        pass
