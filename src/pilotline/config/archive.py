"""A backup: one tar with the database, the attachments and a manifest of every part's hash.

The database is dumped first, at one moment; attachments are written before the row that names
them and never changed, so the files read afterwards hold at least all that the dump speaks of.
"""

import hashlib
import io
import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import IO, NamedTuple

import psycopg
from psycopg.conninfo import conninfo_to_dict

from pilotline import __version__
from pilotline.config.programs import Programs, find_programs, run, surroundings
from pilotline.config.words import _
from pilotline.kernel.errors import PilotlineError

FORMAT = 1
MANIFEST = "manifest.json"
DUMP = "database.dump"
ATTACHMENTS = "attachments"
CHUNK = 1 << 20
VARIABLES = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "options": "PGOPTIONS",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "passfile": "PGPASSFILE",
}
# The first line that a newer pg_restore writes and an older server does not know.
TOO_NEW_FOR = ((17, "SET transaction_timeout = 0;"),)


class BrokenBackup(PilotlineError):
    """The backup cannot be used."""

    code = "broken-backup"


class Part(NamedTuple):
    sha256: str
    size: int


class _Counted:
    """A file that counts and hashes what is read from it, so that each is read only once."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self._digest = hashlib.sha256()
        self.size = 0

    def read(self, size: int = -1) -> bytes:
        data = self._source.read(size)
        self._digest.update(data)
        self.size += len(data)
        return data

    def part(self) -> Part:
        return Part(self._digest.hexdigest(), self.size)


def write_backup(*, url: str, attachments: Path, target: Path, now: datetime) -> int:
    """Write the backup; returns the number of its parts. The file appears whole or not at all."""
    draft = target.with_name(f"{target.name}.part")
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        dump = Path(folder) / DUMP
        _dump(url, dump)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            parts = _pack(out, dump, attachments, now)
            out.flush()
            os.fsync(out.fileno())
    draft.replace(target)
    return len(parts)


def _pack(out: IO[bytes], dump: Path, attachments: Path, now: datetime) -> dict[str, Part]:
    parts: dict[str, Part] = {}
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        parts[DUMP] = _add(tar, dump, DUMP)
        for path in sorted(p for p in attachments.rglob("*") if p.is_file()):
            name = f"{ATTACHMENTS}/{path.relative_to(attachments).as_posix()}"
            parts[name] = _add(tar, path, name)
        manifest = {
            "format": FORMAT,
            "pilotline": __version__,
            "made_at": now.isoformat(),
            "parts": {name: part._asdict() for name, part in parts.items()},
        }
        text = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
        info = tarfile.TarInfo(MANIFEST)
        info.size = len(text)
        tar.addfile(info, io.BytesIO(text))
    return parts


def _add(tar: tarfile.TarFile, path: Path, name: str) -> Part:
    with path.open("rb") as source:
        counted = _Counted(source)
        info = tarfile.TarInfo(name)
        info.size = os.fstat(source.fileno()).st_size
        info.mode = 0o600
        tar.addfile(info, counted)  # type: ignore[arg-type]  it only ever reads
        return counted.part()


def unpack(source: Path, folder: Path) -> dict[str, Part]:
    """Unpack into an empty folder and check every part against the manifest.

    Raises BrokenBackup for a file that is no backup, is cut short, or was changed.
    """
    try:
        with tarfile.open(source, "r:") as tar:
            for member in tar:
                _extract(tar, member, folder)
        manifest = json.loads((folder / MANIFEST).read_text())
        wanted = {name: Part(**part) for name, part in manifest["parts"].items()}
    except (OSError, tarfile.TarError, ValueError, KeyError, TypeError) as error:
        raise BrokenBackup(
            _("{file} is not a whole Pilotline backup: {reason}").format(file=source, reason=error)
        ) from error
    if manifest.get("format") != FORMAT:
        raise BrokenBackup(_("{file} was written by another release.").format(file=source))
    faults = _differences(folder, wanted)
    if faults:
        raise BrokenBackup(
            _("The backup was changed or damaged: {parts}").format(parts=", ".join(faults))
        )
    return wanted


def _extract(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """One plain file, inside the folder. (Python 3.11.2 has no filter that would see to it.)"""
    place = (folder / member.name).resolve()
    source = tar.extractfile(member) if member.isreg() else None
    if source is None or not place.is_relative_to(folder.resolve()):
        raise tarfile.ExtractError(member.name)
    place.parent.mkdir(parents=True, exist_ok=True)
    with source, place.open("xb") as target:
        shutil.copyfileobj(source, target, CHUNK)


def _differences(folder: Path, wanted: Mapping[str, Part]) -> list[str]:
    there = {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and path != folder / MANIFEST
    }
    wrong = [n for n in wanted if n in there and part_of(folder / n) != wanted[n]]
    return sorted({*wrong, *(set(wanted) ^ there)})


def part_of(path: Path) -> Part:
    with path.open("rb") as source:
        counted = _Counted(source)
        while counted.read(CHUNK):
            pass
        return counted.part()


def restore_database(*, url: str, dump: Path) -> None:
    """Replace everything in the database by the dump, in one transaction: whole or not at all."""
    programs = find_programs()
    with psycopg.connect(url) as connection:
        server = connection.info.server_version // 10_000
    script = dump.with_suffix(".sql")
    argv = programs.argv("pg_restore", "--no-owner", "--no-privileges", "-f", script, dump)
    _checked(argv)
    start = dump.with_name("start.sql")
    start.write_text("DROP SCHEMA public CASCADE; CREATE SCHEMA public;\n")
    _leave_out(script, [line for first, line in TOO_NEW_FOR if server < first])
    options = ["-X", "-q", "-v", "ON_ERROR_STOP=1", "--single-transaction"]
    _checked(programs.argv("psql", *options, "-f", start, "-f", script), url)


def _leave_out(script: Path, lines: list[str]) -> None:
    if not lines:
        return
    kept = script.with_suffix(".kept")
    unwanted = {f"{line}\n" for line in lines}
    with script.open() as source, kept.open("w") as target:
        # Only the head: further down the same words could be somebody's data.
        for number, line in enumerate(source):
            if number > 60 or line not in unwanted:
                target.write(line)
    kept.replace(script)


def _dump(url: str, target: Path) -> None:
    programs: Programs = find_programs()
    _checked(programs.argv("pg_dump", "-Fc", "--no-owner", "--no-privileges", "-f", target), url)


def _checked(argv: list[str], url: str = "") -> None:
    # In the environment, because everybody on the machine can read a command line's password.
    given = {k: str(v) for k, v in conninfo_to_dict(url).items() if v is not None}
    known = {VARIABLES[k]: v for k, v in given.items() if k in VARIABLES}
    done = run(argv, env=surroundings() | known | {"PGCONNECT_TIMEOUT": "10"})
    if done.returncode:
        raise PilotlineError(
            _("{program} failed: {reason}").format(
                program=Path(argv[0]).name, reason=done.stderr.strip()[-2000:]
            )
        )
