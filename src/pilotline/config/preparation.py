"""Brings an opened installation up to date: tables, rulebook, static files, demonstration.

Done under a lock in the database, so that two servers started together do it once; every step
may be cut short anywhere and is taken up again by the next start.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from pilotline.config.words import _, say
from pilotline.desks.journal import queries as journal
from pilotline.desks.journal import services
from pilotline.kernel.actor import SYSTEM
from pilotline.rulebook.check import read_sound

LOCK = 0x50494C4F54  # any number, as long as every server takes the same


def prepare(*, demonstration: bool) -> None:
    """Migrate, publish the first rulebook, and fill an empty database where that is wanted."""
    with _lock():
        _migrate()
        place = settings.HOME / "demonstration"
        if demonstration and not journal.has_release() and not place.exists():
            place.write_text("started")
        if not journal.has_release():
            _publish_first()
        if place.exists() and place.read_text() == "started":
            _demonstrate(place)
        _collect_static()


@contextmanager
def _lock() -> Iterator[None]:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as lock:
        row = lock.execute("SELECT pg_try_advisory_lock(%s)", [LOCK]).fetchone()
        if row != (True,):
            say(_("Another process is bringing this database up to date; waiting for it"))
            lock.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        yield


def pending_migrations() -> list[str]:
    """Names of the migrations that this release has and the database has not."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [str(migration) for migration, _backwards in plan]


def _migrate() -> None:
    pending = pending_migrations()
    if pending:
        say(_("Bringing the tables up to date ({count} steps)").format(count=len(pending)))
        call_command("migrate", verbosity=0, interactive=False)


def _publish_first() -> None:
    folder = rulebook_folder()
    say(_("Publishing the rulebook {folder}").format(folder=folder))
    book = read_sound(folder)
    services.publish_release(who=SYSTEM, content=book.to_content(), now=timezone.now())


def rulebook_folder() -> Path:
    """The region's folder that the settings name."""
    return Path(settings.RULEBOOKS) / settings.RULEBOOK_REGION


def _demonstrate(place: Path) -> None:
    # The marker stays "started" until the first step is there: a load that was killed begins
    # again with the next start. The later parts are the worker's, who keeps them in his queue.
    say(_("Loading the demonstration province; this takes a moment, once"))
    call_command("load_demonstration", later=True)
    place.write_text("finished")
    say(_("More cases, prices, bookings, orders, calls and projects follow in the background"))


def _collect_static() -> None:
    stamp = settings.HOME / "static.stamp"
    wanted = _static_digest()
    if stamp.exists() and stamp.read_text() == wanted and Path(settings.STATIC_ROOT).is_dir():
        return
    say(_("Collecting the static files"))
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(wanted)


def _static_digest() -> str:
    """Changes when any static file does."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            stat = os.stat(storage.path(name))
            digest.update(f"{storage.path(name)} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()
