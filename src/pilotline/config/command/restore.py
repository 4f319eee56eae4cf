"""`pilotline restore FILE`: give back what a backup holds, into an empty database."""

import argparse
import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from pilotline.config.archive import ATTACHMENTS, DUMP, restore_database, unpack
from pilotline.config.command.journal import verify
from pilotline.config.opening import claim_data_folder, opened
from pilotline.config.words import _, say
from pilotline.kernel.errors import PilotlineError


def declare(commands: Any) -> None:
    parser = commands.add_parser("restore", help=_("give back what a backup holds"))
    parser.add_argument("file", type=Path)
    parser.add_argument(
        "--replace", action="store_true", help=_("even where the database is not empty")
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    home = claim_data_folder()
    with _nobody_serves(home), opened(), tempfile.TemporaryDirectory(dir=home) as name:
        folder = Path(name)
        url = os.environ["DATABASE_URL"]
        if not arguments.replace and not _is_empty(url):
            raise PilotlineError(
                _("The database is not empty. --replace throws away what it holds.")
            )
        say(_("Checking the backup {file}").format(file=arguments.file))
        parts = unpack(arguments.file, folder)
        say(_("Restoring {count} parts").format(count=len(parts)))
        # Attachments first: files without a row do no harm, rows without their file do.
        _give_back(folder / ATTACHMENTS, home / ATTACHMENTS)
        restore_database(url=url, dump=folder / DUMP)
        return verify()


def _is_empty(url: str) -> bool:
    with psycopg.connect(url) as connection:
        found = connection.execute(
            "SELECT 1 FROM pg_tables WHERE schemaname = 'public' LIMIT 1"
        ).fetchone()
    return found is None


def _give_back(source: Path, target: Path) -> None:
    """Put each file in its place; one that is there already is replaced in one move."""
    for path in sorted(p for p in source.rglob("*") if p.is_file()):
        place = target / path.relative_to(source)
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.replace(place)


@contextmanager
def _nobody_serves(home: Path) -> Iterator[None]:
    with (home / "serve.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise PilotlineError(_("Stop the running service first.")) from error
        yield
