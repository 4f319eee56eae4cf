"""Which database: the one that DATABASE_URL names, or our own embedded one."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from pilotline.config.postgres import Cluster
from pilotline.config.programs import OLDEST, DatabaseTrouble
from pilotline.config.words import _


@contextmanager
def database(home: Path, *, durable: bool = True) -> Iterator[Cluster | None]:
    """A reachable database in DATABASE_URL for as long as the block lasts.

    Yields our own server, or None when the database is somebody else's to keep running.
    Raises DatabaseTrouble when it cannot be reached or is too old.
    """
    if os.environ.get("DATABASE_URL"):
        check_given(os.environ["DATABASE_URL"])
        yield None
        return
    cluster = Cluster(home, durable=durable)
    cluster.enter()
    os.environ["DATABASE_URL"] = cluster.url
    try:
        yield cluster
    finally:
        os.environ.pop("DATABASE_URL", None)
        cluster.leave()


def check_given(url: str) -> None:
    """Refuse a database that does not answer or is older than what we write SQL for."""
    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            version = connection.info.server_version // 10_000
    except psycopg.Error as error:
        raise DatabaseTrouble(
            _("The database of DATABASE_URL does not answer: {reason}").format(
                reason=str(error).strip()
            )
        ) from error
    if version < OLDEST:
        raise DatabaseTrouble(
            _("PostgreSQL {oldest} or newer is needed; DATABASE_URL is a {version}.").format(
                oldest=OLDEST, version=version
            )
        )
